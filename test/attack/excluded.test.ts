/** What a person of the team who must not know of a case can and cannot learn of it, or do to it. */
import { globSync, readFileSync } from 'node:fs';
import Fastify, { type RouteOptions } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runScheduledDrill } from '../../src/app/alerts/drill.ts';
import { lookAtExclusions } from '../../src/app/alerts/exclusions.ts';
import { reporterStatus } from '../../src/app/alerts/reporter-status.ts';
import { sendDigest } from '../../src/app/duty/digest.ts';
import { storePlan } from '../../src/app/duty/duty-plan.ts';
import { notify } from '../../src/app/duty/officer-notices.ts';
import { officerText } from '../../src/app/duty/officer-wording.ts';
import { addOfficer } from '../../src/app/duty/officers.ts';
import { beginSession } from '../../src/app/members/sessions.ts';
import { ON_REFERENCE } from '../../src/app/officer-chat/officer.ts';
import { newReference } from '../../src/cases/reference.ts';
import type { Answers } from '../../src/conversation/values/answer.ts';
import { insertMember, insertPasskey } from '../../src/db/members.ts';
import { COOKIE } from '../../src/http/console/guard.ts';
import { consoleRoutes } from '../../src/http/console/routes.ts';
import { type App, speakZod } from '../../src/http/zod-provider.ts';
import {
  type CaseId,
  type MemberId,
  newId,
  type OfficerId,
  type PasskeyId,
  type PersonId,
} from '../../src/kernel/ids.ts';
import { ROLES, type Role } from '../../src/kernel/vocabulary.ts';
import { type DutyRoom, minutes, type Officer, openDutyRoom } from '../app/alerts/duty-room.ts';
import { until } from '../app/house.ts';

const ORIGIN = 'https://lakana.example.org';
/** A reference that no case has. */
const NONE = newReference();
const ZERO = '00000000-0000-4000-8000-000000000000';
const ARMY: Answers = { suspect: { kind: 'choice', value: 'state_security' } };
const KADI = { perpetrators: ['state_security'], regions: [] };

let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom();
});
afterEach(() => room.close());

/** Kadi supervises and must not have what the army is accused of; Binta and Issa may have everything. */
async function kadiAndOthers() {
  const kadi = await room.enrol('Kadi Coulibaly', { role: 'supervisor' });
  const binta = await room.enrol('Binta');
  const issa = await room.enrol('Issa', { role: 'supervisor' });
  await planIs([{ officer: kadi.officerId, ...KADI }]);
  return { kadi, binta, issa };
}

const planIs = (exclusions: Parameters<typeof storePlan>[2]) =>
  room.inside((at) => storePlan(at, { rotas: [], policies: [] }, exclusions));

/** The person names the army. */
async function names(caseId: CaseId): Promise<void> {
  await room.inside((at) => lookAtExclusions(at, caseId, ARMY, { areAll: true }));
  await room.cycle();
}

/** A case from which Kadi is excluded before anybody was paged. */
async function hidden(level: 'critical' | 'medium' = 'critical') {
  const made = await room.raise(level);
  await names(made.caseId);
  return made;
}

/** What stands on a phone, and everything that came after what stood there before. */
const shows = ({ contactId }: Officer) => room.screen(contactId).join('\n');

async function member(name: string, role: Role, officerId: OfficerId | null = null) {
  return room.inside(async ({ tx, ctx, now }) => {
    const id = newId<MemberId>();
    const nameSealed = ctx.keyring.seal('member-name', id, new TextEncoder().encode(name));
    await insertMember(tx, { id, officerId, nameSealed, role, recipient: 'age1pq1x', createdAt: now });
    const passkeyId = newId<PasskeyId>();
    const key = { credentialId: passkeyId, publicKey: new Uint8Array(1), counter: 0, transports: [] };
    const wrapped = { wrappedBy: 'prf' as const, wrappedSecret: new Uint8Array(1) };
    await insertPasskey(tx, { id: passkeyId, memberId: id, ...key, ...wrapped, createdAt: now });
    return {
      id,
      role,
      token: () => room.inside((at) => beginSession(at, id, passkeyId)),
    };
  });
}

