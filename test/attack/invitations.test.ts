/** What an administrator alone can and cannot do to let a person in. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  codeOf,
  dropInvitation,
  invite,
  inviteAs,
  sayYes,
  waitingInvitations,
} from '../../src/app/members/invitations.ts';
import { beginJoining } from '../../src/app/members/joining.ts';
import { takeOut } from '../../src/app/members/members.ts';
import { insertMember, type MemberRow } from '../../src/db/members.ts';
import { type InvitationId, type MemberId, newId } from '../../src/kernel/ids.ts';
import { hours, minutes } from '../../src/kernel/time.ts';
import type { Role } from '../../src/kernel/vocabulary.ts';
import { type DutyRoom, openDutyRoom } from '../app/alerts/duty-room.ts';

const SITE = { origin: 'https://lakana.example.org', rpId: 'lakana.example.org' };
let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom();
});
afterEach(() => room.close());

const member = (name: string, role: Role = 'administrator'): Promise<MemberRow> =>
  room.inside(async ({ tx, ctx, now }) => {
    const id = newId<MemberId>();
    const nameSealed = ctx.keyring.seal('member-name', id, new TextEncoder().encode(name));
    const row = { id, officerId: null, nameSealed, role, recipient: 'age1pq1x', createdAt: now };
    await insertMember(tx, row);
    return { ...row, removedAt: null, signature: null };
  });
const invites = async (by: MemberRow, name = 'Fanta') => {
  const invited = await room.inside((at) => inviteAs(at, by, { name, role: 'administrator' }));
  if (!invited.ok) throw new Error(invited.reason);
  return invited;
};
const waiting = (as: MemberRow) => room.inside((at) => waitingInvitations(at, as));
const link = async (by: MemberRow, id: InvitationId) => (await room.inside((at) => codeOf(at, by, id)))?.code;
const yes = (by: MemberRow, id: InvitationId) => room.inside((at) => sayYes(at, by, id));
const letsIn = async (code: string | undefined) =>
  (await room.inside((at) => beginJoining(at, SITE, code ?? ''))) !== undefined;

async function one(as: MemberRow) {
  const [found] = await waiting(as);
  if (!found) throw new Error('no invitation');
  return found;
}

it('an administrator cannot let anybody in alone once there are two: the other one says yes on their own device', async () => {
  const issa = await room.enrol('Issa', { role: 'supervisor' });
  const [kadi, awa] = [await member('Kadi Coulibaly'), await member('Awa Diarra')];
  expect((await invites(kadi)).code).toBeUndefined();
  await room.deliver();
  expect(room.last(issa.contactId)?.text).toContain('Kadi Coulibaly wants to invite Fanta');
  const { id } = await one(kadi);
  expect(await one(kadi)).toMatchObject({
    name: 'Fanta',
    by: 'Kadi Coulibaly',
    isMine: true,
    isReady: false,
  });
  // Nor by a second membership of their own.
  for (const same of [kadi, await member('KADI Coulibaly')]) {
    expect(await yes(same, id)).toBe('no_right');
    expect(await link(same, id)).toBeUndefined();
  }
  expect(await yes(awa, id)).toBe('ok');
  expect(await one(awa)).toMatchObject({ isMine: false, isReady: true });
  expect(await link(awa, id)).toBeUndefined();
  const code = await link(kadi, id);
  expect(await letsIn(code)).toBe(true);
  // A link that is shown again is another one.
  expect(await letsIn(await link(kadi, id))).toBe(true);
  expect(await letsIn(code)).toBe(false);
  await room.deliver();
  expect(room.last(issa.contactId)?.text).toContain('Awa Diarra said yes');
  const rows = await room.database.sql`select what from audit_log order by seq`;
  expect(rows.map(({ what }) => what)).toEqual(['invited', 'invitation_confirmed']);
});

it('an administrator cannot be alone by taking the other one out first, nor use a link from before there were two', async () => {
  const kadi = await member('Kadi');
  const { code } = await invites(kadi);
  expect(await letsIn(code)).toBe(true);
  const awa = await member('Awa');
  expect(await letsIn(code)).toBe(false);
  await room.inside((at) => takeOut(at, kadi.id, awa.id));
  expect(await letsIn(code)).toBe(false);
  expect((await invites(kadi, 'Binta')).code).toBeUndefined();
  room.clock.advance(hours(24) + minutes(1));
  expect((await invites(kadi, 'Cheick')).code).toBeDefined();
});

it('an administrator cannot use an invitation that was taken back or ran out, or that a member who is gone made', async () => {
  const [kadi, awa, issa] = [await member('Kadi'), await member('Awa'), await member('Issa')];
  await invites(kadi);
  const { id } = await one(awa);
  expect(await room.inside((at) => dropInvitation(at, awa, id))).toBe('ok');
  expect(await yes(awa, id)).toBe('no_such');
  await invites(kadi);
  const late = await one(kadi);
  room.clock.advance(hours(25));
  expect(await yes(awa, late.id)).toBe('no_such');
  expect(await waiting(awa)).toEqual([]);
  await invites(issa);
  const left = await one(awa);
  await room.inside((at) => takeOut(at, kadi.id, issa.id));
  expect(await yes(awa, left.id)).toBe('no_such');
  // The operator, who holds the machine, can when all devices are lost.
  const invited = await room.inside((at) => invite(at, null, { name: 'Kadi', role: 'administrator' }));
  expect(invited.ok && (await letsIn(invited.code))).toBe(true);
});
