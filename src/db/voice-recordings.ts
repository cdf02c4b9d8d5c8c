/** The bytes of recordings that were made in the room; what counts of them is said by the changes. */
import type { Db, Tx } from './database.ts';
import { and, asc, eq, getTableColumns, gt, notInArray, type SQL, sql } from './drizzle.cjs';
import { isOfLength } from './lengths.ts';
import { voiceRecordings } from './schema.ts';

type Row = typeof voiceRecordings.$inferSelect;
/** All of one but its sound. */
export type VoiceRow = Omit<Row, 'ogg'>;
type OfText = { language: string; key: string };

const { ogg: _, ...bare } = getTableColumns(voiceRecordings);

const isShort = isOfLength(voiceRecordings);
/** All but the sound: names, a version and hashes are some hundred bytes. */
const isShortBesides = isOfLength(voiceRecordings, { but: [voiceRecordings.ogg], most: 1_000 });
const PAGE = 1_000;

/** All of them without their sound, in pages: how many there are another hand may decide. */
export async function* voicesByPage(db: Db | Tx): AsyncGenerator<VoiceRow[]> {
  const { id } = voiceRecordings;
  for (let from: SQL | undefined; ; ) {
    const page = await db
      .select(bare)
      .from(voiceRecordings)
      .where(and(isShort, isShortBesides, from))
      .orderBy(asc(id))
      .limit(PAGE);
    yield page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    from = gt(id, last.id);
  }
}

/** Which there are, in a word that is another one after each change, and of one length however many they are. */
export async function voicesStand(db: Db): Promise<string> {
  const { id } = voiceRecordings;
  const [row] = await db
    .select({
      stand: sql<string>`concat(count(*), ' ', sum(hashtextextended(${id}::text, 0)::numeric))`,
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
