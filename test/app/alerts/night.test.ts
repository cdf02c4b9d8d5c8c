/**
 * A night of twelve hours at the office, looked at every thirty seconds: people ask for help, officers sleep, cannot,
 * forget, lose their network. What must hold holds at every look.
 */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../../src/kernel/time.ts';
import { type House, openHouse, referenceOn } from '../house.ts';
import type { Phone } from '../messenger.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  house.clock.set(new Date('2026-11-24T18:00:00Z'));
});
afterEach(() => house.close());

const LOOK = seconds(30);

/** What must hold at every look, whichever officer sleeps. */
async function holds(): Promise<void> {
  const now = house.clock.at().toISOString();
  const without = await house.database.sql`
    select reference from alerts where state <> 'closed' and next_step_at <= ${now}::timestamptz`;
  expect(without, `at ${now}: an alert whose next step is not ahead`).toEqual([]);
  // An officer was paged for it in the last five minutes, or none can be.
  const silent = await house.database.sql`
    select reference from alerts where state = 'open' and not (progress ->> 'isNobody')::boolean
      and not exists (select 1 from pages where alert_id = alerts.id
        and paged_at > ${now}::timestamptz - interval '331 seconds')`;
  expect(silent, `at ${now}: an open alert for which no officer is paged`).toEqual([]);
  const paged = await house.database.sql`
    select reference from alerts join pages on pages.alert_id = alerts.id
      where state = 'taken' and progress -> 'offer' is null and paged_at > taken_at`;
  expect(paged, `at ${now}: paged though an officer has it`).toEqual([]);
}

/** Time goes by until so long after 18:00; `each` is what people do at a look. */
async function until(ms: number, each: () => Promise<unknown> = async () => undefined): Promise<void> {
  const end = Date.parse('2026-11-24T18:00:00Z') + ms;
  while (house.clock.at().getTime() < end) {
    house.clock.advance(LOOK);
    await house.cycle();
    await each();
    await holds();
  }
}

const pagesOn = (phone: Phone, reference: string): string[] =>
  phone.screen().filter((text) => text.includes(reference));

/** A reporter in danger writes SOS; their alert's reference. */
async function asksForHelp(name: string): Promise<{ phone: Phone; reference: string }> {
  const phone = house.person(name);
  await phone.says('SOS');
  await house.cycle();
  return { phone, reference: referenceOn(phone) };
}

it('lasts twelve hours, and no alert falls silent in it', async () => {
  const awa = await house.officer('Awa');
  const binta = await house.officer('Binta');
  const cheick = await house.officer('Cheick');
  await cheick.presses('Pas de garde');

  // 20:00: answered within a minute, worked on, closed.
  await until(hours(2));
  const mariam = await asksForHelp('mariam');
  await until(hours(2) + minutes(1));
  await awa.says(`je prends ${mariam.reference}`);
  expect(mariam.phone.screen().at(-1)).toMatch(/bien reçu/);
  await until(hours(2) + minutes(40), async () => {
    if (house.clock.at().getMinutes() % 10 === 0) await awa.says(`parler ${mariam.reference}`);
  });
  await awa.says(`clore ${mariam.reference}`);
  await awa.presses('Danger passé');
  expect(mariam.phone.screen().at(-1)).toMatch(/terminé ici/);

  // 23:00: Awa's network is dead, Binta cannot, Cheick takes it and falls asleep, Binta has it in the end.
  await until(hours(5));
  house.phones.failing.set(awa.address, { ok: false, reason: 'unreachable', code: 'no_network' });
  const oumar = await asksForHelp('oumar');
  expect(pagesOn(cheick, oumar.reference)).toHaveLength(0);
  await binta.says(`je ne peux pas ${oumar.reference}`);
  await house.cycle();
  expect(pagesOn(cheick, oumar.reference)).toHaveLength(1);
  await cheick.says(`je prends ${oumar.reference}`);
  await until(hours(5) + minutes(29));
  expect(binta.screen().at(-1)).toMatch(/Prise par Cheick|compris/);
  await until(hours(5) + minutes(30));
  expect(
    cheick.screen().some((text) => text.includes('n’est plus à vous') || text.includes("n'est plus à vous")),
  ).toBe(true);
  expect(oumar.phone.screen().at(-1)).toMatch(/nous continuons/);
  await until(hours(5) + minutes(32));
  await binta.says(`je prends ${oumar.reference}`);
  await binta.says(`clore ${oumar.reference}`);
  await binta.presses('Transmis');

  // Awa's network is back: what waited an hour is of no use any more, and nothing old rings.
  house.phones.failing.delete(awa.address);
  await until(hours(6) + minutes(40));
  expect(pagesOn(awa, oumar.reference).filter((text) => text.includes('Demande d'))).toEqual([]);

  // 02:00: no officer answers for seventy minutes.
  await until(hours(8));
  const fatou = await asksForHelp('fatou');
  await until(hours(8) + minutes(12));
  expect(fatou.phone.screen().some((text) => text.includes('pas encore de réponse'))).toBe(true);
  await until(hours(9) + minutes(10));
  expect(pagesOn(binta, fatou.reference).length).toBeGreaterThan(12);
  expect(pagesOn(cheick, fatou.reference).length).toBeGreaterThan(10);
  await cheick.says(`je prends ${fatou.reference}`);
  expect(pagesOn(awa, fatou.reference).at(-1)).toMatch(/Prise par Cheick/);
  await cheick.says(`passer ${fatou.reference} à Awa`);
  await until(hours(9) + minutes(12));
  await awa.says(`je prends ${fatou.reference}`);
  expect(cheick.screen().at(-1)).toMatch(/Awa a pris/);
  await awa.says(`clore ${fatou.reference}`);
  await awa.presses("J'ai joint la personne");

  // 06:00.
  await until(hours(12));
  const [open] = await house.database.sql`select count(*)::int as count from alerts where state <> 'closed'`;
  expect(open?.count).toBe(0);
});
