/**
 * One recording in the making: microphone, level, and what comes of it as Ogg with Opus of one channel.
 *
 * Nothing of it leaves this page before a member presses "save". The library that writes Ogg is fetched when a recording ends;
 * where the browser has recorded Opus itself it is only put into another file, not encoded anew.
 */

/** Longest recording, in milliseconds: then it ends by itself. */
export const LONGEST_MS = 60_000;
/** Bits a second: 45 kB for 15 seconds. */
const BITRATE = 24_000;

export type Recording = {
  /** How loud it is now, from 0 to 1. */
  level(): number;
  /** Milliseconds so far. */
  ms(): number;
  /** Ends it; undefined: this browser cannot make such a file of it. */
  finish(): Promise<Blob | undefined>;
  /** Ends it, and lets go of everything. */
  cancel(): void;
};

/** Begins; undefined: there is no microphone, or the person said no. */
export async function startRecording(): Promise<Recording | undefined> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
    });
    return recordingOf(stream);
  } catch {
    return undefined;
  }
}

function recordingOf(stream: MediaStream): Recording {
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITRATE });
  const chunks: Blob[] = [];
  recorder.ondataavailable = ({ data }) => chunks.push(data);
  recorder.start();
  const began = performance.now();
  const meter = levelOf(stream);
  const release = () => {
    if (recorder.state !== 'inactive') recorder.stop();
    // The browser stops showing that it listens.
    for (const track of stream.getTracks()) track.stop();
    meter.close();
  };
  return {
    level: meter.level,
    ms: () => performance.now() - began,
    cancel: release,
    async finish() {
      await stopped(recorder);
      release();
      return asOgg(new Blob(chunks, { type: recorder.mimeType }));
    },
  };
}

function stopped(recorder: MediaRecorder): Promise<void> {
  if (recorder.state === 'inactive') return Promise.resolve();
  return new Promise((resolve) => {
    recorder.onstop = () => resolve();
    recorder.stop();
  });
}

function levelOf(stream: MediaStream): { level(): number; close(): void } {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      const loudness = Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length);
      // Speech at a hand's width is about a fifth of what the microphone can take.
      return Math.min(1, loudness * 5);
    },
    close: () => void context.close().catch(() => undefined),
  };
}

/** The same sound as Ogg with Opus of one channel. */
async function asOgg(recorded: Blob): Promise<Blob | undefined> {
  try {
    const { BlobSource, BufferTarget, Conversion, Input, MP4, OGG, OggOutputFormat, Output, WEBM } =
      await import('mediabunny');
    const input = new Input({ formats: [WEBM, OGG, MP4], source: new BlobSource(recorded) });
    const target = new BufferTarget();
    const output = new Output({ format: new OggOutputFormat(), target });
    const conversion = await Conversion.init({
      input,
      output,
      audio: { codec: 'opus', numberOfChannels: 1 },
      video: { discard: true },
    });
    if (!conversion.isValid) return undefined;
    await conversion.execute();
    return target.buffer ? new Blob([target.buffer], { type: 'audio/ogg' }) : undefined;
  } catch {
    return undefined;
  }
}
