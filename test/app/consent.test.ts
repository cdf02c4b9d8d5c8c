/** What is said to the questions of consent: kept as records of their own, or nothing is kept at all. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type House, openHouse, referenceOn } from './house.ts';
import type { Phone } from './messenger.ts';

let house: House;
let awa: Phone;
beforeEach(async () => {
  house = await openHouse();
  awa = house.person('Awa');
});
afterEach(() => house.close());

/** Awa tells of herself before anybody asked, and is asked for consent. */
async function tellsBeforeConsent(): Promise<void> {
  house.phones.upload('note', randomBytes(1_000));
  await awa.says('Ils ont brisé la porte de notre bureau');
  await awa.sends('voice', 'note');
  await house.fetch();
  await awa.presses('Non, pas en ce moment');
}

test('a story told before consent is erased at once when consent is refused, with its files', async () => {
  await tellsBeforeConsent();
  const { sql } = house.database;
  expect(await sql`select 1 from cases`).toHaveLength(1);
  expect(await sql`select 1 from evidence_chunks`).not.toHaveLength(0);
  await awa.presses('Non');
  expect(awa.last()).toContain('Ce que vous avez écrit est effacé de notre service');
  expect(await sql`select 1 from cases`).toHaveLength(0);
  expect(await sql`select 1 from evidence`).toHaveLength(0);
  expect(await sql`select 1 from evidence_chunks`).toHaveLength(0);
  // Nor is it known to the conversation: a report that is begun now begins with nothing.
  await awa.says('envoyer');
  expect(awa.last()).toContain("Rien n'est encore envoyé");
});

test('consent, and what another person is told to have said, are records: text, language, time', async () => {
  await awa.says('/start');
  await awa.presses('Français');
  await awa.presses('Non, pas en ce moment');
  for (const label of ['Signaler', 'Lire plus', 'Oui', 'Oui', 'Une personne qui', 'Non', 'Impossible'])
    await awa.presses(label);
  await awa.says('Moussa a disparu');
  await awa.presses('Terminé');
  await awa.presses('Ici, à toute heure');
  await awa.presses('Envoyer');
  const { items } = await house.read(referenceOn(awa));
  const records = items.filter(({ kind }) => kind === 'consent').map(({ payload }) => payload);
  const record = { to: 'cndh_protection_only', for: 'protection', language: 'fr' };
  const text = expect.stringMatching(/^[0-9a-f]{12}$/);
  expect(records).toMatchObject([
    { ...record, of: 'reporter', said: 'yes', text, at: expect.stringMatching(/^2\d{3}-/) },
    { ...record, of: 'other_person', said: 'impossible', text },
  ]);
});
