/** Who is told when sentences on which safety hangs are said otherwise. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { versionOf } from '../../src/app/changes/rows.ts';
import { stateOf } from '../../src/app/texts/appending.ts';
import { changeText, decideText } from '../../src/app/texts/changing.ts';
import { roomVoices } from '../../src/app/texts/heard.ts';
import { languagesToWorkOn } from '../../src/app/texts/reading.ts';
import { decideVoice, recordVoice, withdrawVoice } from '../../src/app/texts/recorded.ts';
import { spokenVersion } from '../../src/conversation/flows/spoken-keys.ts';
import { textAt } from '../../src/conversation/said/own-texts.ts';
import { signMember } from '../../src/crypto/member-binding.ts';
import { findMember, type MemberRow } from '../../src/db/members.ts';
import { checkTexts } from '../../src/doctor/texts.ts';
import type { OfficerId } from '../../src/kernel/ids.ts';
import { days, minutes } from '../../src/kernel/time.ts';
import type { Role } from '../../src/kernel/vocabulary.ts';
import { joins } from '../http/console/member.ts';
import { recording } from '../ogg.ts';
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

type Enrolled = Awaited<ReturnType<DutyRoom['enrol']>>;
const toldTo = (who: Enrolled, word: string) =>
  room
    .sent(who.contactId)
    .map(({ text }) => text)
    .filter((text) => text.includes(word));
const SENTENCE = { language: 'en', key: 'sos.where.ask' };
/** One proposes another sentence, and one agrees. */
async function change(first: MemberRow, second: MemberRow, more: string): Promise<void> {
  const now = textAt(room.ctx.content.now(), 'en', SENTENCE.key);
  await changeText(room.ctx, first, { ...SENTENCE, text: `${now} ${more}`, seen: versionOf(now) });
  const of = stateOf(room.ctx, SENTENCE)?.proposed?.seq ?? 0;
  expect(await decideText(room.ctx, second, { ...SENTENCE, of, isYes: true })).toMatchObject({ ok: true });
}
const untold = () => languagesToWorkOn(room.ctx, room.clock.at()).untold;

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
  const told = (who: Enrolled) => toldTo(who, 'sentences');
  expect(told(fanta)).toEqual([
    'Important sentences of the service have changed, with the yes of two people. Read them in the room, under Texts, and talk about it if you do not know why.',
  ]);
  expect(told(awa)).toHaveLength(1);
  expect(told(issa)).toEqual([]);
});

it('where all who answer for texts are those who did it, everybody is told, and the room and the doctor say that', async () => {
  const awa = await room.enrol('Awa');
  const issa = await room.enrol('Issa');
  const oumou = await member('coordinator', 'Oumou', awa.officerId);
  const mariam = await member('translator', 'Mariam');
  await change(mariam, oumou, 'Take your time.');
  room.clock.advance(minutes(10));
  await room.deliver();
  expect(toldTo(issa, 'sentences')).toHaveLength(1);
  expect(untold()).toEqual([SENTENCE]);
  expect(await checkTexts(room.database.db, room.ctx.keyring, room.clock.at())).toMatchObject({
    state: 'warn',
    detail: expect.stringContaining('en sos.where.ask'),
  });
  // An administrator who is none of the two, and can be reached.
  const kadi = await room.enrol('Kadi');
  await member('administrator', 'Kadi', kadi.officerId);
  await change(mariam, oumou, 'We wait.');
  expect(untold()).toEqual([]);
  room.clock.advance(minutes(10));
  await room.deliver();
  expect(toldTo(kadi, 'sentences')).toHaveLength(1);
  expect(toldTo(issa, 'sentences')).toHaveLength(1);
});

it('a supervisor of the name of one of the two is no other one, and after a month it is said no more', async () => {
  const fanta = await room.enrol('Oumou', { role: 'supervisor' });
  const mariam = await member('translator', 'Mariam');
  const oumou = await member('coordinator', 'Oumou');
  await change(mariam, oumou, 'Take your time.');
  expect(untold()).toEqual([SENTENCE]);
  room.clock.advance(days(31));
  expect(untold()).toEqual([]);
  expect(fanta.officerId).not.toBeNull();
});

it('that a recording was withdrawn is told too, in other words', async () => {
  const fanta = await room.enrol('Fanta', { role: 'supervisor' });
  const mariam = await member('translator', 'Mariam');
  const oumou = await member('coordinator', 'Oumou');
  const name = { language: 'en', key: 'report.danger.ask' };
  room.ctx.voices = roomVoices(
    new Map(),
    () => room.ctx.conversation,
    () => room.ctx,
  );
  const version = spokenVersion(room.ctx.texts, 'en', name.key);
  await recordVoice(room.ctx, mariam, { ...name, version, ogg: recording('first') });
  const id = stateOf(room.ctx, name)?.voice?.waits?.recording.id ?? '';
  expect(await decideVoice(room.ctx, oumou, { ...name, id, isYes: true })).toMatchObject({ ok: true });
  expect(await withdrawVoice(room.ctx, mariam, { ...name, id })).toMatchObject({ ok: true });
  room.clock.advance(minutes(10));
  await room.deliver();
  expect(toldTo(fanta, 'sentences')).toHaveLength(1);
  expect(toldTo(fanta, 'recording')).toEqual([
    'A recording that people heard has been taken out of use. Look in the room, under Texts, and talk about it if you do not know why.',
  ]);
});
