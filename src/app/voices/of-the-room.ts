/**
 * Recordings that were made in the room, as they are kept.
 *
 * Invariants: a row that the server did not make, or whose sound is another one, is not heard; neither is one that the signed
 * audit log does not name as the last to which a second person said yes: none that was replaced or withdrawn comes back by
 * being put back.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../../crypto/keyring.ts';
import { lastNotesOfVoices } from '../../db/audit.ts';
import type { Db, Tx } from '../../db/database.ts';
import { allVoices, countedVoices, soundOfVoice, type VoiceRow } from '../../db/voice-recordings.ts';
import type { Recording, Recordings } from '../ground/voices.ts';
import { isOwnAuditRow } from '../records/audit.ts';
import { pieceName } from './recordings.ts';

type Keys = { keyring: Keyring };

/** Everything of a row but itself. */
const signed = ({
  id,
  language,
  key,
  version,
  ms,
  size,
  sha256,
  recordedBy,
  recordedAt,
  heardBy,
  heardAt,
}: Omit<VoiceRow, 'mac'>) =>
  JSON.stringify([
    ...[id, language, key, version, ms, size, Buffer.from(sha256).toString('hex')],
    ...[recordedBy, recordedAt.getTime(), heardBy, heardAt?.getTime() ?? null],
  ]);

export const macOf = ({ keyring }: Keys, row: Omit<VoiceRow, 'mac'>): Uint8Array =>
  keyring.index('voice-recording', signed(row));

/** Whether the server made this row, with any of its keys. */
export function isOurs({ keyring }: Keys, row: VoiceRow): boolean {
  const given = Buffer.from(row.mac);
  return keyring
    .indexes('voice-recording', signed(row))
    .some((mac) => mac.length === given.length && timingSafeEqual(mac, given));
}

export const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** The sound of a row, if it is the one that was recorded. */
export async function soundOf(db: Db, row: VoiceRow): Promise<Uint8Array | undefined> {
  const bytes = await soundOfVoice(db, row.id);
  return bytes && digest(bytes).equals(Buffer.from(row.sha256)) ? bytes : undefined;
}

/** What was recorded in the room and counts; names of what the server did not make, or does not stand for any more. */
async function standing(db: Db | Tx, keys: Keys): Promise<{ used: VoiceRow[]; strange: string[] }> {
  const rows = await allVoices(db);
  const noted = rows.some(({ heardAt }) => heardAt !== null) ? await notedAsHeard(db, keys) : undefined;
  const isUsed = (row: VoiceRow) => isOurs(keys, row) && noted?.get(pieceName(row)) === row.id;
  return {
    used: rows.filter((row) => row.heardAt !== null && isUsed(row)),
    strange: rows.filter((row) => (row.heardAt === null ? !isOurs(keys, row) : !isUsed(row))).map(pieceName),
  };
}

/** By piece, the recording to which a second person said yes last, unless it was withdrawn since. */
async function notedAsHeard(db: Db | Tx, { keyring }: Keys): Promise<Map<string, string>> {
  const noted = new Map<string, string>();
  for (const row of await lastNotesOfVoices(db)) {
    const { language, key, recording } = row.detail;
    if (row.what !== 'voice_agreed' || !(await isOwnAuditRow(db, keyring.signer, row))) continue;
    noted.set(pieceName({ language: String(language), key: String(key) }), String(recording));
  }
  return noted;
}

/** What was recorded in the room and counts, by piece. */
export async function voicesOfRoom(db: Db, keys: Keys): Promise<Recordings> {
  const found = new Map<string, Recording>();
  for (const row of (await standing(db, keys)).used) {
    const { id, language, key, version, size } = row;
    const read = async () => (await soundOf(db, row)) ?? new Uint8Array();
    found.set(pieceName(row), { id, language, key, version, source: 'workbench', size, read });
  }
  return found;
}

/** Recordings that this server did not make, or does not stand for, by name: nobody hears them. */
export const strangeVoices = async (db: Db | Tx, keys: Keys): Promise<string[]> =>
  (await standing(db, keys)).strange;

/** Whether of these pieces another recording counts in the database than this process knows. */
export async function isOtherInRoom(db: Db, known: Recordings, pieces: readonly string[]): Promise<boolean> {
  const now = new Map((await countedVoices(db, pieces)).map((row) => [row.piece, row.id]));
  return pieces.some((piece) => now.get(piece) !== known.get(piece)?.id);
}
