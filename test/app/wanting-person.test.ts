/** A reporter who wants to speak to a person: what the team has of it, and what they are told is true. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PlanKnows, readPlan } from '../../src/alerts/plan-file.ts';
import { seeToTask } from '../../src/app/console/erasure.ts';
import { readInbox } from '../../src/app/console/inbox.ts';
import { sendDigest } from '../../src/app/duty/digest.ts';
import { storePlan } from '../../src/app/duty/duty-plan.ts';
import { namesOfOfficers } from '../../src/app/duty/plan-keeping.ts';
import { type Moment, transact } from '../../src/app/ground/transaction.ts';
import { findMember, type MemberRow } from '../../src/db/members.ts';
import { joins } from '../http/console/member.ts';
import { type House, openHouse, referenceOn } from './house.ts';
import type { Phone } from './messenger.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const inside = <T>(work: (at: Moment) => Promise<T>): Promise<T> => transact(house.ctx, work);

/** Answers what is asked until it is noted; to be called on 76 00 00 00 in the evening. */
async function wantsToBeCalled(name: string): Promise<Phone> {
  const awa = house.person(name);
  await awa.says("Je veux parler à quelqu'un");
  await awa.presses('Non, pas en ce moment');
  await awa.presses('Oui');
  if (awa.last().includes('ne finissez pas')) await awa.presses('Les effacer');
  await awa.presses('Oui');
  await awa.presses('Par un appel');
  await awa.says('76 00 00 00');
  await awa.presses('Le soir, 18 h à 22 h');
  await awa.says('terminé');
  return awa;
}

const told = (phone: Phone): string => phone.screen().slice(-2).join('\n');

/** A member of the team who has joined the room does this. */
async function inTheRoom<T>(work: (at: Moment, member: MemberRow) => Promise<T>): Promise<T> {
  const room = { ...house, inside } as unknown as Parameters<typeof joins>[0];
  const { id } = await joins(room, 'officer');
  return inside(async (at) => {
    const member = await findMember(at.tx, id);
    if (!member) throw new Error('nobody is in the room');
    return work(at, member);
  });
}

test('a person of the team sees it in the room, with how and when to reach them, and the officer on duty hears of it quietly', async () => {
  const binta = await house.officer('Binta');
  const awa = await wantsToBeCalled('Awa');
  const reference = referenceOn(awa);
  await house.cycle();
  expect(binta.last()).toContain(`${reference} : la personne veut parler à quelqu'un de l'équipe.`);
  const { toSee } = await inTheRoom(readInbox);
  expect(toSee).toMatchObject([{ reference, level: 'low', tasks: ['person'] }]);
  const items = JSON.stringify((await house.read(reference)).items);
  expect(items).toContain('76 00 00 00');
  expect(items).toContain('evening');
  expect(items).toContain('wants_person');
  // Nobody is paged for it.
  expect(await house.database.sql`select 1 from alerts where is_quiet`).toHaveLength(1);
});

test('the digest names it every morning until a member has seen to it', async () => {
  const binta = await house.officer('Binta');
  const reference = referenceOn(await wantsToBeCalled('Awa'));
  await sendDigest(house.ctx);
  await house.deliver();
  expect(binta.last()).toContain(`Veulent parler à quelqu'un (1) : ${reference}`);
  const done = (at: Moment, member: MemberRow) =>
    seeToTask(at, member, reference, { kind: 'person', state: 'done' });
  expect(await inTheRoom(done)).toMatchObject({ ok: true });
  expect((await inTheRoom(readInbox)).toSee).toEqual([]);
  expect(JSON.stringify((await house.read(reference)).items)).toContain('"task":"person"');
});

test('it stands in the typed list beside the alerts, in the language of the officer who asks, until a member has seen to it', async () => {
  const binta = await house.officer('Binta');
  await binta.says('liste');
  expect(binta.last()).toBe('Aucune alerte ouverte.');
  const reference = referenceOn(await wantsToBeCalled('Awa'));
  await binta.says('liste');
  expect(binta.last()).toContain('À voir dans la salle :');
  expect(binta.last()).toContain(`Veulent parler à quelqu'un (1) : ${reference}`);
  await house.database.sql`update officers set language = 'en'`;
  await binta.says('list');
  expect(binta.last()).toContain(`Want to speak to somebody (1): ${reference}`);
  const done = (at: Moment, member: MemberRow) =>
    seeToTask(at, member, reference, { kind: 'person', state: 'done' });
  await inTheRoom(done);
  await binta.says('list');
  expect(binta.last()).not.toContain('to somebody');
});

test('it stands in no list of an officer who may not know of the case', async () => {
  const binta = await house.officer('Binta');
  const reference = referenceOn(await wantsToBeCalled('Awa'));
  const [officer] = await house.database.sql<{ id: string }[]>`select id from officers`;
  await house.database.sql`update alerts set excluded = ${house.database.sql.json([officer?.id ?? ''])}`;
  await binta.says('liste');
  expect(binta.last()).not.toContain(reference);
});

test('they are told who is on duty now, when the next duty begins, or that it is not known; and never a promise', async () => {
  const nobody = await wantsToBeCalled('Awa');
  expect(told(nobody)).toContain('Nous avons reçu votre demande à');
  expect(told(nobody)).toContain('Nous ne savons pas encore quand une personne pourra vous répondre.');
  const binta = await house.officer('Binta');
  expect(told(await wantsToBeCalled('Fanta'))).toContain('Une personne est de garde en ce moment.');
  await binta.says('pas de garde');
  expect(told(await wantsToBeCalled('Sira'))).toContain('Nous ne savons pas encore quand');
  await planIs('{ officers: Binta, hand_over: daily 20:00, from: 2026-11-01, only: daily 20:00-08:00 }');
  expect(told(await wantsToBeCalled('Kadi'))).toMatch(/la prochaine garde commence à (\d\d\/\d\d )?20:00\./);
});

test('once an officer has taken the case, that is what they are told', async () => {
  const binta = await house.officer('Binta');
  const awa = await wantsToBeCalled('Awa');
  await binta.does({ kind: 'button', data: `o:take:${referenceOn(awa)}` });
  await awa.says('statut');
  expect(told(awa)).toContain("s'en occupe depuis");
  expect(told(awa)).not.toContain('ne savons pas');
});

test('who asks again and again fills no one’s phone: it is one task, which counts', async () => {
  const binta = await house.officer('Binta');
  const awa = await wantsToBeCalled('Awa');
  const before = binta.screen().length;
  // They are asked nothing again.
  for (let n = 0; n < 3; n++) await awa.says('rappelez-moi');
  await house.cycle();
  expect(binta.screen()).toHaveLength(before);
  const [task] = await house.database.sql`select kind, times from case_tasks`;
  expect(task).toEqual({ kind: 'person', times: 4 });
  expect(await house.database.sql`select 1 from cases where reference is not null`).toHaveLength(1);
});

async function planIs(layer: string): Promise<void> {
  const names = await namesOfOfficers(house.ctx.db, house.ctx);
  const officers = [...names].map(([id, name]) => ({ id, name }));
  const knows: PlanKnows = {
    officers,
    regions: [],
    perpetrators: [],
    languages: ['fr'],
    timeZone: 'Africa/Bamako',
  };
  const read = readPlan(`rotas: [{ name: night, layers: [${layer}] }]`, knows);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  await inside((at) => storePlan(at, read.plan, read.exclusions));
}
