/** In the room: how far a case is, who answers for it, how long it is kept, and the lists in which it stands. */
import { describe, expect, test } from 'vitest';
import { tellTimeOver } from '../../src/app/retention/time-over.ts';
import { DESK, officersRoom, PHONE } from './officers-room.ts';

const room = officersRoom();

describe('a case that an officer follows', () => {
  test('stands in the list of what waits, is taken in hand, ended with a reason, held, and listed with how long it is kept', async () => {
    const { world } = room;
    await world.enrolOfficer('Kadi');
    const page = await room.phone({ bypassCSP: true });
    await room.kadiIsIn(page);
    const list = (name: string) => page.getByRole('button', { name: new RegExp(`^${name} \\d+$`) });
    await list('En retard').click();
    await page.getByText('Rien n’est en retard. Ici seront').waitFor();
    await list('Tous').click();
    const awa = world.person('Awa');
    await awa.says('SOS');
    await awa.seesText('Où êtes-vous');
    const row = page.locator('.rows a', { hasText: 'Nouveau' });
    await row.waitFor();
    await list('Sans réponse').click();
    await row.waitFor();
    await room.isWell(page, 'lists-phone-fr');
    await row.click();
    await page.locator('article[aria-busy=false]').waitFor();
    await page.getByText('À l’étude, depuis').click();
    await page.getByText('Seule la personne qui a l’alerte répond de ce dossier.').waitFor();
    await page.getByRole('button', { name: 'Je réponds de ce dossier' }).click();
    await page.getByText('Vous répondez de ce dossier').waitFor();
    await page.getByRole('button', { name: 'Je prends' }).click();
    await page.getByText('Prise par vous').waitFor();
    await page.getByLabel('Raison').first().waitFor();
    await page.getByLabel('Comment il finit').selectOption('rejected');
    await page.getByLabel('Raison').first().selectOption('no_report');
    await room.isWell(page, 'case-status-phone-fr');
    await page.setViewportSize(DESK.viewport);
    await page.emulateMedia({ colorScheme: 'dark' });
    await room.isWell(page, 'case-status-desk-dark-fr');
    await page.getByRole('button', { name: 'Terminer le dossier' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Terminer le dossier' }).click();
    await page.getByText('Écarté, depuis').waitFor();
    const { sql } = world.database;
    expect(
      await sql`select c.status, c.status_reason as reason, a.state, a.outcome from cases c join alerts a on a.case_id = c.id`,
    ).toEqual([{ status: 'rejected', reason: 'no_report', state: 'closed', outcome: 'rejected' }]);
    await page.getByText('Gardé jusqu’au').click();
    await page.getByRole('button', { name: 'Garder sur décision' }).click();
    await page.getByText('Gardé sur décision de Kadi').waitFor();
    await room.isWell(page, 'case-held-desk-dark-fr');
    await page.getByRole('link', { name: 'Conservation' }).click();
    await page.getByText('5 ans (closed_cases).').waitFor();
    await page.getByText('gardé : Un tribunal peut le demander').waitFor();
    await room.isWell(page, 'retention-desk-dark-fr');
    await page.setViewportSize(PHONE.viewport);
    await page.emulateMedia({ colorScheme: 'light' });
    await room.isWell(page, 'retention-phone-fr');
    await page.getByRole('link', { name: 'À traiter' }).click();
    await list('Terminés').click();
    await page.locator('.rows a', { hasText: 'Écarté' }).waitFor();
    await list('À moi').click();
    await page.getByText('Rien à vous. Ici seront').waitFor();
    await page.setViewportSize(DESK.viewport);
    await page.emulateMedia({ colorScheme: 'dark' });
    await room.isWell(page, 'lists-desk-dark-fr');
    // What is held is told to no one, however old it is.
    await sql`update cases set closed_at = now() - interval '6 years'`;
    expect(await tellTimeOver(world.ctx(), { mayErase: () => true })).toBe(0);
  });
});
