import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';
import { minutes } from './times.ts';
import { useWords } from './words.ts';

/** A voice note that can be heard. The file is asked for only when the visitor presses play. */
export function Voice({ source, seconds }: { source: string; seconds: number | undefined }) {
  const { t } = useWords();
  const audio = useRef<HTMLAudioElement | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [part, setPart] = useState(0);

  useEffect(() => () => audio.current?.pause(), []);

  const toggle = () => {
    audio.current ??= player(source, setPlaying, (at, length) => setPart(at / (seconds ?? length ?? 1)));
    if (isPlaying) audio.current.pause();
    else void audio.current.play().catch(() => setPlaying(false));
  };

  return (
    <div class="voice">
      <button
        type="button"
        class="voice-button"
        onClick={toggle}
        aria-label={isPlaying ? t('phone.pause') : t('phone.play')}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} />
      </button>
      <progress class="voice-line" max={1} value={Math.min(1, part)} aria-label={t('phone.voice')} />
      <span class="voice-time">{minutes(seconds ?? 0)}</span>
    </div>
  );
}

function player(
  source: string,
  onPlaying: (isPlaying: boolean) => void,
  onTime: (at: number, length: number | undefined) => void,
): HTMLAudioElement {
  const audio = new Audio(source);
  audio.onplay = () => onPlaying(true);
  audio.onpause = () => onPlaying(false);
  audio.onended = () => onTime(0, 1);
  audio.ontimeupdate = () =>
    onTime(audio.currentTime, Number.isFinite(audio.duration) ? audio.duration : undefined);
  return audio;
}
