/**
 * Recordings as they travel: Ogg with Opus, one channel. Several are joined packet by packet; nothing is decoded, and no
 * voice is made.
 *
 * Invariant: of a file that came from elsewhere nothing is kept but its packets, in their order: what a player passes over at
 * the beginning, how loud it plays, where it stops, a second stream and everything said beside the sound are written here. So
 * every player plays every packet, alone or joined, and a person who has heard what was made of a file has heard all of it.
 *
 * The library is loaded when the first recording is looked at: most processes never do. A minute has three thousand packets: what
 * goes through them lets others have their turn again and again, for the same process pages people.
 */
import type { VoiceNote } from '../../channels/channel.ts';

export const SAMPLES_A_SECOND = 48_000;
/** One frame of silence of 20 ms, in Opus (RFC 6716: full band, one channel, nothing coded). */
const SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe);
/** Frames between two pieces: a third of a second, so that an answer and its number are heard apart. */
const PAUSE_FRAMES = 16;

/** What a player passes over at the beginning: what an encoder puts in front of a voice, too short for a word. */
const SKIPPED = 312;
/** Longer than any note that is joined here may last; what lasts longer is not looked at packet by packet. */
const LONGEST_LOOK = 600;

/** Packets in one go. */
const TURN = 100;
const othersFirst = () => new Promise<void>((done) => setImmediate(done));

export type Measured = { ok: true; seconds: number } | { ok: false; why: 'not_opus' | 'not_mono' };

/** What a file is, and how long its packets play. */
export async function measure(bytes: Uint8Array): Promise<Measured> {
  const opened = await open(bytes);
  return opened.ok ? { ok: true, seconds: lasting(opened.packets) } : opened;
}

export type Remade = { ok: true; note: VoiceNote } | { ok: false; why: 'not_opus' | 'not_mono' | 'too_long' };

/** The same packets in a file of our own. `longest`: seconds. */
export async function remake(bytes: Uint8Array, longest = LONGEST_LOOK): Promise<Remade> {
  const opened = await open(bytes);
  if (!opened.ok) return opened;
  if (lasting(opened.packets) > longest) return { ok: false, why: 'too_long' };
  return { ok: true, note: await written(opened.packets) };
}

/** One voice note of several recordings, in this order, with a short pause between them. Throws for what is no recording. */
export async function join(recordings: readonly Uint8Array[]): Promise<VoiceNote> {
  const opened = await Promise.all(recordings.map(open));
  const pause = Array.from({ length: PAUSE_FRAMES }, () => SILENCE);
  const packets = opened.flatMap((each, index) => {
    if (!each.ok) throw new Error('a recording is none');
    return index > 0 ? [...pause, ...each.packets] : each.packets;
  });
  if (packets.length === 0) throw new Error('nothing is to be joined');
  return written(packets);
}

const lasting = (packets: readonly Uint8Array[]): number =>
  packets.reduce((sum, packet) => sum + secondsOf(packet), 0) - SKIPPED / SAMPLES_A_SECOND;

async function written(packets: readonly Uint8Array[]): Promise<VoiceNote> {
  const { BufferTarget, EncodedAudioPacketSource, EncodedPacket, OggOutputFormat, Output } = await import(
    'mediabunny'
  );
  const target = new BufferTarget();
  const output = new Output({ format: new OggOutputFormat(), target });
  const source = new EncodedAudioPacketSource('opus');
  output.addAudioTrack(source);
  await output.start();
  const meta = { decoderConfig: CONFIG };
  let at = 0;
  for (const [n, packet] of packets.entries()) {
    if (n % TURN === 0) await othersFirst();
    const seconds = secondsOf(packet);
    await source.add(new EncodedPacket(packet, 'key', at, seconds), meta);
    at += seconds;
  }
  await output.finalize();
  if (!target.buffer) throw new Error('a file that was finalised has bytes');
  return { bytes: new Uint8Array(target.buffer), seconds: lasting(packets) };
}

/** The head of every file that is made here (RFC 7845, 5.1): version 1, one channel, nothing louder or softer. */
const CONFIG: AudioDecoderConfig = {
  codec: 'opus',
  numberOfChannels: 1,
  sampleRate: SAMPLES_A_SECOND,
  description: headOf(),
};

function headOf(): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(19);
  head.set(new TextEncoder().encode('OpusHead'));
  const view = new DataView(head.buffer);
  view.setUint8(8, 1);
  view.setUint8(9, 1);
  view.setUint16(10, SKIPPED, true);
  view.setUint32(12, SAMPLES_A_SECOND, true);
  return head;
}

type Opened = { ok: true; packets: Uint8Array[] } | { ok: false; why: 'not_opus' | 'not_mono' };
const NO_OPUS: Opened = { ok: false, why: 'not_opus' };

