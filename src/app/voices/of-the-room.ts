/**
 * Recordings that were made in the room, as they are heard.
 *
 * Invariants: which of them count is said by the changes alone (`src/app/changes`), with the hash of the bytes: a row that was
 * put in, put back or moved is not heard, nor are other bytes. Of recordings from before the changes said it (0035) one counts
 * if the server made its row, the signed log names it last and has no hole from there to its end, and no change and no fault is
 * about it: as it counted then, but only if it plays as long as its packets do, since the second person heard the file.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../../crypto/keyring.ts';
import { earlierNotesOfVoices } from '../../db/audit.ts';
import type { Db, Tx } from '../../db/database.ts';
import { soundOfVoice, type VoiceRow, voicesByPage } from '../../db/voice-recordings.ts';
import { isMeant, nameOf, type TextState } from '../changes/states.ts';
import type { Fault } from '../changes/what-holds.ts';
import type { Found, Recording } from '../ground/voices.ts';
import { ownByMark, wholeDownTo } from '../records/audit-end.ts';
import { asHeard } from './as-heard.ts';
import { pieceName } from './recordings.ts';

type Keys = { keyring: Keyring };
/** What the changes come to. */
type Said = { states: ReadonlyMap<string, TextState>; faults: readonly Fault[] };

export const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The sound of a row, if these are the bytes that are meant. */
export async function soundOf(
  db: Db | Tx,
  { id, sha256 }: { id: string; sha256: string },
): Promise<Uint8Array | undefined> {
  const bytes = await soundOfVoice(db, id);
  return bytes && digest(bytes) === sha256 ? bytes : undefined;
}

/**
 * What was recorded in the room and counts, by piece; names of what the server did not make, or does not stand for. `unheard`: from
 * before 0035, where nobody had said yes yet, or the log does not tell any more whether it was withdrawn.
 */
export async function voicesOfRoom(
  db: Db,
  keys: Keys,
  said: Said,
): Promise<Found & { unheard: readonly string[] }> {
  const { states } = said;
  const used = new Set<string>();
  for (const { voice } of states.values())
    for (const each of [voice?.waits, voice?.counts]) if (each) used.add(each.recording.id);
  const { there, ours, strange } = await sorted(db, keys, said, used);
  const found = new Map<string, Recording>();
  for (const { language, key, voice } of states.values()) {
    if (!voice?.counts) continue;
    const { recording, by, at, seq } = voice.counts;
    const { id, version, size, ms } = recording;
    const piece = pieceName({ language, key });
    if (!there.has(id)) strange.push(piece);
    const read = async () => (await soundOf(db, recording)) ?? new Uint8Array();
    found.set(piece, {
      language,
      key,
      version,
      source: 'workbench',
      size,
      made: { id, seq, by, at, ms },
      read,
    });
  }
  const { heard, unheard } = await earlier(db, keys, ours);
  for (const row of heard) {
    const { id, language, key, version, size, ms, recordedBy: by, recordedAt: at, sha256 } = row;
    const read = async () => {
      const bytes = await soundOf(db, { id, sha256: Buffer.from(sha256).toString('hex') });
      return (bytes && (await asHeard(bytes))) ?? new Uint8Array();
    };
    const made = { id, seq: 0, by, at, ms };
    found.set(pieceName(row), { language, key, version, source: 'workbench', size, made, read });
  }
  const known = new Set([...heard, ...unheard].map(({ id }) => id));
  strange.push(...ours.filter(({ id }) => !known.has(id)).map(pieceName));
  return { recordings: found, strange, unheard: unheard.map(pieceName) };
}

/** So many rows that the server does not stand for are named. */
const NAMED = 200;

type Sorted = { there: ReadonlySet<string>; ours: VoiceRow[]; strange: string[] };

/** Which rows there are, a page after the other: those in use, those from before the changes said it, and names of the others. */
async function sorted(
  db: Db,
  keys: Keys,
  { states, faults }: Said,
  used: ReadonlySet<string>,
): Promise<Sorted> {
  const there = new Set<string>();
  const ours: VoiceRow[] = [];
  const strange: string[] = [];
  const isOver = (row: VoiceRow) => states.get(nameOf(row))?.voice?.isOver || isMeant(row, faults, 0);
  for await (const page of voicesByPage(db))
    for (const row of page)
      if (used.has(row.id)) there.add(row.id);
      else if (row.mac !== null && !isOver(row) && isOurs(keys, row)) ours.push(row);
      else if (strange.length < NAMED) strange.push(pieceName(row));
  return { there, ours, strange };
}

type Earlier = { heard: VoiceRow[]; unheard: VoiceRow[] };

/** Those from before the changes said what counts: that still do, and of which that cannot be said. */
async function earlier(db: Db, { keyring }: Keys, rows: readonly VoiceRow[]): Promise<Earlier> {
  if (rows.length === 0) return { heard: [], unheard: [] };
  const pieces = new Set(rows.map(pieceName));
  const notes = new Map<string, { seq: number; recording: string }>();
  for await (const page of earlierNotesOfVoices(db))
    for (const { seq, what, detail } of await ownByMark(db, keyring, page)) {
      const piece = pieceName({ language: String(detail.language), key: String(detail.key) });
      const recording = what === 'voice_agreed' ? String(detail.recording) : '';
      if (pieces.has(piece)) notes.set(piece, { seq, recording });
    }
  const agreed = rows.flatMap((row) => {
    const note = notes.get(pieceName(row));
    return row.heardAt !== null && note?.recording === row.id ? [{ row, seq: note.seq }] : [];
  });
  // That it was withdrawn may have stood in a row that is missing.
  const from =
    agreed.length > 0 ? await wholeDownTo(db, keyring, Math.min(...agreed.map(({ seq }) => seq))) : 0;
  const heard = agreed.filter(({ seq }) => seq >= from).map(({ row }) => row);
  const waited = rows.filter(({ heardAt }) => heardAt === null);
  return { heard, unheard: [...waited, ...agreed.filter(({ seq }) => seq < from).map(({ row }) => row)] };
}

/** Whether the server made this row, with any of its keys. */
function isOurs({ keyring }: Keys, row: VoiceRow): boolean {
  const given = Buffer.from(row.mac ?? '');
  return keyring
    .indexes('voice-recording', signed(row))
    .some((mac) => mac.length === given.length && timingSafeEqual(mac, given));
}

/** Everything of a row but itself. */
const signed = ({ id, language, key, version, ms, size, sha256, ...row }: VoiceRow): string =>
  JSON.stringify([
    ...[id, language, key, version, ms, size, Buffer.from(sha256).toString('hex')],
    ...[row.recordedBy, row.recordedAt.getTime(), row.heardBy, row.heardAt?.getTime() ?? null],
  ]);
