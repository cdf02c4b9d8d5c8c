/** What an officer sees of a file before it is saved, and what is saved of it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { lookInside } from '../../src/web/console/files/inside.ts';
import { CANARY, documentThatTells, photoThatTells, soundThatTells } from '../files-that-tell.ts';
import { cries } from './duty.ts';
import { officersRoom } from './officers-room.ts';

const room = officersRoom();

/** A picture that this very browser has drawn. */
async function drawn(page: Page): Promise<Buffer> {
  const address = await page.evaluate(`(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 60; canvas.height = 40;
    canvas.getContext('2d').fillRect(5, 5, 20, 20);
    return canvas.toDataURL('image/jpeg');
  })()`);
  return Buffer.from(String(address).split(',')[1] ?? '', 'base64');
}

async function downloads(page: Page, click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const coming = page.waitForEvent('download');
  await click();
  const came = await coming;
  return { name: came.suggestedFilename(), bytes: await readFile(await came.path()) };
}

const tellsOf = async (bytes: Buffer) =>
  (await lookInside(new Blob([bytes as Uint8Array<ArrayBuffer>]))).tells;

test('place, phone and name in a file are named before it is saved; the copy has none of them, the original is what came', async () => {
  await room.world.enrolOfficer('Kadi');
  const page = await room.phone();
  await room.kadiIsIn(page);
  const awa = room.world.person('Awa');
  const reference = await cries(awa);
  const photo = photoThatTells(await drawn(page));
  await awa.sendsPhoto(photo);
  const saved = async (n: number) =>
    expect
      .poll(async () => (await room.world.database.sql`select 1 from evidence where state = 'saved'`).length)
      .toBe(n);
  await saved(1);
  await page.goto(`${room.origin}/console/#/case/${reference}`);
  await page
    .getByRole('button', { name: /Voir · Photo/ })
    .first()
    .click();
  const file = page
    .locator('.file')
    .filter({ has: page.locator('.file-inside') })
    .first();
  await file.getByText(`Lieu : 16.27000, -0.04000`).waitFor();
  await file.getByText(`Appareil : ${CANARY.device}`).waitFor();
  await file.getByText(`Auteur : ${CANARY.author}`).waitFor();
  await room.isWell(page, 'file-tells');

  const copy = await downloads(page, () =>
    file.getByRole('button', { name: 'Enregistrer une copie sans cela' }).click(),
  );
  expect(copy.name).toMatch(new RegExp(`^${reference}-\\d\\d-photo-[0-9a-f]{4}\\.copy\\.jpg$`));
  expect(await tellsOf(copy.bytes)).toEqual([]);
  expect(copy.bytes.includes('Canary')).toBe(false);

  await file.getByRole('button', { name: 'Enregistrer l’original', exact: true }).click();
  const original = await downloads(page, () =>
    file.getByRole('button', { name: 'Enregistrer l’original quand même' }).click(),
  );
  expect(original.bytes.equals(photo)).toBe(true);

  await file.getByText('Chaîne de garde').click();
  const custody = file.locator('.custody');
  await custody.getByText(/Venu par Telegram, message \d+/).waitFor();
  await custody.getByText(createHash('sha256').update(photo).digest('hex')).waitFor();
  await custody.getByText('octet pour octet').waitFor();
  await custody.getByText(/ouvert par Kadi/).waitFor();
  await custody.getByText(/copie enregistrée par Kadi/).waitFor();
  await custody.getByText(/original enregistré par Kadi/).waitFor();
  await room.isWell(page, 'file-custody');
});

test('of what cannot be made anew it is said, and nothing is saved that was not noted', async () => {
  await room.world.enrolOfficer('Kadi');
  const page = await room.phone();
  await room.kadiIsIn(page);
  const awa = room.world.person('Awa');
  const reference = await cries(awa);
  await awa.sendsPhoto(documentThatTells() as Buffer);
  await expect
    .poll(async () => (await room.world.database.sql`select 1 from evidence where state = 'saved'`).length)
    .toBe(1);
  await page.goto(`${room.origin}/console/#/case/${reference}`);
  await page
    .getByRole('button', { name: /Voir · Photo/ })
    .first()
    .click();
  const file = page.locator('.file').first();
  await file.getByText(`Auteur : ${CANARY.author} · ${CANARY.company}`).waitFor();
  await file.getByRole('button', { name: 'Enregistrer une copie sans cela' }).click();
  await file.getByText('ne peut pas faire de copie').waitFor();
  // The note cannot be made: the network is gone.
  await page.route('**/saved', (route) => route.abort());
  await file.getByRole('button', { name: 'Enregistrer l’original', exact: true }).click();
  await file.getByRole('button', { name: 'Enregistrer l’original quand même' }).click();
  await file.getByText('rien n’est enregistré').waitFor();
  const noted = await room.world.database.sql`select 1 from audit_log where what = 'file_saved'`;
  expect(noted).toHaveLength(0);
});

test('a sound is put into a new container, and plays as before', async () => {
  await room.world.enrolOfficer('Kadi');
  const page = await room.phone();
  await room.kadiIsIn(page);
  const awa = room.world.person('Awa');
  const reference = await cries(awa);
  await awa.sendsVoice(soundThatTells());
  await expect
    .poll(async () => (await room.world.database.sql`select 1 from evidence where state = 'saved'`).length)
    .toBe(1);
  await page.goto(`${room.origin}/console/#/case/${reference}`);
  await page
    .getByRole('button', { name: /Écouter · Note vocale/ })
    .first()
    .click();
  const file = page.locator('.file').first();
  await file.getByText(`Auteur : ${CANARY.author}`).waitFor();
  const copy = await downloads(page, () =>
    file.getByRole('button', { name: 'Enregistrer une copie sans cela' }).click(),
  );
  expect(await tellsOf(copy.bytes)).toEqual([]);
  expect(copy.bytes.includes('Canary')).toBe(false);
  expect(copy.bytes.length).toBeGreaterThan(417 * 19);
});
