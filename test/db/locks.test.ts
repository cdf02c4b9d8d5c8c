/** Cases and alerts are locked in one place and in one order, so that of two transactions none waits for one that waits for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { raiseAlertLevel, repeatSos } from '../../src/app/alerts/alerting.ts';
import { escalateDue } from '../../src/app/alerts/escalate.ts';
import { contactLost } from '../../src/app/alerts/page-failure.ts';
import { setReporterSafety, tellOfficer } from '../../src/app/alerts/reporter-news.ts';
import { close } from '../../src/app/decisions/closing.ts';
import { revokeContact } from '../../src/app/decisions/contact-revoking.ts';
import { type Decider, deciderOf } from '../../src/app/decisions/deciding.ts';
import { offer } from '../../src/app/decisions/handing-over.ts';
import { mute, unmute } from '../../src/app/decisions/muting.ts';
import { phonesOf } from '../../src/app/decisions/phones.ts';
import { sendPhrase } from '../../src/app/decisions/phrases.ts';
import { acknowledge, decline, release, take } from '../../src/app/decisions/taking.ts';
import type { Moment } from '../../src/app/ground/transaction.ts';
import { lastPagesTo } from '../../src/db/pages.ts';
import { type DutyRoom, type Officer, openDutyRoom } from '../app/alerts/duty-room.ts';
import { hold, somebodyWaits, until } from '../app/house.ts';

const source = resolve(import.meta.dirname, '../../src');

it('nothing but one file locks cases and alerts', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.tsx?$/.test(name),
  );
  const lockers = files.filter((name) => {
    const statements = readFileSync(join(source, name), 'utf8').split(';');
    const locks = (statement: string) =>
      (/\.(from|\w*[jJ]oin)\((\w+\.)?(cases|alerts)\b/.test(statement) && /\.for\(/.test(statement)) ||
      (/\b(cases|alerts)\b/.test(statement) && /\bfor (no key )?(update|key share|share)\b/i.test(statement));
    return statements.some(locks);
  });
  expect(lockers.map((name) => relative('.', name))).toEqual(['db/locks.ts']);
});

type Case = Awaited<ReturnType<DutyRoom['raise']>>;
type Work = (at: Moment, by: Decider, raised: Case) => Promise<unknown>;

let room: DutyRoom;
let awa: Officer;
beforeAll(async () => {
  room = await openDutyRoom({ max: 8 });
  awa = await room.enrol('Awa');
  await room.enrol('Binta');
  await room.enrolAlso(awa);
});
afterAll(() => room.close());

const ON_OPEN: Readonly<Record<string, Work>> = {
  take: (at, by, { reference }) => take(at, by, reference),
  decline: (at, by, { reference }) => decline(at, by, reference),
  'a page that is lost': async (at) => contactLost(at, await lastPagesTo(at.tx, awa.contactId)),
};
const ON_TAKEN: Readonly<Record<string, Work>> = {
  release: (at, by, { reference }) => release(at, by, reference),
  seen: (at, by, { reference }) => acknowledge(at, by, reference),
  offer: (at, by, { reference }) =>
    offer(at, by, reference, by.officers.find(({ id }) => id !== by.officer.id)?.id ?? by.officer.id),
  phones: (at, by, { reference }) => phonesOf(at, by, reference),
  phrase: (at, by, { reference }) => sendPhrase(at, by, reference, 'call'),
  mute: (at, by, { reference }) => mute(at, by, reference, 'insults'),
  unmute: (at, by, { reference }) => unmute(at, by, reference),
  close: (at, by, { reference }) => close(at, by, reference, 'resolved'),
  'a higher level': (at, _by, { caseId }) => raiseAlertLevel(at, { caseId, level: 'critical' }),
  'a second SOS': (at, _by, { caseId }) => repeatSos(at, caseId),
  'news of the reporter': (at, _by, { caseId }) => tellOfficer(at, caseId, 'mistake'),
  'a word on being written to': (at, _by, { caseId, contactId }) =>
    setReporterSafety(at, caseId, contactId, false),
  'a phone that was seized': (at) => revokeContact(at, awa.contactId),
};

/** While the case is held by another transaction: whether the alert is still free when `work` waits. */
async function waitsForTheCase(raised: Case, work: Work): Promise<void> {
  const letGo = await hold(room, (sql) => sql`select 1 from cases where id = ${raised.caseId} for update`);
  const working = room.inside(async (at) => {
    const by = await deciderOf(at.tx, awa.officerId);
    return by && work(at, by, raised);
  });
  await until(() => somebodyWaits(room));
  const free = await room.database.sql`
    select 1 from alerts where case_id = ${raised.caseId} for no key update skip locked`;
  await letGo();
  await working;
  expect(free).toHaveLength(1);
}

it.each(Object.entries(ON_OPEN))('%s: the case before the alert', async (_name, work) => {
  const raised = await room.raise();
  await room.cycle();
  await waitsForTheCase(raised, work);
});

it.each(Object.entries(ON_TAKEN))('%s: the case before the alert that was taken', async (_name, work) => {
  const raised = await room.raise('urgent');
  await room.say(awa, `o:take:${raised.reference}`);
  await waitsForTheCase(raised, work);
});

it('a page waits for no one who has the case', async () => {
  const raised = await room.raise();
  const letGo = await hold(room, (sql) => sql`select 1 from cases where id = ${raised.caseId} for update`);
  await escalateDue(room.ctx);
  expect(await room.log(raised.reference)).toContain('paged');
  await letGo();
});
