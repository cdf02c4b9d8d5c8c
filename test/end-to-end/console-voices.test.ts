/** A text is read aloud in the room: recorded, listened to by a second person, and heard by people from then on. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { join } from '../../src/app/voices/ogg.ts';
import { pagesOf } from '../ogg.ts';
import { officersRoom } from './officers-room.ts';

const room = officersRoom();
const DANGER = 'report.danger.ask';
const article = (page: Page) => page.getByRole('article', { name: DANGER });
const counts = () => room.world.ctx().voices.recordings().get(`fr/${DANGER}`);

async function records(page: Page): Promise<void> {
  await article(page).getByRole('button', { name: 'Enregistrer' }).click();
  const level = article(page).getByRole('meter', { name: 'Niveau du microphone' });
  await level.waitFor();
  // The microphone of this browser hums.
  await expect.poll(async () => Number(await level.getAttribute('value'))).toBeGreaterThan(0);
  await article(page)
    .getByText(/^[1-9]\d* s$/)
    .waitFor();
  await article(page).getByRole('button', { name: 'Arrêter' }).click();
  await article(page).getByRole('button', { name: 'Garder' }).waitFor();
}

async function opensVoices(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Voix' }).click();
  await page.getByLabel('Chercher un mot du texte').fill('danger maintenant');
  await article(page).waitFor();
}

test('a text is recorded, listened to by a second person, and then heard by people', async () => {
  await room.world.enrolOfficer('Kadi');
  // With all that the page's policy forbids.
  const kadi = await room.phone();
  await room.kadiIsIn(kadi);
  await opensVoices(kadi);
  await kadi.getByText(/^0 sur \d+ enregistrés/).waitFor();
  await records(kadi);
  // Not yet: it is listened to first, and made again.
  await records2(kadi);
  await article(kadi)
    .getByText(/^Enregistré par vous/)
    .waitFor();
  const [row] = await room.world.database.sql<
    { id: string; ogg: Buffer; ms: number }[]
  >`select id, ogg, ms from voice_recordings`;
  const pages = pagesOf(row?.ogg ?? Buffer.alloc(0));
  expect(pages[0]?.packets[0]?.[9]).toBe(1);
  expect(row?.ms).toBeGreaterThan(700);
  expect(row?.ogg.length).toBeLessThan(60_000);
  // As any other recording it is joined without being made anew.
  expect((await join([row?.ogg ?? Buffer.alloc(0), row?.ogg ?? Buffer.alloc(0)])).seconds).toBeGreaterThan(
    1.5,
  );
  await expect(article(kadi).getByRole('button', { name: 'Oui, c’est ce texte' }).count()).resolves.toBe(0);
  expect(counts()).toBeUndefined();

  // A second person. A member who has no key of the team yet can listen all the same: these are public words.
  const issa = await room.phone({ bypassCSP: true });
  await issa.goto(await room.invited('Issa', 'officer'));
  await issa.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
  await opensVoices(issa);
  const yes = article(issa).getByRole('button', { name: 'Oui, c’est ce texte' });
  await yes.waitFor();
  expect(await yes.isDisabled()).toBe(true);
  await article(issa)
    .getByRole('button', { name: `Écouter le nouvel enregistrement de ${DANGER}` })
    .click();
  await expect.poll(() => yes.isDisabled()).toBe(false);
  await room.isWell(issa, 'voices-listening');
  await records(issa);
  await room.isWell(issa, 'voices-recorded');
  await yes.click();
  await issa.getByText(/^1 sur \d+ enregistrés/).waitFor();
  await expect.poll(() => counts()?.source).toBe('workbench');

  // The server itself wrote down who did what; a row that it did not make is heard by nobody.
  const said = await room.world.database.sql<
    { what: string }[]
  >`select what from audit_log where what like 'voice_%' order by seq`;
  expect(said.map(({ what }) => what)).toEqual(['voice_recorded', 'voice_agreed']);
  await room.world.database.sql`update voice_recordings set version = 'abc'`;
  await room.world.ctx().voices.reload();
  expect(counts()).toBeUndefined();
});

/** Again, and kept. */
async function records2(page: Page): Promise<void> {
  await article(page).getByRole('button', { name: 'Recommencer' }).click();
  await article(page)
    .getByText(/^[1-9]\d* s$/)
    .waitFor();
  await article(page).getByRole('button', { name: 'Arrêter' }).click();
  await article(page).getByRole('button', { name: 'Garder' }).click();
}
