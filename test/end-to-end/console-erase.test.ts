/** "Erase this case" in the room: two people in two browsers and two languages, and what the person asked for. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type Moment, transact } from '../../src/app/ground/transaction.ts';
import { audit } from '../../src/app/records/audit.ts';
import { forget } from '../../src/app/reporters/forget.ts';
import type { AuditRow } from '../../src/crypto/audit-chain.ts';
import { auditedAs } from '../../src/db/audit.ts';
import { beat } from '../../src/db/service-state.ts';
import type { MemberId } from '../../src/kernel/ids.ts';
import { after, days, hours } from '../../src/kernel/time.ts';
import { keepingOf } from '../../src/messengers/list.ts';
import { cries } from './duty.ts';
import { DESK, officersRoom } from './officers-room.ts';

const room = officersRoom();

/** A second administrator, who reads English, has joined and brought the team's key. */
async function moussaIsIn(page: Page): Promise<void> {
  await page.goto(await room.invited('Moussa', 'administrator'));
  await page.getByRole('button', { name: 'Make my passkey' }).click();
  await page.getByLabel('Or the key as it is printed').fill(room.world.teamSecret);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('heading', { name: 'Alerts' }).waitFor();
}

/** As the log has it: what stands in the row of a member is believed by nothing. */
const areMembersForAWeek = (): Promise<void> =>
  transact(room.world.ctx(), async (at) => {
    const joined = after(at.now, -days(8));
    const rows: AuditRow[] = [];
    for await (const page of auditedAs(at.tx, ['joined'])) rows.push(...page);
    for (const { memberId, detail } of rows)
      await audit(Object.assign(Object.create(at) as Moment, { now: joined }), {
        memberId: memberId as MemberId,
        what: 'joined',
        detail,
      });
  });

/** The days are jumped over, which the service takes for an outage: here it has listened all through them. */
const hasRunAllTheWhile = async (): Promise<void> => {
  const { database, ctx } = room.world;
  const { clock, log } = ctx();
  await beat(database.db, await clock.now(database.db), log);
  await database.sql`update outages set ended_at = ended_at - interval '1 day'`;
};

const opensCase = async (page: Page, reference: string): Promise<void> => {
  await page.goto(`${room.origin}/console/#/case/${reference}`);
  await page.locator('article[aria-busy=false]').waitFor();
};

describe('a person who asks for erasure', () => {
  test('is seen in the room; one person asks, another agrees, either stops it, and after seven days it is gone', async () => {
    const { world } = room;
    const kadiInChat = await world.enrolOfficer('Kadi');
    const kadi = await room.phone({ bypassCSP: true });
    await room.kadiIsIn(kadi);
    const awa = world.person('Awa');
    const reference = await cries(awa);
    await awa.says('Kati, derrière le marché');
    await awa.chooses('Oui');
    await awa.seesText('Code secret', { ever: true });
    await awa.says('effacer');
    await awa.seesText("Votre demande d'effacement est notée");
    // On top of the list, and in the case.
    await kadi.getByRole('heading', { name: 'Demandes des personnes' }).waitFor();
    await room.isWell(kadi, 'erase-inbox-fr');
    await opensCase(kadi, reference);
    await kadi.getByText('Peut-être sous contrainte.').waitFor();
    // It pages: closed first.
    await kadi.getByText('Effacer ce dossier', { exact: true }).click();
    await kadi.getByText('Une alerte est ouverte. Prenez-la et fermez-la d’abord.').waitFor();
    await kadi.getByRole('button', { name: 'Je prends' }).click();
    await kadi.getByRole('button', { name: 'Clore' }).click();
    await kadi.getByRole('menuitem').first().click();
    await kadi.getByRole('button', { name: 'Demander d’effacer' }).click();
    await kadi.getByRole('alertdialog').getByRole('button', { name: 'Demander d’effacer' }).click();
    await kadi.getByText('il faut être dans l’équipe depuis 7 jours').waitFor();
    await areMembersForAWeek();
    await kadi.getByRole('button', { name: 'Demander d’effacer' }).click();
    await kadi.getByRole('alertdialog').getByRole('button', { name: 'Demander d’effacer' }).click();
    await kadi.getByText('Une deuxième personne doit donner son accord.').waitFor();
    expect(await kadi.getByRole('button', { name: 'D’accord pour effacer' }).count()).toBe(0);
    await room.isWell(kadi, 'erase-asked-fr');

    const moussa = await room.phone({ ...DESK, colorScheme: 'dark', locale: 'en', bypassCSP: true });
    await moussaIsIn(moussa);
    // Of a week, like Kadi: nobody erases sooner.
    await areMembersForAWeek();
    await opensCase(moussa, reference);
    await moussa.getByText('Kadi asks to erase this case').waitFor();
    const agrees = async () => {
      await moussa.getByRole('button', { name: 'Agree to erase' }).click();
      await moussa.getByRole('alertdialog').getByText('destroyed, for ever').waitFor();
      await moussa.getByRole('alertdialog').getByRole('button', { name: 'Agree to erase' }).click();
      await moussa.getByText('This case will be erased on').waitFor();
    };
    await agrees();
    await room.isWell(moussa, 'erase-waits-en');
    // Kadi hears of it in the messenger, and stops it.
    await kadiInChat.seesText(`${reference} : Kadi et Moussa sont d'accord`, { ever: true });
    await moussa.getByText(/^Invited by: /).waitFor();
    await kadi.getByRole('button', { name: 'Arrêter, garder le dossier' }).click();
    await kadi.getByText('Kadi a arrêté l’effacement').waitFor();
    await moussa.getByText('Kadi stopped the erasure').waitFor();

    // Asked again: the two have spoken with the person.
    await kadi.getByText('Effacer ce dossier', { exact: true }).click();
    await kadi.getByRole('button', { name: 'Demander d’effacer' }).click();
    await kadi.getByRole('alertdialog').getByRole('button', { name: 'Demander d’effacer' }).click();
    await agrees();
    await moussa.getByRole('link', { name: 'Log' }).click();
    await moussa.getByRole('heading', { name: 'Cases that are going to be erased' }).waitFor();
    await room.isWell(moussa, 'erase-log-en');
    await world.passes(days(7) + hours(2));
    // The jump of the clock is an outage to the service: what waits at a messenger is heard first, and the room says so.
    await forget(world.ctx(), { mayErase: () => true }, keepingOf());
    await kadiInChat.seesText(`${reference} : l'effacement est reporté`, { ever: true });
    await hasRunAllTheWhile();
    await forget(world.ctx(), { mayErase: () => true }, keepingOf());
    expect(await world.database.sql`select 1 from cases`).toHaveLength(0);
    await awa.seesText(/– c'est fait$/, { ever: true });
  });
});