describe('an officer who must not know of a case, in their chat', () => {
  it('cannot do, or find out, anything with any button or word: the answer is that of a case that does not exist', async () => {
    const { kadi } = await kadiAndOthers();
    const { reference } = await hidden();
    const before = await room.alert(reference);
    const answers = async (said: string) => {
      const seen = room.phones.get(kadi.contactId)?.length ?? 0;
      await room.say(kadi, said);
      // A reason for muting is asked for in neither case; whatever is begun ends.
      return JSON.stringify(
        (room.phones.get(kadi.contactId) ?? []).slice(seen).map(({ id: _, at: __, ...more }) => more),
      ).replaceAll(/[A-Z]{4}-\d{4}/g, 'REFERENCE');
    };
    const buttons = [...Object.keys(ON_REFERENCE).map((verb) => `o:${verb}:`), 'o:give:'];
    for (const button of buttons) {
      const end = button === 'o:give:' ? `/${kadi.officerId}` : '';
      const told = await answers(`${button}${reference}${end}`);
      expect(told, button).toBe(await answers(`${button}${NONE}${end}`));
      expect(told, button).toContain('REFERENCE');
    }
    const { texts } = room.ctx;
    const verbs = texts.keys('en').filter((key) => key.startsWith('officer.words.'));
    expect(verbs.length).toBeGreaterThan(20);
    for (const key of verbs)
      for (const word of texts.t('en', key).split(',').slice(0, 1)) {
        // These change what the chat is: nothing of a case.
        if (/words\.(reporter|code|test|off|on|way_|contact_)/.test(key)) continue;
        for (const say of [(of: string) => `${word} ${of}`, (of: string) => `${of} ${word} Issa`])
          expect(await answers(say(reference)), say(reference)).toBe(await answers(say(NONE)));
      }
    expect(await answers('list')).toContain('No open alert');
    // One that is about the only one there is would tell that there is one.
    for (const word of ['take', 'cannot', 'close', 'release']) {
      await answers(word);
      expect(JSON.stringify(room.last(kadi.contactId))).not.toContain(reference);
    }
    expect(await room.alert(reference)).toEqual(before);
    expect(
      shows(kadi).replaceAll(`No alert ${reference}.`, '').replaceAll(`${reference}: nothing`, ''),
    ).not.toContain(reference);
  });

  it('is told by no notice of any kind, whatever is done with the alert', async () => {
    const { kadi, binta, issa } = await kadiAndOthers();
    const { reference, caseId } = await hidden();
    // Every sentence for officers that can name a case, those that will be written too.
    const { texts } = room.ctx;
    const params = { reference, head: reference, text: reference, lines: reference, references: reference };
    const naming = texts
      .keys('en')
      .filter((key) => key.startsWith('officer.') && !key.startsWith('officer.words.'))
      .map((key) => key.slice('officer.'.length))
      .filter((key) => officerText(room.ctx, 'en', key, params).includes(reference));
    expect(naming.length).toBeGreaterThan(60);
    await room.inside(async (at) => {
      for (const key of naming) {
        const told = ({ contactId }: Officer) => notify(at, { contactId, language: 'en' }, { key, params });
        expect(await told(kadi), key).toBeUndefined();
        expect(await told(issa), key).toBeDefined();
      }
    });
    const seen = room.phones.get(kadi.contactId)?.length ?? 0;
    await room.say(binta, `o:take:${reference}`);
    await room.say(binta, `o:release:${reference}`);
    await room.say(binta, `o:take:${reference}`);
    await room.say(binta, `o:hand_over:${reference}`);
    expect(JSON.stringify(room.last(binta.contactId))).not.toContain('Kadi');
    await room.say(binta, `o:give:${reference}/${kadi.officerId}`);
    await room.pass(minutes(6));
    await room.say(issa, `o:end_reached:${reference}`);
    await room.inside((at) => reporterStatus(at, caseId));
    const calm = await hidden('medium');
    room.clock.set(new Date('2026-11-25T08:00:00Z'));
    await sendDigest(room.ctx);
    await room.cycle();
    expect(shows(issa)).toContain(calm.reference);
    expect(room.phones.get(kadi.contactId)?.length ?? 0).toBe(seen);
  });

  it('cannot tell from a number: of an exercise that is put off supervisors hear how many wait that they may know of', async () => {
    const { kadi, issa } = await kadiAndOthers();
    await hidden();
    await runScheduledDrill(room.ctx, room.clock.at());
    await room.cycle();
    expect(shows(issa)).toMatch(/exercise/i);
    expect(shows(kadi)).not.toMatch(/exercise/i);
  });

  it('was paged, then the accused was named: it is taken back from their phone, others are called, and they learn no more', async () => {
    const { kadi, binta } = await kadiAndOthers();
    const { reference, caseId } = await room.raise();
    await room.cycle();
    await room.say(kadi, `o:take:${reference}`);
    await room.say(kadi, 'list');
    expect(shows(kadi)).toContain(reference);
    await names(caseId);
    expect((await room.alert(reference)).state).toBe('open');
    expect(shows(kadi)).not.toContain(reference);
    expect(shows(binta)).toContain(reference);
    const seen = room.phones.get(kadi.contactId)?.length;
    await room.say(binta, `o:take:${reference}`);
    await room.say(binta, `o:end_resolved:${reference}`);
    expect(room.phones.get(kadi.contactId)?.length).toBe(seen);
  });

  it('has a page with several alerts: the others stay on it, and are paged again without this one', async () => {
    const { kadi } = await kadiAndOthers();
    const all = [await room.raise(), await room.raise(), await room.raise(), await room.raise()];
    await room.pass(minutes(1));
    const [first, ...others] = all;
    await names(first?.caseId ?? newId<CaseId>());
    await room.pass(minutes(5));
    expect(shows(kadi)).not.toContain(first?.reference);
    for (const { reference } of others) expect(shows(kadi)).toContain(reference);
  });

  it('is not tried on their other phone when the first one fails', async () => {
    const { kadi, binta } = await kadiAndOthers();
    const second = await room.enrolAlso(kadi);
    const { reference, caseId } = await room.raise();
    await room.inside((at) => lookAtExclusions(at, caseId, ARMY, { areAll: true }));
    room.blocked.add(kadi.contactId);
    await room.pass(minutes(3));
    expect(room.screen(second).join()).not.toContain(reference);
    expect(shows(binta)).toContain(reference);
  });

  it('is the same human with a second record: by the room’s membership, by a name, and by one that is made later', async () => {
    const { kadi, issa } = await kadiAndOthers();
    const again = await member('KADI  Coulibaly', 'coordinator');
    const { reference, caseId } = await hidden();
    expect((await room.alert(reference)).excluded.sort()).toEqual(
      ([kadi.officerId, again.id] as PersonId[]).sort(),
    );
    const second = await room.inside((at) =>
      addOfficer(at, { name: 'Kadi Coulibaly', role: 'officer', language: 'en' }),
    );
    expect((await room.alert(reference)).excluded).toContain(second.officerId);
    // Of a member: the officer that they are.
    const issaIn = await member('Issa T', 'administrator', issa.officerId);
    await planIs([{ member: issaIn.id, ...KADI }]);
    await room.inside((at) => lookAtExclusions(at, caseId, ARMY, { areAll: false }));
    await room.say(issa, `o:take:${reference}`);
    expect(room.last(issa.contactId)?.text).toBe(`No alert ${reference}.`);
  });
});

