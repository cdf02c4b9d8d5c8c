/** A text is read aloud in the room: recorded, listened to by a second person, heard by people from then on, and withdrawn. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { join } from '../../src/app/voices/ogg.ts';
import { pagesOf } from '../ogg.ts';
import { officersRoom } from './officers-room.ts';

const room = officersRoom();
const DANGER = 'report.danger.ask';
const voice = (page: Page) => page.getByRole('region', { name: 'Voix' });
const counts = () => room.world.ctx().voices.recordings().get(`fr/${DANGER}`);

async function records(page: Page, by = 'Enregistrer la voix'): Promise<void> {
  await voice(page).getByRole('button', { name: by, exact: true }).click();
  const level = voice(page).getByRole('meter', { name: 'Niveau du microphone' });
  await level.waitFor();
  // The microphone of this browser hums.
  await expect.poll(async () => Number(await level.getAttribute('value'))).toBeGreaterThan(0);
  await voice(page)
    .getByText(/^[1-9]\d* s$/)
    .waitFor();
  await voice(page).getByRole('button', { name: 'Arrêter' }).click();
  await voice(page).getByRole('button', { name: 'Garder' }).waitFor();
}

/** Looks for the texts of French that are to be recorded, or wait, and opens this one. */
async function opens(page: Page, only: string): Promise<void> {
  await page.locator('#texts-language').selectOption('fr');
  await page.locator('#texts-only').selectOption(only);
  await page.getByLabel('Chercher des mots ou une clé').fill(DANGER);
  await page.getByRole('link', { name: DANGER }).first().click();
  await voice(page).waitFor();
}

test('a translator records a text, a second person listens and says yes, people hear it until it is withdrawn', async () => {
  await room.world.enrolOfficer('Kadi');
  // With all that the page's policy forbids.
  const mariam = await room.phone();
  await mariam.goto(await room.invited('Mariam', 'translator'));
  await mariam.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
  await mariam.getByRole('heading', { name: 'Textes' }).waitFor();
  await opens(mariam, 'to_record');
  await records(mariam);
  // Not yet: it is listened to first, and made again.
  await records(mariam, 'Recommencer');
  await voice(mariam).getByRole('button', { name: 'Garder' }).click();
  await voice(mariam)
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
  const yesOf = (page: Page) => voice(page).getByRole('button', { name: 'Oui, c’est ce texte' });
  expect(await yesOf(mariam).count()).toBe(0);
  expect(counts()).toBeUndefined();

  // A second person, who answers for texts.
  const kadi = await room.phone({ bypassCSP: true });
  await room.kadiIsIn(kadi);
  await kadi.getByRole('link', { name: 'Textes' }).click();
  await opens(kadi, 'voice_waits');
  await yesOf(kadi).waitFor();
  expect(await yesOf(kadi).isDisabled()).toBe(true);
  await voice(kadi)
    .getByRole('button', { name: `Écouter le nouvel enregistrement de ${DANGER}` })
    .click();
  await expect.poll(() => yesOf(kadi).isDisabled()).toBe(false);
  await room.isWell(kadi, 'voices-listening');
  await yesOf(kadi).click();
  await voice(kadi).getByText('Ce que les gens entendent : Mariam').waitFor();
  await records(kadi);
  await room.isWell(kadi, 'voices-recorded');
  await expect.poll(() => counts()?.source).toBe('workbench');
  await kadi.getByRole('link', { name: 'Retour à la liste' }).click();
  await kadi.locator('#texts-only').selectOption('voice_waits');
  await kadi.getByText(/^1 sur \d+ enregistrés/).waitFor();

  // Theirs: they let nobody hear it any more.
  await mariam.getByRole('link', { name: 'Retour à la liste' }).click();
  await opens(mariam, 'all');
  await voice(mariam).getByText('Ce que les gens entendent : vous').waitFor();
  await voice(mariam).getByRole('button', { name: 'Ne plus faire entendre' }).click();
  await expect.poll(() => counts()).toBeUndefined();
  await voice(mariam).getByText('Ce que les gens entendent').waitFor({ state: 'detached' });
  const said = await room.world.database.sql<
    { what: string }[]
  >`select what from audit_log where what like 'voice_%' order by seq`;
  expect(said.map(({ what }) => what)).toEqual(['voice_recorded', 'voice_agreed', 'voice_withdrawn']);
});
