/** In the room: a reporter wants to speak to a person. */
import { describe, expect, test } from 'vitest';
import { officersRoom } from './officers-room.ts';

const room = officersRoom();

describe('a person who wants to be called', () => {
  test('stands on top of the list, with how and when to reach them in the case, until a member has spoken to them', async () => {
    const { world } = room;
    await world.enrolOfficer('Kadi');
    const awa = world.person('Awa');
    await awa.says('Rappelez-moi');
    for (const [asked, choice] of [
      ['Êtes-vous en danger maintenant', 'Non, pas en ce moment'],
      ['Acceptez-vous de continuer ?', 'Oui'],
      ['sur ce téléphone sans danger', 'Oui'],
      ['vous joindre sans danger', 'Par un appel'],
    ] as const) {
      await awa.seesText(asked);
      await awa.chooses(choice);
    }
    await awa.seesText('À quel numéro');
    await awa.says('76 00 00 00');
    await awa.seesText('À quelles heures');
    await awa.chooses('Le soir');
    await awa.chooses('Terminé');
    await awa.seesText('Nous avons reçu votre demande à', { ever: true });
    const kadi = await room.phone({ bypassCSP: true });
    await room.kadiIsIn(kadi);
    await kadi.getByRole('heading', { name: 'Demandes des personnes' }).waitFor();
    await kadi.getByRole('link', { name: 'Parler à une personne' }).click();
    await kadi.locator('article[aria-busy=false]').waitFor();
    await kadi.getByText('La personne veut parler à quelqu’un de l’équipe.').waitFor();
    const read = (await kadi.locator('article').textContent()) ?? '';
    for (const part of ['Par un appel', '76 00 00 00', 'Le soir, 18 h à 22 h']) expect(read).toContain(part);
    await room.isWell(kadi, 'person-fr');
    await kadi.getByRole('button', { name: 'C’est fait' }).click();
    await kadi.getByText('Demande traitée').waitFor();
    await kadi.getByRole('link', { name: 'À traiter' }).click();
    await kadi.locator('.inbox').waitFor();
    expect(await kadi.getByRole('heading', { name: 'Demandes des personnes' }).count()).toBe(0);
  });
});