describe('a case that no supervisor may have', () => {
  /** What the outside contact was sent. */
  async function outside(): Promise<string[]> {
    await room.cycle();
    const [found] = await room.database.sql`select id from contacts where channel = 'email'`;
    return found ? room.screen(found.id) : [];
  }
  const reaches = () => {
    room.ctx.settings.outsideContact = { way: 'email', address: 'president@example.org' };
  };

  it('goes at once to everybody else who may have it, and a contact outside hears its bare reference, once', async () => {
    reaches();
    const { kadi, binta, issa } = await kadiAndOthers();
    const late = await room.enrol('Fanta', { isOnDuty: false });
    const { reference, caseId } = await room.raise();
    await room.cycle();
    expect(room.pages(late.contactId)).toHaveLength(0);
    await names(caseId);
    expect(await outside()).toEqual([]);
    await planIs([
      { officer: kadi.officerId, ...KADI },
      { officer: issa.officerId, ...KADI },
    ]);
    await names(caseId);
    expect(room.pages(late.contactId)).toHaveLength(1);
    expect(room.pages(binta.contactId).length).toBeGreaterThan(0);
    await room.pass(minutes(10));
    expect(await outside()).toEqual([
      expect.stringContaining(`Lakana ${reference}: no supervisor may have this case`),
    ]);
    expect(await room.log(reference)).toContain('outside_told');
  });

  it('and a second one at the same moment: both are told to the same outside contact', async () => {
    reaches();
    const kadi = await room.enrol('Kadi Coulibaly', { role: 'supervisor' });
    const raised = [await room.raise(), await room.raise()];
    await planIs([{ officer: kadi.officerId, ...KADI }]);
    const [one, other] = raised.map(({ caseId }) => caseId);
    if (!one || !other) throw new Error('no cases');
    // The second one begins before the first has committed.
    const { second } = await room.inside(async (at) => {
      await lookAtExclusions(at, one, ARMY, { areAll: true });
      const second = names(other);
      await until(async () => {
        const waits = await room.database
          .sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return waits.length > 0;
      });
      return { second };
    });
    await second;
    const told = (await outside()).join();
    for (const { reference } of raised) expect(told).toContain(reference);
  });

  it('and no one else either: the person is told that no officer has it and, asking, who else answers; and a contact outside hears it', async () => {
    reaches();
    const kadi = await room.enrol('Kadi Coulibaly', { role: 'supervisor' });
    await planIs([{ officer: kadi.officerId, ...KADI }]);
    const { reference, contactId, caseId } = await hidden();
    expect(await outside()).toEqual([
      expect.stringContaining(`Lakana ${reference}: nobody of the team may have this case`),
    ]);
    const told = room.screen(contactId).join('\n');
    expect(told).toBe('14:00 – no answer yet. Write "status".');
    // Who asks is told who else answers.
    const asked = await room.inside((at) => reporterStatus(at, caseId));
    const [received, there, ...others] = asked.map(({ key }) => key);
    expect([received, there]).toEqual(['status.received', 'status.nobody_there']);
    expect(others.join()).toMatch(/outside/);
    expect(room.phones.get(kadi.contactId) ?? []).toEqual([]);
    const calm = await hidden('medium');
    expect((await outside()).at(-1)).toContain(calm.reference);
  });
});