/** The packets of a file, whatever else it says. */
export async function open(bytes: Uint8Array): Promise<Opened> {
  const { BufferSource, EncodedPacketSink, Input, OGG } = await import('mediabunny');
  try {
    const input = new Input({ formats: [OGG], source: new BufferSource(new Uint8Array(bytes)) });
    const track = await input.getPrimaryAudioTrack();
    if (track?.codec !== 'opus') return NO_OPUS;
    if (track.numberOfChannels !== 1) return { ok: false, why: 'not_mono' };
    const packets: Uint8Array[] = [];
    for await (const { data } of new EncodedPacketSink(track).packets()) {
      if (packets.length % TURN === 0) await othersFirst();
      packets.push(data);
    }
    if (packets.length === 0 || !packets.every(isWhole)) return NO_OPUS;
    if (packets.some(isStereo)) return { ok: false, why: 'not_mono' };
    return { ok: true, packets: packets.map(withoutPadding) };
  } catch {
    // What the library cannot read is no recording, whatever it is.
    return NO_OPUS;
  }
}

/** Milliseconds of one frame, by the five bits that begin a packet (RFC 6716, table 2). */
const SILK = [10, 20, 40, 60];
const HYBRID = [10, 20];
const CELT = [2.5, 5, 10, 20];

/** Of two channels a player makes one, and what they say against each other is gone. */
const isStereo = ([toc = 0]: Uint8Array): boolean => (toc & 4) !== 0;

/** Longest frame, and longest packet (RFC 6716, 3.4: R2, R5). */
const MOST_BYTES = 1_275;
const MOST_SECONDS = 0.12;

/**
 * Whether every decoder takes a packet for the same (RFC 6716, 3.2 and 3.4): what one plays and another one refuses is heard
 * by some only.
 */
function isWhole(packet: Uint8Array): boolean {
  const [toc] = packet;
  if (toc === undefined || secondsOf(packet) > MOST_SECONDS + 1e-9) return false;
  const rest = packet.length - 1;
  switch (toc & 3) {
    case 0:
      return rest <= MOST_BYTES;
    case 1:
      return rest % 2 === 0 && rest / 2 <= MOST_BYTES;
    case 2:
      return areFrames(packet, 1, packet.length, 2, true);
    default:
      return isManyWhole(packet);
  }
}

/** Of a packet of code 3: where its frames lie. Undefined: its padding ends nowhere. */
function framesIn(packet: Uint8Array): { from: number; end: number } | undefined {
  let from = 2;
  let padding = 0;
  if ((packet[1] ?? 0) & 0x40)
    for (let byte = 255; byte === 255; ) {
      byte = packet[from] ?? -1;
      if (byte < 0) return undefined;
      padding += byte === 255 ? 254 : byte;
      from += 1;
    }
  const end = packet.length - padding;
  return end < from ? undefined : { from, end };
}

/** Code 3: a byte with their number, padding, frames of one length or of several. */
function isManyWhole(packet: Uint8Array): boolean {
  const [, count = 0] = packet;
  const frames = count & 0x3f;
  const found = framesIn(packet);
  return found !== undefined && frames > 0 && areFrames(packet, found.from, found.end, frames, count >= 0x80);
}

/** What newer decoders play out of the padding, older ones pass over. */
function withoutPadding(packet: Uint8Array): Uint8Array {
  const [toc = 0, count = 0] = packet;
  const found = (toc & 3) === 3 && count & 0x40 ? framesIn(packet) : undefined;
  return found ? Uint8Array.of(toc, count & ~0x40, ...packet.subarray(found.from, found.end)) : packet;
}

/** Whether so many frames fill these bytes; those of several lengths say them in front, all but the last. */
function areFrames(
  packet: Uint8Array,
  from: number,
  end: number,
  frames: number,
  areSeveral: boolean,
): boolean {
  if (!areSeveral) return (end - from) % frames === 0 && (end - from) / frames <= MOST_BYTES;
  let at = from;
  let size = 0;
  for (let n = 1; n < frames; n++) {
    const [first = -1, second = -1] = packet.subarray(at, Math.min(at + 2, end));
    const isLong = first >= 252;
    if (first < 0 || (isLong && second < 0)) return false;
    size += isLong ? second * 4 + first : first;
    at += isLong ? 2 : 1;
  }
  const last = end - at - size;
  return last >= 0 && last <= MOST_BYTES;
}

/** How long a packet plays, as its first bytes say (RFC 6716, 3.1). */
export function secondsOf(packet: Uint8Array): number {
  const [toc = 0, count = 0] = packet;
  const config = toc >> 3;
  const frame = config < 12 ? SILK[config % 4] : config < 16 ? HYBRID[config % 2] : CELT[config % 4];
  const frames = [1, 2, 2, count & 0x3f][toc & 3] ?? 1;
  return ((frame ?? 0) * frames) / 1_000;
}
