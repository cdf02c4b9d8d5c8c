/**
 * kill -9 in the middle of paging fifty alerts, again and again: no alert is lost, no officer is left believing that a
 * colleague has one, and what may have come twice says so.
 */
import { afterEach, expect, test } from 'vitest';
import { raised } from '../../src/alerts/progress.ts';
import { KILLS, type Killable, killing, openKillable, rest } from './killable.ts';

const ALERTS = 50;
const OFFICERS = ['Awa', 'Binta', 'Cheick'] as const;
/** Alerts that officers take before each kill. */
const TAKEN = 4;

let service: Killable | undefined;
afterEach(() => service?.close());

test(
  `${KILLS} times kill -9 while ${ALERTS} alerts are paged: each is an officer's or still rings, and phones say who`,
  async () => {
    service = await openKillable();
    const { database, telegram } = service;
    await service.start();
    const officers = [];
    for (const name of OFFICERS) officers.push(await service.officer(name));
    for (let n = 0; n < ALERTS; n++) await telegram.person(`P${n}`).says('SOS');
    await service.isQuiet();
    const references = (await database.sql<{ reference: string }[]>`select reference from alerts`).map(
      (row) => row.reference,
    );
    expect(references).toHaveLength(ALERTS);

    for (let killed = 0; killed < KILLS; killed++) {
      // Every alert is to be paged now; a few are taken meanwhile.
      const { progress } = raised(new Date());
      // One by one: all at once would wait for the service in another order than it waits for us.
      for (const reference of references)
        await database.sql`update alerts set state = 'open', taken_by = null, taken_at = null, worked_at = null,
          round_at = now(), next_step_at = now(), progress = ${JSON.stringify(progress)}::text::jsonb
          where reference = ${reference}`;
      await database.sql`select pg_notify('lakana_wake', '')`;
      for (let n = 0; n < TAKEN; n++) {
        const reference = references[Math.floor(Math.random() * ALERTS)] ?? '';
        await officers[n % officers.length]?.says(`je prends ${reference}`);
      }
      await rest(Math.random() * 600);
      await service.kill();
      await service.start();
    }

    await service.isQuiet();
    const isSettled = async () => {
      const [row] = await database.sql`select count(*)::int as count from deliveries
        where state in ('queued', 'sending') and due_at <= now() + interval '1 second'`;
      return row?.count === 0;
    };
    for (let waited = 0; !(await isSettled()); waited++) {
      expect(waited, 'everything leaves').toBeLessThan(240);
      await rest(500);
    }
    const alerts = await database.sql<{ reference: string; state: string; name: string | null }[]>`
      select a.reference, a.state, a.taken_by::text as name from alerts a`;
    const failed = await database.sql`select state, attempts, error from inbox where state <> 'handled'`;
    expect(failed, 'what could not be handled').toEqual([]);
    expect(alerts).toHaveLength(ALERTS);
    const [withoutNext] = await database.sql`select count(*)::int as count from alerts
      where state <> 'closed' and (next_step_at is null or next_step_at > now() + interval '30 minutes')`;
    expect(withoutNext?.count).toBe(0);
    // What the newest message about an alert says on each phone is what is true.
    for (const { reference, state } of alerts)
      for (const officer of officers) {
        const newest = officer.screen().findLast((text) => text.includes(reference));
        if (state === 'open' && newest)
          expect(lineAbout(newest, reference), `${reference} on the phone of ${officer.id}`).not.toMatch(
            /Prise par/,
          );
      }
    const [twice] = await database.sql`select count(*)::int as count from deliveries
      where state = 'sent' and attempts > 1 and class < 2 and action = 'send'`;
    // As they were sent: what stands on a phone may have been changed since.
    const marked = telegram
      .callsOf('sendMessage')
      .filter((call) => String(call.text).includes('peut-être déjà reçu'));
    expect(marked.length).toBeGreaterThanOrEqual(twice?.count ?? 0);
  },
  killing(KILLS),
);

/** What a message says of one alert: in a bundle its line and the one that follows. */
function lineAbout(text: string, reference: string): string {
  // The screen shows buttons behind the last line, which is about another alert.
  const lines = text.replaceAll(/ \[[^\]]*\]/g, '').split('\n');
  const at = lines.findLastIndex((line) => line.includes(reference));
  const next = lines[at + 1] ?? '';
  return /^\s|^Prise|^Demande/.test(next) ? `${lines[at]}\n${next}` : (lines[at] ?? '');
}