describe('an officer who must not know of a case, in the room', () => {
  /** What each route that wants a body is sent; `x`: the reference. A route that is not here and wants one fails. */
  const BODIES: Readonly<Record<string, readonly object[]>> = {
    'POST /console/api/alerts/:reference': [
      ...['take', 'take_again', 'cannot', 'release', 'seen', 'code_yes', 'code_no'].map((what) => ({
        do: what,
      })),
      { do: 'close', outcome: 'false_alarm' },
      { do: 'hand_over', to: ZERO },
      { do: 'phrase', phrase: 'call' },
    ],
    'POST /console/api/cases/:reference/level': [
      { level: 'critical' },
      { level: 'low', reason: { place: 0, ciphertext: 'eA==' } },
      { level: 'low' },
    ],
    'POST /console/api/cases/:reference/files/:id/heard': [{}],
    'POST /console/api/cases/:reference/printed': [{}],
    'POST /console/api/cases/:reference/notes': [{ place: 0, ciphertext: 'eA==' }],
    'POST /console/api/cases/:reference/files/:id/saved': [{ as: 'original' }, { as: 'copy' }],
    'POST /console/api/cases/:reference/replies': [{ text: 'x', place: 0, ciphertext: 'eA==' }],
    'POST /console/api/cases/:reference/status': [{ to: 'active' }, { to: 'rejected', reason: 'no_facts' }],
    'POST /console/api/cases/:reference/responsible': [{ to: ZERO }, { to: null }],
    'POST /console/api/cases/:reference/hold': [
      { do: 'hold', because: 'court' },
      { do: 'lift' },
      { do: 'agree' },
      { do: 'keep' },
    ],
    'POST /console/api/cases/:reference/erasure': [
      { do: 'ask', because: 'person_asked' },
      { do: 'agree' },
      { do: 'stop' },
    ],
    'POST /console/api/cases/:reference/tasks': [{ kind: 'erase', state: 'done' }],
  };

  type Ask = Awaited<ReturnType<typeof openConsole>>['ask'];
  type Route = { method: string; url: string; body: object | undefined };

  async function openConsole() {
    const app = Fastify() as unknown as App;
    const routes: { method: string; url: string }[] = [];
    speakZod(app);
    app.addHook('onRoute', ({ method, url }: RouteOptions) => {
      for (const each of [method].flat()) if (each !== 'HEAD') routes.push({ method: each, url });
    });
    await app.register(consoleRoutes, {
      ctx: room.ctx,
      site: () => ({ origin: ORIGIN, rpId: 'lakana.example.org' }),
      onChange: (heard) => {
        heard();
        return () => undefined;
      },
      news: () => '',
    });
    const ask = async (token: string, method: string, url: string, body?: object) => {
      const isStream = url === '/console/api/changes';
      const answer = await app.inject({
        method: method as 'GET',
        url,
        headers: { origin: ORIGIN },
        cookies: { [COOKIE]: token },
        ...(body ? { payload: body } : {}),
        payloadAsStream: true,
      });
      const chunks: Buffer[] = [];
      for await (const chunk of answer.stream()) {
        chunks.push(chunk as Buffer);
        if (isStream) break;
      }
      return { status: answer.statusCode, body: Buffer.concat(chunks).toString('latin1') };
    };
    return { app, routes, ask };
  }

  it('gets from every route, in every role, what it says of a case that does not exist', async () => {
    const { kadi, binta } = await kadiAndOthers();
    const made = await hidden();
    const calm = await hidden('medium');
    const closed = await hidden();
    await room.say(binta, `o:take:${closed.reference}`);
    await room.say(binta, `o:end_resolved:${closed.reference}`);
    const rows = await room.database.sql`select id from alerts`;
    const secret = [made, calm, closed].flatMap(({ reference, caseId }) => [reference, caseId as string]);
    const isSilent = (body: string, of: string) => {
      const told = [...secret, ...rows.map(({ id }) => String(id))].filter((each) => body.includes(each));
      expect(told, of).toEqual([]);
    };
    /** One route: of another thing it names none of them; of one of them it says what it says of none. */
    async function looks(
      ask: Ask,
      token: () => Promise<string>,
      { method, url, body }: Route,
    ): Promise<void> {
      const name = `${method} ${url}`;
      const ids = url.replace(':id', ZERO).replace(':language', 'fr');
      const path = /sealed-cases$|wraps$/.test(ids) ? `${ids}?after=` : ids;
      const asked = async (reference: string) =>
        ask(await token(), method, path.replace(':reference', reference), body);
      const none = await asked(NONE);
      isSilent(none.body, name);
      if (!url.includes(':reference')) return;
      if (method === 'POST') expect(BODIES[name], name).toBeDefined();
      const alike = body ? [made] : [made, calm, closed];
      for (const { reference } of alike) expect(await asked(reference), name).toEqual(none);
    }
    const { app, routes, ask } = await openConsole();
    const state = () => room.database.sql`select * from alerts order by id`;
    const before = await state();
    const sees = await member('Binta', 'administrator', binta.officerId);
    // A member looked at it: the log of looks has rows about it.
    expect((await ask(await sees.token(), 'GET', `/console/api/cases/${made.reference}`)).status).toBe(200);
    // With an officer's record, which one member has; in the others excluded as a member without one.
    const people = [
      await member('Kadi 1', 'administrator', kadi.officerId),
      await excludedMember('Kadi 2', 'officer'),
      await excludedMember('Awa', 'coordinator'),
      await excludedMember('Ousmane', 'auditor'),
      await excludedMember('Salif', 'translator'),
    ];
    expect(people.map(({ role }) => role).sort()).toEqual([...ROLES].sort());
    for (const { token } of people)
      for (const { method, url } of routes) {
        const sent = method === 'POST' ? (BODIES[`${method} ${url}`] ?? [{}]) : [undefined];
        for (const body of sent) await looks(ask, token, { method, url, body });
      }
    expect(await state()).toEqual(before.map((row) => ({ ...row, excluded: expect.anything() })));
    await app.close();
  });

  /** A member who was named in the plan; every case that is hidden from Kadi is hidden from them. */
  async function excludedMember(name: string, role: Role) {
    const who = await member(name, role);
    await room.database.sql`update alerts set excluded = excluded || ${room.database.sql.json([who.id])}`;
    return who;
  }

  it('finds no number that counts it, and in the log of looks a hash that keeps the chain checkable', async () => {
    const { kadi, binta } = await kadiAndOthers();
    const made = await hidden();
    const { app, ask } = await openConsole();
    const sees = await member('Binta', 'administrator', binta.officerId);
    const not = await member('Kadi', 'administrator', kadi.officerId);
    await ask(await sees.token(), 'GET', `/console/api/cases/${made.reference}`);
    const read = async (who: typeof sees, path: string) =>
      JSON.parse((await ask(await who.token(), 'GET', `/console/api/${path}`)).body);
    expect(await read(sees, 'inbox')).toMatchObject({ total: 1, alerts: [{ reference: made.reference }] });
    expect(await read(not, 'inbox')).toMatchObject({ total: 0, alerts: [], cases: [] });
    expect(await read(sees, 'team-key')).toMatchObject({ sealed: 1, lacking: 0 });
    expect(await read(not, 'team-key')).toMatchObject({ sealed: 0, lacking: 0 });
    const [stored] = await room.database
      .sql`select seq, encode(link, 'hex') as hash from audit_log where what = 'case_opened'`;
    const lines = (await read(not, 'audit')) as { seq: number }[];
    expect(lines.find(({ seq }) => seq === stored?.seq)).toEqual({ seq: stored?.seq, hash: stored?.hash });
    await app.close();
  });

  it('does not read where the next page of a search begins from it, nor keeps a key of it when cases are sealed anew', async () => {
    const { kadi, binta } = await kadiAndOthers();
    for (let n = 0; n < 30; n++) await room.raise('medium');
    // The last one of the first page.
    const [last] = await room.database
      .sql`select reference, case_id from alerts order by reference offset 24 limit 1`;
    await names(last?.case_id);
    const { app, ask } = await openConsole();
    const tokens = new Map<Officer, () => Promise<string>>();
    for (const who of [kadi, binta])
      tokens.set(who, (await member('x', 'administrator', who.officerId)).token);
    const get = async (who: Officer, path: string) =>
      (await ask((await tokens.get(who)?.()) ?? '', 'GET', `/console/api/${path}`)).body;
    expect(await get(binta, 'sealed-cases?after=')).toContain(last?.reference);
    expect(await get(kadi, 'sealed-cases?after=')).not.toContain(last?.reference);
    expect(await get(binta, 'wraps?after=')).toContain(last?.case_id);
    expect(await get(kadi, 'wraps?after=')).not.toContain(last?.case_id);
    await app.close();
  });
});

it('cannot be reached by a part that forgot to ask: each way from a person to a case goes by db/known.ts', () => {
  /** These look for a case or an alert without asking who wants it, and tell nobody of the team. */
  const FREE = [
    'src/app/records/case-opening.ts',
    'src/app/reporters/finding-a-case.ts',
    'src/app/alerts/drill.ts',
    'src/app/ground/metrics.ts',
  ];
  const unasked = /\b(findAlertByReference|findCaseByReference|listOpenAlerts|listCases|latestAlerts)\b/;
  const found = globSync('src/{app,http,service}/**/*.ts').filter((file) =>
    unasked.test(readFileSync(file, 'utf8')),
  );
  expect(found.filter((file) => !FREE.includes(file))).toEqual([]);
});
