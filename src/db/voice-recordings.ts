/** The bytes of recordings that were made in the room; what counts of them is said by the changes. */
import type { Db, Tx } from './database.ts';
import { and, eq, getTableColumns, notInArray, sql } from './drizzle.cjs';
import { isOfLength } from './lengths.ts';
import { voiceRecordings } from './schema.ts';

type Row = typeof voiceRecordings.$inferSelect;
/** All of one but its sound. */
export type VoiceRow = Omit<Row, 'ogg'>;
type OfText = { language: string; key: string };

const { ogg: _, ...bare } = getTableColumns(voiceRecordings);

const isShort = isOfLength(voiceRecordings);

export const allVoices = (db: Db | Tx): Promise<VoiceRow[]> =>
  db.select(bare).from(voiceRecordings).where(isShort);

/** Which there are, in a word that is another one after each change. */
export async function voicesStand(db: Db): Promise<string> {
  const [row] = await db
    .select({
      stand: sql<string>`md5(string_agg(${voiceRecordings.id}::text, ' ' order by ${voiceRecordings.id}))`,
    })
    .from(voiceRecordings);
  return row?.stand ?? '';
}

export async function soundOfVoice(db: Db | Tx, id: string): Promise<Uint8Array | undefined> {
  const [row] = await db
    .select({ ogg: voiceRecordings.ogg })
    .from(voiceRecordings)
    .where(and(isShort, eq(voiceRecordings.id, id)));
  return row?.ogg;
}

export async function keepVoice(tx: Tx, row: typeof voiceRecordings.$inferInsert): Promise<void> {
  await tx.insert(voiceRecordings).values(row);
}

/** Forgets the recordings of a text but these. */
export async function dropVoicesBut(
  tx: Tx,
  { language, key }: OfText,
  ids: readonly string[],
): Promise<void> {
  const { id } = voiceRecordings;
  await tx
    .delete(voiceRecordings)
    .where(
      and(
        eq(voiceRecordings.language, language),
        eq(voiceRecordings.key, key),
        ids.length > 0 ? notInArray(id, [...ids]) : undefined,
      ),
    );
}
