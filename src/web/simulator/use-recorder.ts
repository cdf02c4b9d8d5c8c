import { useEffect, useRef, useState } from 'preact/hooks';

export type Recording = { blob: Blob; seconds: number };

export type Recorder = {
  /** Seconds so far; null: not recording. */
  seconds: number | null;
  /** False: there is no microphone, or the person said no. */
  start: () => Promise<boolean>;
  finish: () => Promise<Recording | null>;
  cancel: () => void;
};

/** Longest voice note, in seconds: it then ends by itself and waits to be sent. */
const LONGEST = 300;

type Running = { recorder: MediaRecorder; chunks: Blob[]; began: number };

/** Records from the microphone. What was recorded stays in this page until it is sent. */
export function useRecorder(): Recorder {
  const running = useRef<Running | null>(null);
  const [seconds, setSeconds] = useState<number | null>(null);
  const isOn = seconds !== null;

  useEffect(() => {
    if (!isOn) return undefined;
    const timer = setInterval(() => {
      const now = running.current;
      if (now?.recorder.state !== 'recording') return;
      const length = (performance.now() - now.began) / 1000;
      setSeconds(Math.floor(length));
      if (length >= LONGEST) now.recorder.stop();
    }, 250);
    return () => clearInterval(timer);
  }, [isOn]);
  useEffect(() => () => release(running.current), []);

  const end = () => {
    release(running.current);
    running.current = null;
    setSeconds(null);
  };

  return {
    seconds,
    cancel: end,
    async start() {
      const begun = await begin().catch(() => null);
      running.current = begun;
      if (begun) setSeconds(0);
      return begun !== null;
    },
    async finish() {
      const now = running.current;
      if (!now) return null;
      const length = (performance.now() - now.began) / 1000;
      await stopped(now.recorder);
      // `audio/webm;codecs=opus`: the service needs no more than the first part.
      const type = now.recorder.mimeType.split(';')[0] || 'audio/webm';
      end();
      return { blob: new Blob(now.chunks, { type }), seconds: Math.max(1, Math.round(length)) };
    },
  };
}

async function begin(): Promise<Running> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream);
  const chunks: Blob[] = [];
  recorder.ondataavailable = ({ data }) => chunks.push(data);
  recorder.start(500);
  return { recorder, chunks, began: performance.now() };
}

function stopped(recorder: MediaRecorder): Promise<void> {
  if (recorder.state === 'inactive') return Promise.resolve();
  return new Promise((resolve) => {
    recorder.onstop = () => resolve();
    recorder.stop();
  });
}

/** Lets go of the microphone, so that the browser stops showing that it listens. */
function release(running: Running | null): void {
  if (!running) return;
  if (running.recorder.state !== 'inactive') running.recorder.stop();
  for (const track of running.recorder.stream.getTracks()) track.stop();
}
