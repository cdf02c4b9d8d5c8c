/** A case on paper: what stands on it, what does not, and that it is noted. */
import { createHash } from 'node:crypto';
import * as mupdf from 'mupdf';
import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { RED_SQUARE } from '../browser.ts';
import { everythingIn } from '../everything-in.ts';
import { cries } from './duty.ts';
import { officersRoom } from './officers-room.ts';

const room = officersRoom();

/** The words of each page, by a reader that is not the one which wrote it. */
async function printed(page: Page): Promise<string[]> {
  const document = mupdf.Document.openDocument(
    await page.pdf({ preferCSSPageSize: true }),
    'application/pdf',
  );
  return Array.from({ length: document.countPages() }, (_, n) =>
    document.loadPage(n).toStructuredText('').asText().replace(/\s+/g, ' '),
  );
}

test('a case is printed without what is left out, with its files by their hashes and the proof on the last page', async () => {
  await room.world.enrolOfficer('Kadi');
  const page = await room.phone();
  await room.kadiIsIn(page);
  const awa = room.world.person('Awa');
  const reference = await cries(awa);
  await awa.says('Ils sont devant la maison verte.');
  await awa.sendsPhoto(RED_SQUARE);
  await expect
    .poll(async () => (await room.world.database.sql`select 1 from evidence where state = 'saved'`).length)
    .toBe(1);
  await page.goto(`${room.origin}/console/#/case/${reference}`);
  // A word of the person's comes while the note is being written: it is sealed once more, to the place after that.
  const length = async () =>
    Number((await room.world.database.sql`select chain_length from cases`)[0]?.chain_length);
  const before = await length();
  const afterNextWord = async (route: Route) => {
    await awa.says('Je me cache.');
    await expect.poll(length).toBeGreaterThan(before);
    await route.continue();
  };
  await page.route('**/notes', afterNextWord, { times: 1 });
  await page.getByLabel('Votre note').fill('Rappeler le chef de quartier.');
  await page.getByRole('button', { name: 'Garder la note' }).click();
  await page.locator('.bubble', { hasText: 'Rappeler le chef de quartier.' }).waitFor();
  await page.locator('.bubble', { hasText: 'Kadi' }).waitFor();
  expect(await everythingIn(room.world.database)).not.toContain('chef de quartier');
  expect(awa.screen().join(' ')).not.toContain('chef de quartier');
  await page.getByRole('link', { name: 'Imprimer un dossier' }).click();
  await page.getByRole('heading', { name: `Dossier ${reference}` }).waitFor();
  const account = page.locator('.dossier-row', { hasText: 'devant la maison verte' });
  await account.first().waitFor();
  await room.isWell(page, 'dossier');
  const whole = (await printed(page)).join(' ');
  expect(whole).not.toContain('chef de quartier');
  expect(whole).toContain('Ils sont devant la maison verte.');
  expect(whole).toContain(createHash('sha256').update(RED_SQUARE).digest('hex'));

  const masked = async () => Number(/(\d+) passages? masqués?/.exec((await printed(page)).at(-1) ?? '')?.[1]);
  // The note, and how to reach the person.
  const atFirst = await masked();
  expect(atFirst).toBeGreaterThan(0);
  await page.locator('.dossier-row').first().getByRole('button', { name: 'Masquer' }).click();
  expect(await masked()).toBe(atFirst + 1);
  // However it is written, and wherever it stands: an answer that goes on says it twice.
  await page.getByLabel('Ne laisser nulle part ces mots').fill('MAISON VÈRTE');
  const pages = await printed(page);
  expect(pages.join(' ')).not.toContain('maison verte');
  expect(await page.content()).not.toContain('maison verte');
  expect(pages.at(-1)).toContain('Vérification');
  expect(await masked()).toBeGreaterThan(atFirst + 1);
  expect(pages.at(-1)).toContain('Chaque élément est signé par le service');
  expect(pages.at(-1)).toContain(`${pages.length} / ${pages.length}`);

  // Printing begins once it is noted, and not before.
  await page.evaluate('window.print = () => { window.wasPrinted = true; }');
  await page.route('**/printed', (route) => route.abort());
  await page.getByRole('button', { name: 'Imprimer' }).click();
  await page.getByText('rien n’est imprimé').waitFor();
  expect(await page.evaluate('window.wasPrinted === true')).toBe(false);
  await page.unroute('**/printed');
  await page.getByRole('button', { name: 'Imprimer' }).click();
  await expect.poll(() => page.evaluate('window.wasPrinted === true')).toBe(true);
  expect(await room.world.database.sql`select 1 from audit_log where what = 'case_printed'`).toHaveLength(1);
});
