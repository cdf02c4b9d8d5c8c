/** Links for another device: a colleague's, and one's own. */
import { describe, expect, test } from 'vitest';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { cries } from './duty.ts';
import { DESK, officersRoom, reachedDirectly } from './officers-room.ts';

const room = officersRoom(reachedDirectly);

describe('a phone that is lost', () => {
  test('is taken away from another device that was added before, and is out at once', async () => {
    await room.world.enrolOfficer('Kadi');
    const stolen = await room.phone();
    await room.kadiIsIn(stolen);
    await stolen.getByRole('link', { name: 'Mes connexions' }).click();
    // The only device stays: without it there would be no way in.
    await stolen.getByText('celui-ci').waitFor();
    expect(await stolen.getByRole('button', { name: 'Retirer l’appareil' }).count()).toBe(0);
    await stolen.getByRole('button', { name: 'Ajouter un appareil' }).click();
    await stolen.getByRole('img', { name: 'Ajouter un appareil' }).waitFor();
    await room.picture(stolen, 'add-device');
    const link = (await stolen.locator('code.link').textContent()) ?? '';
    const laptop = await room.phone(DESK);
    await laptop.goto(link);
    await laptop.getByText('Kadi, cet appareil sera ajouté').waitFor();
    await laptop.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
    // It opens cases without any further gift: the same person's key.
    await laptop.getByRole('heading', { name: 'Alertes' }).waitFor();
    const reference = await cries(room.world.person('Awa'));
    await laptop
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .click();
    await laptop.getByRole('heading', { name: new RegExp(reference) }).waitFor();
    await laptop.locator('article[aria-busy=false]').waitFor();
    expect(await laptop.getByText('Cette partie ne s’ouvre pas').count()).toBe(0);
    // The link worked once.
    const late = await room.phone();
    await late.goto(link);
    await late.getByText('Ce lien a déjà servi').waitFor();
    await laptop.getByRole('link', { name: 'Mes connexions' }).click();
    // A further link, made on the phone while it was open, ends with it.
    await stolen.getByRole('button', { name: 'C’est fait' }).click();
    await stolen.getByRole('button', { name: 'Ajouter un appareil' }).click();
    await stolen.locator('code.link').waitFor();
    const second = (await stolen.locator('code.link').textContent()) ?? '';
    const other = laptop.locator('li', { hasText: 'Appareil ajouté' }).filter({ hasNotText: 'celui-ci' });
    await other.getByRole('button', { name: 'Retirer l’appareil' }).click();
    await laptop.getByRole('alertdialog').getByRole('button', { name: 'Retirer l’appareil' }).click();
    await expect.poll(() => laptop.getByRole('button', { name: 'Retirer l’appareil' }).count()).toBe(0);
    await room.picture(laptop, 'my-devices');
    await late.goto('about:blank');
    await late.goto(second);
    await late.getByText('Ce lien a déjà servi').waitFor();
    // Whatever it asks for next, or has just asked for by itself, it is told that it is out.
    await stolen.goto(`${room.origin}/console/#/`);
    await stolen.getByRole('button', { name: 'Se connecter' }).click();
    await stolen.getByRole('alert').waitFor();
    const kept = await room.world.database
      .sql`select wrapped_secret from passkeys where revoked_at is not null`;
    expect(kept.map((row) => row.wrapped_secret.length)).toEqual([0]);
  });
});

describe('a colleague', () => {
  test('is invited, waits for the key, is given it but to no key that an intruder slipped in, and can be taken out again', async () => {
    await room.world.enrolOfficer('Kadi');
    await room.world.enrolOfficer('Issa');
    const kadi = await room.phone({ bypassCSP: true });
    await room.kadiIsIn(kadi);
    await kadi.getByRole('link', { name: 'Équipe' }).click();
    await kadi.getByLabel('Nom', { exact: true }).fill('Issa');
    await kadi.getByLabel('Est appelée').selectOption('Issa');
    await kadi.getByLabel('Rôle').selectOption('officer');
    await kadi.getByRole('button', { name: 'Inviter' }).click();
    const link = await kadi.locator('code.link').textContent();
    const issa = await room.phone();
    await issa.goto(link ?? '');
    await issa.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
    await issa.getByText('doit encore vous donner la clé').waitFor();
    // An intruder who can write to the database puts a key of theirs in the place of Issa's.
    const { sql } = room.world.database;
    const [joined] = await sql`select id, recipient from members order by created_at desc limit 1`;
    const own = await createTeamKey();
    await sql`update members set recipient = ${own.recipient} where id = ${joined?.id}`;
    await kadi.reload();
    await kadi.getByRole('button', { name: 'Se connecter' }).click();
    await kadi.getByText('n’est pas ce que le service a signé à son inscription').waitFor();
    expect(await kadi.getByRole('button', { name: 'Donner la clé' }).count()).toBe(0);
    await sql`update members set recipient = ${joined?.recipient} where id = ${joined?.id}`;
    await kadi.reload();
    await kadi.getByRole('button', { name: 'Se connecter' }).click();
    await kadi.getByRole('button', { name: 'Donner la clé' }).click();
    await kadi.getByRole('alertdialog').waitFor();
    await room.isWell(kadi, 'people-dialog');
    await kadi.getByRole('alertdialog').getByRole('button', { name: 'Donner la clé' }).click();
    await kadi.getByText('ouvre les dossiers').nth(1).waitFor();
    await issa.reload();
    await issa.getByRole('button', { name: 'Se connecter' }).click();
    await issa.getByRole('heading', { name: 'Alertes' }).waitFor();
    // Invited as the officer Issa: what he takes in the room is his.
    const reference = await cries(room.world.person('Awa'));
    await issa
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .click();
    await issa.getByRole('button', { name: 'Je prends' }).click();
    await issa.getByText('Prise par vous').waitFor();
    await kadi
      .locator('li', { hasText: 'Issa' })
      .getByRole('button', { name: 'Retirer', exact: true })
      .click();
    await kadi.getByRole('alertdialog').getByRole('button', { name: 'Retirer', exact: true }).click();
    await expect.poll(() => kadi.locator('li', { hasText: 'Issa' }).count()).toBe(0);
    await issa.reload();
    await issa.getByRole('button', { name: 'Se connecter' }).click();
    await issa.getByRole('alert').waitFor();
    // A link works once.
    const late = await room.phone();
    await late.goto(link ?? '');
    await late.getByText('Ce lien a déjà servi').waitFor();
  });
});
