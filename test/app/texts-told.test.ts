/** Who is told when sentences on which safety hangs are said otherwise. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { changeText, decideText, stateOf } from '../../src/app/texts/changing.ts';
import { versionOf } from '../../src/app/texts/rows.ts';
import { textAt } from '../../src/conversation/said/own-texts.ts';
import { signMember } from '../../src/crypto/member-binding.ts';
import { findMember, type MemberRow } from '../../src/db/members.ts';
import type { OfficerId } from '../../src/kernel/ids.ts';
import { minutes } from '../../src/kernel/time.ts';
import type { Role } from '../../src/kernel/vocabulary.ts';
import { joins } from '../http/console/member.ts';
import { type DutyRoom, openDutyRoom } from './alerts/duty-room.ts';

let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom();
});
afterEach(() => room.close());

async function member(role: Role, name: string, officerId: OfficerId | null = null): Promise<MemberRow> {
  const { id } = await joins(room, role, officerId, { name });
  const row = await findMember(room.database.db, id);
  if (!row) throw new Error('nobody');
  const signature = signMember(room.ctx.keyring.signer, row);
  await room.database.sql`update members set signature = ${signature} where id = ${id}`;
  return { ...row, signature };
}

it('supervisors and coordinators read it in their chat, once for all of ten minutes, and it says no sentence and no name', async () => {
  const fanta = await room.enrol('Fanta', { role: 'supervisor' });
  const awa = await room.enrol('Awa');
  const issa = await room.enrol('Issa');
  const oumou = await member('coordinator', 'Oumou', awa.officerId);
  const mariam = await member('translator', 'Mariam');
  for (const key of ['sos.where.ask', 'report.consent.help']) {
    const name = { language: 'en', key };
    const now = textAt(room.ctx.content.now(), 'en', key);
    await changeText(room.ctx, mariam, { ...name, text: `${now} Take your time.`, seen: versionOf(now) });
    const of = stateOf(room.ctx, name)?.proposed?.seq ?? 0;
    await room.deliver();
    expect(await decideText(room.ctx, oumou, { ...name, of, isYes: true })).toEqual({ ok: true, is: 'done' });
  }
  room.clock.advance(minutes(10));
  await room.deliver();
  const told = (who: { contactId: typeof fanta.contactId }) =>
    room
      .sent(who.contactId)
      .map(({ text }) => text)
      .filter((text) => text.includes('sentences'));
  expect(told(fanta)).toEqual([
    'Important sentences of the service have changed, with the yes of two people. Read them in the room, under Texts, and talk about it if you do not know why.',
  ]);
  expect(told(awa)).toHaveLength(1);
  expect(told(issa)).toEqual([]);
});
