/** A voice note for machines without a microphone: three seconds that rise and fall like speech, as WAV. */
const RATE = 8_000;
export const SAMPLE_SECONDS = 3;

export function sampleVoice(): Blob {
  const samples = RATE * SAMPLE_SECONDS;
  const view = new DataView(new ArrayBuffer(44 + samples * 2));
  writeHeader(view, samples);
  let phase = 0;
  for (let n = 0; n < samples; n += 1) {
    const t = n / RATE;
    phase += (2 * Math.PI * (150 + 35 * Math.sin(2.1 * t) + 18 * Math.sin(7.3 * t))) / RATE;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 2.4 * t)) ** 0.6;
    const voice = Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.25 * Math.sin(3 * phase);
    view.setInt16(44 + n * 2, voice * syllable * 9_000, true);
  }
  return new Blob([view.buffer], { type: 'audio/wav' });
}

function writeHeader(view: DataView, samples: number): void {
  const word = (at: number, text: string) => {
    for (let n = 0; n < text.length; n += 1) view.setUint8(at + n, text.charCodeAt(n));
  };
  word(0, 'RIFF');
  view.setUint32(4, 36 + samples * 2, true);
  word(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, 'data');
  view.setUint32(40, samples * 2, true);
}
