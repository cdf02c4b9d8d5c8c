/** Recordings that were made in the room. */
import type { MemberId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { and, eq, getTableColumns, inArray, isNotNull, isNull, sql } from './drizzle.cjs';
import { voiceRecordings } from './schema.ts';

type Row = typeof voiceRecordings.$inferSelect;
/** All of one but its sound. */
export type VoiceRow = Omit<Row, 'ogg'>;
type OfText = { language: string; key: string };

const { ogg: _, ...bare } = getTableColumns(voiceRecordings);

/** Of a language, or of all. */
export function allVoices(db: Db | Tx, language?: string): Promise<VoiceRow[]> {
  const all = db.select(bare).from(voiceRecordings);
  return language === undefined ? all : all.where(eq(voiceRecordings.language, language));
}

/** Which there are, in a word that is another one after each change. */
export async function voicesStand(db: Db): Promise<string> {
  const [row] = await db
    .select({
      stand: sql<string>`md5(string_agg(${voiceRecordings.id} || coalesce(${voiceRecordings.heardAt}::text, ''), ' ' order by ${voiceRecordings.id}))`,
    })
    .from(voiceRecordings);
  return row?.stand ?? '';
}

/** Of these pieces (`language/key`) the recording that counts, if there is one. */
export function countedVoices(
  db: Db | Tx,
  pieces: readonly string[],
): Promise<{ id: string; piece: string }[]> {
  const piece = sql<string>`${voiceRecordings.language} || '/' || ${voiceRecordings.key}`;
  return db
    .select({ id: voiceRecordings.id, piece })
    .from(voiceRecordings)
    .where(and(isNotNull(voiceRecordings.heardAt), inArray(piece, [...pieces])));
}

export async function soundOfVoice(db: Db | Tx, id: string): Promise<Uint8Array | undefined> {
  const [row] = await db
    .select({ ogg: voiceRecordings.ogg })
    .from(voiceRecordings)
    .where(eq(voiceRecordings.id, id));
  return row?.ogg;
}

const isOf = ({ language, key }: OfText) =>
  and(eq(voiceRecordings.language, language), eq(voiceRecordings.key, key));

/** Keeps what waits for a second person, in the place of what waited before. */
export async function keepVoice(tx: Tx, row: Row): Promise<void> {
  await tx.delete(voiceRecordings).where(and(isOf(row), isNull(voiceRecordings.heardAt)));
  await tx.insert(voiceRecordings).values(row);
}

/** What waits for a second person, its row locked. */
export async function lockWaitingVoice(tx: Tx, id: string): Promise<VoiceRow | undefined> {
  const [row] = await tx
    .select(bare)
    .from(voiceRecordings)
    .where(and(eq(voiceRecordings.id, id), isNull(voiceRecordings.heardAt)))
    .for('update');
  return row;
}

/** One that counts, its row locked. */
export async function lockCountedVoice(tx: Tx, id: string): Promise<VoiceRow | undefined> {
  const [row] = await tx
    .select(bare)
    .from(voiceRecordings)
    .where(and(eq(voiceRecordings.id, id), isNotNull(voiceRecordings.heardAt)))
    .for('update');
  return row;
}

export async function dropVoice(tx: Tx, id: string): Promise<void> {
  await tx.delete(voiceRecordings).where(eq(voiceRecordings.id, id));
}

/** It counts from now on, and what counted before goes. */
export async function countVoice(
  tx: Tx,
  { id, ...text }: OfText & { id: string },
  heard: { heardBy: MemberId; heardAt: Date; mac: Uint8Array },
): Promise<void> {
  await tx.delete(voiceRecordings).where(and(isOf(text), isNotNull(voiceRecordings.heardAt)));
  await tx.update(voiceRecordings).set(heard).where(eq(voiceRecordings.id, id));
}
