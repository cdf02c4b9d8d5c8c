/** The workbench in a real browser: a speaker of the language corrects a sentence, and the next person reads it. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { EXAMPLES, reads } from './corrected-chapter.ts';
import { cries } from './duty.ts';
import { DESK, officersRoom } from './officers-room.ts';

const room = officersRoom();

const WHERE = 'Où êtes-vous maintenant ?';

async function mariamIsIn(page: Page): Promise<void> {
  await page.goto(await room.invited('Mariam', 'translator'));
  await page.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
  await page.getByRole('heading', { name: 'Textes' }).waitFor();
}

/** Looks for a French text in the list, and opens it. */
async function opens(page: Page, key: string): Promise<void> {
  await page.locator('#texts-language').selectOption('fr');
  await page.getByLabel('Chercher des mots ou une clé').fill(key);
  await page.getByRole('link', { name: key }).first().click();
  await page.getByRole('heading', { name: key }).waitFor();
}

describe('a person who works on texts', () => {
  test('corrects a sentence, sees it on a phone before, and the next person reads it', async () => {
    const mariam = await room.phone({ bypassCSP: true });
    await mariamIsIn(mariam);
    await room.isWell(mariam, 'texts-list-phone');
    await opens(mariam, 'mechanism.defender.examples');
    await mariam.getByLabel('Le texte', { exact: true }).fill(EXAMPLES);
    await expect.poll(() => mariam.locator('.phone-bubble').first().innerText()).toContain(EXAMPLES);
    await room.isWell(mariam, 'texts-one-phone');
    await mariam.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await mariam.getByText('C’est dit à partir de maintenant.').waitFor();
    expect(await reads(room.world.person('Awa'))).toContain(EXAMPLES);
    // Read by a person, said something of, and taken back.
    await mariam.getByRole('button', { name: 'Je l’ai lu, c’est bon' }).click();
    await mariam.getByText('Relu par vous').waitFor();
    await mariam.getByLabel('Une remarque').fill('Plus court ?');
    await mariam.getByRole('button', { name: 'Ajouter la remarque' }).click();
    await mariam.getByText('Plus court ?').waitFor();
    await mariam.getByRole('button', { name: 'Revenir au texte des fichiers' }).click();
    await mariam.getByText('Relu avant, par vous').waitFor();
    expect(await reads(room.world.person('Binta'))).not.toContain(EXAMPLES);
  });

  test('is told in their own language what the check has against it, and then nothing is said', async () => {
    const mariam = await room.phone({ bypassCSP: true });
    await mariamIsIn(mariam);
    await opens(mariam, 'report.before_what.help');
    await mariam.getByLabel('Le texte', { exact: true }).fill('Pourquoi avez-vous peur, {{nom}} ?');
    await mariam.getByText('Demandez ce qui s’est passé, jamais pourquoi').first().waitFor();
    await mariam.getByText('« nom » n’est pas rempli ici').first().waitFor();
    await mariam.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await mariam.locator('.problem[role=alert]').getByText('jamais pourquoi').waitFor();
    expect(room.world.ctx().texts.t('fr', 'report.before_what.help')).not.toContain('Pourquoi');
    await mariam.getByLabel('Le texte', { exact: true }).fill('Appelez le 70 12 34 56.');
    await mariam.getByText('Ce texte donne un numéro ou une adresse en plus (70123456)').waitFor();
    await mariam.getByRole('button', { name: 'Proposer' }).waitFor();
  });

  test('sees this room and their own devices, and nothing else', async () => {
    const mariam = await room.phone();
    await mariamIsIn(mariam);
    const links = mariam.getByRole('navigation').getByRole('link');
    expect(await links.allInnerTexts()).toEqual(['Textes', 'Mes connexions']);
    for (const place of ['#/', '#/people', '#/audit', '#/case/TAKO-4827', '#/texts/fr/bot.help']) {
      await mariam.evaluate(`window.location.hash = '${place}', 0`);
      await mariam.getByRole('heading', { name: 'Textes' }).waitFor();
    }
    const asked = ['inbox', 'members', 'audit', 'cases/TAKO-4827', 'team-key', 'my-pushes'].map((path) =>
      mariam.evaluate(`fetch('/console/api/${path}').then(({ status }) => status)`),
    );
    expect(await Promise.all(asked)).toEqual(Array(6).fill(403));
    const me = await mariam.evaluate("fetch('/console/api/me').then((answer) => answer.json())");
    expect(me).toMatchObject({ role: 'translator', grants: [] });
  });
});

describe('a sentence on which safety hangs', () => {
  test('is proposed by one, agreed to by another on a desk, and read by who cries for help', async () => {
    await room.world.enrolOfficer('Kadi');
    const kadi = await room.phone({ ...DESK, bypassCSP: true, colorScheme: 'dark' });
    await room.kadiIsIn(kadi);
    const mariam = await room.phone({ bypassCSP: true });
    await mariamIsIn(mariam);
    await opens(mariam, 'sos.where.ask');
    await mariam.getByLabel('Le texte', { exact: true }).fill(WHERE);
    await mariam.getByRole('button', { name: 'Proposer' }).click();
    await mariam.getByText('Une autre personne doit dire oui.').waitFor();
    await cries(room.world.person('Awa'));
    // To a translator no one hands the team's key.
    await kadi.getByRole('link', { name: 'Équipe' }).click();
    const row = kadi.locator('.member', { hasText: 'Mariam' });
    await row.waitFor();
    expect(await row.innerText()).toContain('traduction');
    expect(await row.getByRole('button', { name: 'Donner la clé' }).count()).toBe(0);
    await kadi.getByRole('link', { name: 'Textes' }).click();
    await kadi.locator('#texts-language').selectOption('fr');
    await kadi.getByLabel('Montrer').selectOption('proposed');
    await kadi.getByRole('link', { name: 'sos.where.ask' }).click();
    await kadi.getByText('Proposé par Mariam').waitFor();
    await room.isWell(kadi, 'texts-proposed-desk-dark');
    await kadi.getByRole('button', { name: 'Oui, dire ce texte' }).click();
    await kadi.getByText('C’est noté.').waitFor();
    const binta = room.world.person('Binta');
    await cries(binta);
    await binta.seesText(WHERE);
    await kadi.getByRole('link', { name: 'Journal' }).click();
    await kadi.getByText('a travaillé sur un texte').first().waitFor();
  });
});
