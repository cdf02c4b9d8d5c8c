/** How alerts wait for a page and for a taker, counted: for those who watch the service, who are told of no case. */
import type { Level } from '../kernel/vocabulary.ts';
import type { Db } from './database.ts';
import { sql } from './drizzle.cjs';

export type Untaken = { level: Level; count: number; seconds: number; unpagedSeconds: number };

/**
 * Of people, and that page: neither exercises nor quiet ones. `seconds`: since the oldest present round began;
 * `unpagedSeconds`: the same of alerts of the last day of which no page has left.
 */
export async function countUntaken(db: Db, now: Date): Promise<Untaken[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const since = (moment: ReturnType<typeof sql>) =>
    sql`coalesce(extract(epoch from ${at} - ${moment}), 0)::float8`;
  return db.execute<Untaken>(sql`
    with waiting as (
      select level, round_at, raised_at > ${at} - interval '1 day' and not exists (
        select 1 from pages join deliveries on deliveries.id = pages.delivery_id
        where pages.alert_id = alerts.id and deliveries.state = 'sent') as is_unpaged
      from alerts where state = 'open' and not is_quiet and not is_drill)
    select level, count(*)::int as count, ${since(sql`min(round_at)`)} as seconds,
      ${since(sql`min(round_at) filter (where is_unpaged)`)} as "unpagedSeconds"
    from waiting group by level`);
}

/** Seconds from raising to the first page, of alerts of the last day whose first page left in this time. */
export async function firstPages(db: Db, from: Date, to: Date): Promise<number[]> {
  const [after, until] = [from, to].map((each) => sql`${each.toISOString()}::timestamptz`);
  const rows = await db.execute<{ seconds: number }>(sql`
    select extract(epoch from min(sent_at) - raised_at)::float8 as seconds
    from alerts join pages on alert_id = alerts.id join deliveries on deliveries.id = delivery_id
    where not is_drill and raised_at > ${after} - interval '1 day' and deliveries.state = 'sent'
    group by alerts.id having min(sent_at) > ${after} and min(sent_at) <= ${until}`);
  return rows.map(({ seconds }) => seconds);
}
