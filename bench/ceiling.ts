/** The ceiling: bare transactions that write as many rows as intake did into copies of its tables. */
import { randomBytes, randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { timed } from './world.ts';

const NAMED: readonly string[] = ['inbox', 'contacts', 'conversations', 'deliveries'];

/** Rows inserted and updated so far, by table; the small rest is one number. */
export async function written(sql: postgres.Sql): Promise<Record<string, number>> {
  // Counters of other connections arrive within a second.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const found = await sql<{ name: string; n: number }[]>`
    select relname as name, (n_tup_ins + n_tup_upd)::int as n from pg_stat_user_tables`;
  const sums: Record<string, number> = Object.fromEntries([...NAMED, 'others'].map((name) => [name, 0]));
  for (const { name, n } of found) {
    const key = NAMED.includes(name) ? name : 'others';
    sums[key] = (sums[key] ?? 0) + n;
  }
  return sums;
}

type Plan = { count: number; contacts: number; atOnce: number; rows: Record<string, number> };

/**
 * The tables are copies with the same columns, checks and indexes (not the foreign keys); one statement a row,
 * pipelined; no reading, no thinking, no sealing, and nobody who sends. What intake writes beside its four
 * tables is written as further deliveries.
 */
export async function bare(
  sql: postgres.Sql,
  { count, contacts, atOnce, rows }: Plan,
): Promise<{ each: number[]; seconds: number }> {
  const people = await copies(sql, contacts);
  const [size] = await sql`select coalesce(avg(length(state_sealed)), 1024)::int as state from conversations`;
  const perMessage = (rows.deliveries ?? 1) + (rows.others ?? 0);
  const all = Array.from({ length: count }, (_, n) => n);
  return timed(all, atOnce, async (n) => {
    const contact = people[n % contacts] ?? '';
    const now = new Date();
    // So many that their average is what intake writes.
    const deliveries = Math.floor((n + 1) * perMessage) - Math.floor(n * perMessage);
    await sql.begin(async (tx) => {
      await Promise.all([
        tx`insert into bare_inbox (channel, message_index, received_at, state)
           values ('telegram', ${randomBytes(32)}, ${now}, 'handled')`,
        tx`update bare_contacts set flood_count = flood_count + 1 where id = ${contact}`,
        tx`update bare_conversations set state_sealed = ${randomBytes(size?.state)}, updated_at = ${now}
           where contact_id = ${contact}`,
        ...Array.from(
          { length: deliveries },
          () => tx`insert into bare_deliveries (contact_id, class, state, body_sealed, due_at, created_at)
                   values (${contact}, 2, 'sent', ${randomBytes(540)}, ${now}, ${now})`,
        ),
      ]);
    });
  });
}

/** Makes the copies and one contact with a conversation for each id that is returned. */
async function copies(sql: postgres.Sql, contacts: number): Promise<string[]> {
  for (const name of NAMED) await sql`create table ${sql(`bare_${name}`)} (like ${sql(name)} including all)`;
  const ids = Array.from({ length: contacts }, () => randomUUID());
  for (const id of ids) {
    await sql`insert into bare_contacts (id, channel, address_index, address_sealed, created_at)
              values (${id}, 'telegram', ${randomBytes(32)}, ${randomBytes(60)}, now())`;
    await sql`insert into bare_conversations (contact_id, epoch_id, state_sealed, updated_at)
              values (${id}, ${id}, ${randomBytes(1_024)}, now())`;
  }
  return ids;
}
