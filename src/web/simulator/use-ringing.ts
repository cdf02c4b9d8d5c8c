import { useCallback, useEffect, useState } from 'preact/hooks';

/** Milliseconds between two rings, and how often a phone rings before only its frame goes on. */
const RING_EVERY = 2_200;
const RINGS = 12;

export type Ringing = {
  isRinging: boolean;
  ring: () => void;
  /** The visitor picked the phone up. */
  answer: () => void;
  hasSound: boolean;
  /** Must be called by a click: browsers allow no sound before one. */
  setSound: (on: boolean) => void;
};

/** A phone that rings: until the visitor touches it, seen by `isRinging`, heard if the sound is on. */
export function useRinging(): Ringing {
  const [isRinging, setRinging] = useState(false);
  const [sound, setContext] = useState<AudioContext | null>(null);

  useEffect(() => {
    if (!isRinging || !sound) return undefined;
    let left = RINGS;
    const once = () => {
      if (left-- > 0) chime(sound);
    };
    once();
    const timer = setInterval(once, RING_EVERY);
    return () => clearInterval(timer);
  }, [isRinging, sound]);

  useEffect(() => () => void sound?.close(), [sound]);

  return {
    isRinging,
    ring: useCallback(() => setRinging(true), []),
    answer: useCallback(() => setRinging(false), []),
    hasSound: sound !== null,
    setSound: (on) => {
      const next = on ? new AudioContext() : null;
      setContext(next);
      if (next) chime(next, 0.04);
    },
  };
}

/** Two calm tones, twice. */
function chime(context: AudioContext, volume = 0.16): void {
  const start = context.currentTime + 0.02;
  [659, 523, 659, 523].forEach((frequency, place) => {
    const at = start + place * 0.22;
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.frequency.value = frequency;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(volume, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.2);
    tone.connect(loudness).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.22);
  });
}
