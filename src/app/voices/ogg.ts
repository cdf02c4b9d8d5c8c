/**
 * Recordings as they travel: Ogg with Opus, one channel. Several are joined packet by packet; nothing is decoded, and no
 * voice is made.
 *
 * The library is loaded when the first recording is looked at: most processes never do.
 */
import type { VoiceNote } from '../../channels/channel.ts';

const SAMPLES_A_SECOND = 48_000;
/** One frame of silence of 20 ms, in Opus (RFC 6716: full band, one channel, nothing coded). */
const SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe);
const FRAME = 0.02;
/** Frames between two pieces: a third of a second, so that an answer and its number are heard apart. */
const PAUSE_FRAMES = 16;

export type Measured = { ok: true; seconds: number } | { ok: false; why: 'not_opus' | 'not_mono' };

/** What a file is. */
export async function measure(bytes: Uint8Array): Promise<Measured> {
  const opened = await open(bytes);
  if (!opened) return { ok: false, why: 'not_opus' };
  if (opened.channels !== 1) return { ok: false, why: 'not_mono' };
  return { ok: true, seconds: opened.seconds };
}

/** One voice note of several recordings, in this order, with a short pause between them. Throws for what is no recording. */
export async function join(recordings: readonly Uint8Array[]): Promise<VoiceNote> {
  const opened = await Promise.all(recordings.map(open));
  const [first] = opened;
  if (!first || opened.some((each) => each?.channels !== 1)) throw new Error('a recording is none');
  const { BufferTarget, EncodedAudioPacketSource, EncodedPacket, OggOutputFormat, Output } = await import(
    'mediabunny'
  );
  const target = new BufferTarget();
  const output = new Output({ format: new OggOutputFormat(), target });
  const source = new EncodedAudioPacketSource('opus');
  output.addAudioTrack(source);
  await output.start();
  const meta = { decoderConfig: first.config };
  let at = 0;
  const add = async (data: Uint8Array, seconds: number) => {
    await source.add(new EncodedPacket(data, 'key', at, seconds), meta);
    at += seconds;
  };
  for (const [index, { packets } = first] of opened.entries()) {
    if (index > 0) for (let n = 0; n < PAUSE_FRAMES; n++) await add(SILENCE, FRAME);
    for (const packet of packets) await add(packet, secondsOf(packet));
  }
  await output.finalize();
  if (!target.buffer) throw new Error('a file that was finalised has bytes');
  return { bytes: new Uint8Array(target.buffer), seconds: at - first.skipped };
}

type Opened = {
  channels: number;
  seconds: number;
  /** Seconds at the beginning that a player passes over. */
  skipped: number;
  config: AudioDecoderConfig;
  packets: Uint8Array[];
};

async function open(bytes: Uint8Array): Promise<Opened | undefined> {
  const { BufferSource, EncodedPacketSink, Input, OGG } = await import('mediabunny');
  try {
    const input = new Input({ formats: [OGG], source: new BufferSource(new Uint8Array(bytes)) });
    const track = await input.getPrimaryAudioTrack();
    const config = await track?.getDecoderConfig();
    if (track?.codec !== 'opus' || !config) return undefined;
    const packets: Uint8Array[] = [];
    for await (const { data } of new EncodedPacketSink(track).packets()) packets.push(data);
    if (packets.length === 0) return undefined;
    const seconds = await track.computeDuration();
    return { channels: track.numberOfChannels, seconds, skipped: skippedOf(config), config, packets };
  } catch {
    // What the library cannot read is no recording, whatever it is.
    return undefined;
  }
}

/** `pre-skip` of the header (RFC 7845, 5.1). */
function skippedOf({ description }: AudioDecoderConfig): number {
  if (!description) return 0;
  const head = ArrayBuffer.isView(description)
    ? new DataView(description.buffer, description.byteOffset, description.byteLength)
    : new DataView(description);
  return head.byteLength < 12 ? 0 : head.getUint16(10, true) / SAMPLES_A_SECOND;
}

/** Milliseconds of one frame, by the five bits that begin a packet (RFC 6716, table 2). */
const SILK = [10, 20, 40, 60];
const HYBRID = [10, 20];
const CELT = [2.5, 5, 10, 20];

/** How long a packet plays, as its first bytes say (RFC 6716, 3.1). */
export function secondsOf(packet: Uint8Array): number {
  const [toc = 0, count = 0] = packet;
  const config = toc >> 3;
  const frame = config < 12 ? SILK[config % 4] : config < 16 ? HYBRID[config % 2] : CELT[config % 4];
  const frames = [1, 2, 2, count & 0x3f][toc & 3] ?? 1;
  return ((frame ?? 0) * frames) / 1_000;
}
