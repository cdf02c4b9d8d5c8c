/** The rights of the console: every route, every role, own and foreign case. */
import Fastify, { type RouteOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { raiseAlert } from '../../../src/app/alerts/alerting.ts';
import { addOfficer } from '../../../src/app/duty/officers.ts';
import type { Site } from '../../../src/app/members/passkeys.ts';
import { createDraft, openCase } from '../../../src/app/records/case-opening.ts';
import type { OpeningTrial } from '../../../src/contract/cases.ts';
import { consoleInterface, type Described } from '../../../src/contract/console.ts';
import { openCaseSecret, openSealed } from '../../../src/crypto/case-key.ts';
import { fingerprint } from '../../../src/crypto/fingerprint.ts';
import { updateAlert } from '../../../src/db/alerts.ts';
import { isOpeningProved } from '../../../src/db/audit.ts';
import { COOKIE, guard } from '../../../src/http/console/guard.ts';
import { consoleRoutes } from '../../../src/http/console/routes.ts';
import { type App, speakZod } from '../../../src/http/zod-provider.ts';
import type { AlertId, OfficerId } from '../../../src/kernel/ids.ts';
import { hours, minutes } from '../../../src/kernel/time.ts';
import { ROLES, type Role } from '../../../src/kernel/vocabulary.ts';
import { siteOf } from '../../../src/service/site.ts';
import { openRoom } from '../../app/room.ts';
import { unpacked } from '../../unpacked.ts';
import { joins } from './member.ts';

const ORIGIN = 'https://lakana.example.org';
const TEAM = ['officer', 'coordinator', 'administrator'];
const OVERSIGHT = ['coordinator', 'administrator', 'auditor'];
const ON_TEXTS = [...TEAM, 'translator'];
const EVERYBODY = [...TEAM, 'auditor', 'translator'];
const OUTSIDE = 'outside';

/** The written matrix. A route that does not stand here fails. */
const MATRIX: Readonly<Record<string, readonly string[] | typeof OUTSIDE>> = {
  'GET /console/api/openapi.json': EVERYBODY,
  'POST /console/api/join/begin': OUTSIDE,
  'POST /console/api/join': OUTSIDE,
  'POST /console/api/sign-in/begin': OUTSIDE,
  'POST /console/api/sign-in': OUTSIDE,
  'POST /console/api/sign-out': EVERYBODY,
  'GET /console/api/me': EVERYBODY,
  'GET /console/api/sessions': EVERYBODY,
  'DELETE /console/api/sessions/:id': EVERYBODY,
  'GET /console/api/words/:language': EVERYBODY,
  'GET /console/api/inbox': TEAM,
  'GET /console/api/changes': TEAM,
  'GET /console/api/news': TEAM,
  'GET /console/api/sealed-cases': TEAM,
  'GET /console/api/cases/:reference': TEAM,
  'GET /console/api/cases/:reference/files/:id': TEAM,
  'POST /console/api/cases/:reference/files/:id/heard': TEAM,
  'POST /console/api/cases/:reference/files/:id/saved': TEAM,
  'POST /console/api/cases/:reference/printed': TEAM,
  'POST /console/api/cases/:reference/notes': TEAM,
  'GET /console/api/cases/:reference/files/:id/looks': TEAM,
  'POST /console/api/opening-trial': TEAM,
  'POST /console/api/opening-trial/answer': TEAM,
  'POST /console/api/cases/:reference/replies': TEAM,
  'POST /console/api/alerts/:reference': TEAM,
  'POST /console/api/cases/:reference/level': TEAM,
  'POST /console/api/cases/:reference/status': TEAM,
  'POST /console/api/cases/:reference/responsible': TEAM,
  'GET /console/api/cases/:reference/responsible': TEAM,
  'POST /console/api/cases/:reference/erasure': TEAM,
  'POST /console/api/cases/:reference/hold': TEAM,
  'GET /console/api/retention': OVERSIGHT,
  'POST /console/api/cases/:reference/tasks': TEAM,
  'GET /console/api/erasures': OVERSIGHT,
  'GET /console/api/colleagues': TEAM,
  'GET /console/api/members': OVERSIGHT,
  'GET /console/api/officers': ['administrator'],
  'POST /console/api/members': ['administrator'],
  'GET /console/api/invitations': ['administrator'],
  'POST /console/api/invitations/:id/yes': ['administrator'],
  'POST /console/api/invitations/:id/link': ['administrator'],
  'DELETE /console/api/invitations/:id': ['administrator'],
  'POST /console/api/members/:id/grant': ['administrator'],
  'DELETE /console/api/members/:id': ['administrator'],
  'DELETE /console/api/devices/:id': ['administrator'],
  'GET /console/api/my-devices': EVERYBODY,
  'POST /console/api/my-devices': EVERYBODY,
  'DELETE /console/api/my-devices/:id': EVERYBODY,
  'GET /console/api/my-pushes': TEAM,
  'POST /console/api/my-pushes': TEAM,
  'DELETE /console/api/my-pushes': TEAM,
  'GET /console/api/doctor': ['coordinator', 'administrator'],
  'GET /console/api/team-key': ['coordinator', 'administrator'],
  'POST /console/api/team-key': ['administrator'],
  'DELETE /console/api/team-key/next': ['administrator'],
  'POST /console/api/team-key/forget-old': ['administrator'],
  'GET /console/api/wraps': ['coordinator', 'administrator'],
  'POST /console/api/wraps': ['coordinator', 'administrator'],
  'GET /console/api/voices': ON_TEXTS,
  'GET /console/api/voices/one': ON_TEXTS,
  'GET /console/api/voices/sound': ON_TEXTS,
  'POST /console/api/voices': ON_TEXTS,
  'POST /console/api/voices/decide': ON_TEXTS,
  'POST /console/api/voices/withdraw': ON_TEXTS,
  'GET /console/api/audit': OVERSIGHT,
  'GET /console/api/texts': ON_TEXTS,
  'GET /console/api/texts/list': ON_TEXTS,
  'GET /console/api/texts/one': ON_TEXTS,
  'POST /console/api/texts/preview': ON_TEXTS,
  'POST /console/api/texts/change': ON_TEXTS,
  'POST /console/api/texts/decide': ON_TEXTS,
  'POST /console/api/texts/review': ON_TEXTS,
  'POST /console/api/texts/comment': ON_TEXTS,
};

let room: Awaited<ReturnType<typeof openRoom>>;
let app: App;
let site: Site = { origin: ORIGIN, rpId: 'lakana.example.org' };
const routes: { method: string; url: string }[] = [];

const parts = () => ({
  ctx: room.ctx,
  site: () => site,
  onChange: () => () => undefined,
  news: () => '',
  doctor: async () => ({
    at: new Date(),
    language: 'fr',
    isForRealReporters: false,
    missing: ['this is trial mode'],
    checks: [{ name: 'database', state: 'ok' as const, detail: 'PostgreSQL 18' }],
  }),
});
const atConsole = (name: string): string => name.replace(' /', ' /console/api/');

beforeAll(async () => {
  room = await openRoom();
  app = Fastify();
  speakZod(app);
  app.addHook('onRoute', ({ method, url }: RouteOptions) => {
    for (const each of [method].flat()) if (each !== 'HEAD') routes.push({ method: each, url });
  });
  await app.register(consoleRoutes, parts());
});
afterAll(async () => {
  await app.close();
  await room.close();
});

/** A member with a session of their own; returns the token. */
const member = async (role: Role, officerId: OfficerId | null = null): Promise<string> =>
  (await joins(room, role, officerId)).token;

type Asked = { method: string; url: string };
async function statusOf({ method, url }: Asked, token?: string, headers: Record<string, string> = {}) {
  const path = url
    .replace(':reference', 'TAKO-4827')
    .replace(':language', 'fr')
    .replace(':id', '00000000-0000-4000-8000-000000000000');
  const answer = await app.inject({
    method: method as 'GET',
    url: path,
    headers: { origin: ORIGIN, ...headers },
    ...(token ? { cookies: { [COOKIE]: token } } : {}),
    ...(method === 'POST' ? { payload: {} } : {}),
    // The stream of changes has no end.
    payloadAsStream: true,
  });
  answer.stream().destroy();
  return answer.statusCode;
}

/** The parts of an OpenAPI document that are read here. */
type Operation = {
  requestBody?: object;
  parameters?: { in: string }[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
  security: object[];
};
type Document = { openapi: string; paths: Record<string, Record<string, Operation>> };

/** Where a document has a schema for what is asked, and for what is answered. */
function partsOf(operation: Operation | undefined) {
  const [answered] = Object.values(operation?.responses['200']?.content ?? {});
  return {
    isAsked: [...new Set(operation?.parameters?.map((each) => each.in))],
    hasBody: operation?.requestBody !== undefined,
    isAnswered: Object.keys(answered?.schema ?? {}).length > 0,
    isRefused: operation?.responses.default?.content !== undefined,
  };
}

const partsToldOf = ({ params, query, body, as }: Described) => ({
  isAsked: [...(params ? ['path'] : []), ...(query ? ['query'] : [])],
  hasBody: body !== undefined,
  // A file's bytes are no JSON.
  isAnswered: as !== 'bytes',
  isRefused: true,
});

describe('each route of the console', () => {
  it('stands in the written matrix, and nothing else does', () => {
    expect(routes.map(({ method, url }) => `${method} ${url}`).sort()).toEqual(Object.keys(MATRIX).sort());
  });

  it.each(ROLES)('lets %s do what the matrix says, and nothing more', async (role) => {
    for (const route of routes) {
      // Signing out ends it.
      const token = await member(role);
      const name = `${route.method} ${route.url}`;
      const allowed = MATRIX[name] ?? [];
      const status = await statusOf(route, token);
      if (allowed === OUTSIDE) expect(status, name).not.toBe(403);
      else if (allowed.includes(role)) expect([401, 403], name).not.toContain(status);
      else expect(status, name).toBe(403);
    }
  });

  it('leaves a translator nothing but texts and their voices, and of themselves what everybody has', () => {
    const theirs = Object.entries(MATRIX).flatMap(([name, who]) =>
      who.includes('translator') ? [name] : [],
    );
    const OWN = /\/(openapi\.json|sign-out|me|sessions(\/:id)?|words\/:language|my-devices(\/:id)?)$/;
    expect(theirs.filter((name) => !/\/(texts|voices)\b/.test(name) && !OWN.test(name))).toEqual([]);
  });

  it('refuses a person who is not signed in, or whose session is wrong or old', async () => {
    const token = await member('administrator');
    const inside = routes.filter(({ method, url }) => MATRIX[`${method} ${url}`] !== OUTSIDE);
    for (const route of inside) {
      expect(await statusOf(route)).toBe(401);
      expect(await statusOf(route, 'guessed')).toBe(401);
    }
    const me = { method: 'GET', url: '/console/api/me' };
    expect(await statusOf(me, token)).toBe(200);
    room.clock.advance(minutes(31));
    expect(await statusOf(me, token)).toBe(401);
    const busy = await member('administrator');
    for (let spent = 0; spent < hours(8); spent += minutes(20)) {
      expect(await statusOf(me, busy)).toBe(200);
      room.clock.advance(minutes(20));
    }
    expect(await statusOf(me, busy)).toBe(401);
  });

  it('refuses what another site’s page asks', async () => {
    const token = await member('administrator');
    for (const route of routes) {
      expect(await statusOf(route, token, { 'sec-fetch-site': 'cross-site' })).toBe(403);
      if (route.method === 'GET') continue;
      expect(await statusOf(route, token, { origin: 'https://evil.example.org' })).toBe(403);
      expect(await statusOf(route, token, { origin: '' })).toBe(403);
    }
  });

  it('must name a right, or the service does not start', async () => {
    const careless = Fastify();
    guard(careless as unknown as App, { origin: () => ORIGIN, who: async () => undefined });
    expect(() => careless.get('/console/api/forgotten', async () => 1)).toThrow('no right is named');
  });

  it('is described with what is asked and what is answered, and in the document that members can read', async () => {
    const cookies = { [COOKIE]: await member('auditor') };
    const answer = await app.inject({ url: '/console/api/openapi.json', cookies });
    const { openapi, paths } = answer.json<Document>();
    expect(openapi).toBe('3.1.0');
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(described.sort()).toEqual(Object.keys(MATRIX).sort());
    expect(described).toEqual(Object.keys(consoleInterface).map(atConsole).sort());
    for (const [name, route] of Object.entries<Described>(consoleInterface)) {
      const [method = '', url = ''] = atConsole(name).split(' ');
      const operation = paths[url.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      expect(partsOf(operation), name).toEqual(partsToldOf(route));
      expect(operation?.security, name).toEqual(
        MATRIX[`${method} ${url}`] === OUTSIDE ? [] : [{ session: [] }],
      );
    }
  });

  it('must be described, or the service does not start', async () => {
    const careless = Fastify();
    guard(careless as unknown as App, { origin: () => ORIGIN, who: async () => undefined });
    const config = { right: 'self' } as const;
    expect(() => careless.get('/console/api/forgotten', { config }, async () => 1)).toThrow('not described');
  });

  it('lets nothing out that its description does not name', async () => {
    const secret = 'the seed of the server';
    const [key] = room.ctx.keyring.signingKeys;
    const keyring = { ...room.ctx.keyring, signingKeys: [{ ...key, seed: secret }] };
    const leaky = Fastify();
    speakZod(leaky);
    await leaky.register(consoleRoutes, {
      ...parts(),
      ctx: { ...room.ctx, keyring } as typeof room.ctx,
    });
    const answer = await leaky.inject({
      url: '/console/api/me',
      cookies: { [COOKIE]: await member('officer') },
    });
    await leaky.close();
    expect(answer.json()).toMatchObject({ name: 'Kadi', signing: [{ keyId: key?.keyId }] });
    expect(answer.body).not.toContain(secret);
  });

  it('keeps tokens as keyed hashes only', async () => {
    const token = await member('officer');
    const rows = await room.database.sql`select * from sessions`;
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});

describe('a case', () => {
  it('is not given to an officer who is excluded from it, not even sealed; every look is noted', async () => {
    const officerId = await room.inside(async (at) => {
      const added = await addOfficer(at, { name: 'Kadi', role: 'officer', language: 'fr' });
      return added.officerId;
    });
    const contactId = await room.newContact();
    const { reference, caseId } = await room.inside(async (at) => {
      const caseId = await createDraft(at, 'telegram');
      const level = 'critical' as const;
      const found = await openCase(at, caseId, { level, isSubmitted: false, isUnfinished: false });
      await raiseAlert(at, { caseId, reference: found, level, contactId });
      return { reference: found, caseId };
    });
    const [alert] = await room.database.sql`select id from alerts where case_id = ${caseId}`;
    const own = await member('officer', officerId);
    const get = (token: string) =>
      app.inject({ url: `/console/api/cases/${reference}`, cookies: { [COOKIE]: token } });
    expect(await unpacked((await get(own)).rawPayload)).toMatchObject({ reference });
    await room.inside(({ tx }) => updateAlert(tx, alert?.id as AlertId, { excluded: [officerId] }));
    const refused = await get(own);
    expect(refused.statusCode).toBe(404);
    expect(refused.json()).toEqual({ error: 'no_such' });
    expect((await get(await member('coordinator'))).statusCode).toBe(200);
    // Nor its key, when cases are sealed anew.
    const wraps = async (token: string) => {
      const answer = await app.inject({
        url: '/console/api/wraps?after=',
        cookies: { [COOKIE]: token },
      });
      const { cases } = await unpacked<{ cases: { id: string }[] }>(answer.rawPayload);
      return cases.map(({ id }) => id);
    };
    // An officer's record belongs to one member: the other one is gone.
    await room.database.sql`update members set removed_at = now() where officer_id = ${officerId}`;
    expect(await wraps(await member('coordinator', officerId))).not.toContain(caseId);
    expect(await wraps(await member('coordinator'))).toContain(caseId);
    const looks = await room.database.sql`select case_id from audit_log where what = 'case_opened'`;
    expect(looks.map((row) => row.case_id)).toEqual([caseId, caseId]);
    const { sql } = room.database;
    await expect(sql`update audit_log set what = 'signed_in'`).rejects.toThrow('kept as it is');
    await expect(sql`delete from audit_log`).rejects.toThrow('kept as it is');
    await expect(sql`truncate audit_log`).rejects.toThrow('kept as it is');
  });
});

describe('a link for another device', () => {
  it('is given by no live service without PUBLIC_URL: nothing is made, and the setting is named', async () => {
    const live = { mode: 'live', publicUrl: ORIGIN } as const;
    const here = siteOf({ mode: 'live' }, 'http://127.0.0.1:8080');
    expect(
      [siteOf(live, ''), siteOf({ mode: 'trial' }, here.origin), here].map((each) => each.isOnlyHere),
    ).toEqual([false, false, true]);
    const headers = { origin: ORIGIN };
    const cookies = { [COOKIE]: await member('administrator') };
    const invites = (url: string, payload: object) =>
      app.inject({ method: 'POST', url, headers, cookies, payload });
    const known = site;
    site = { ...known, isOnlyHere: true };
    const asked = [
      await invites('/console/api/members', { name: 'Issa', role: 'officer' }),
      await invites(`/console/api/invitations/${crypto.randomUUID()}/link`, {}),
      await invites('/console/api/my-devices', {
        response: { id: 'x', response: {} },
        wrappedSecret: 'eA==',
      }),
    ];
    site = known;
    expect(asked.map((answer) => answer.json())).toEqual(Array(3).fill({ error: 'no_public_url' }));
    expect(await room.database.sql`select 1 from invitations`).toHaveLength(0);
    expect((await invites('/console/api/members', { name: 'Issa', role: 'officer' })).statusCode).toBe(200);
  });
});

describe('that cases can be opened', () => {
  it('counts as proved only once the word out of a sealed test case came back, and only for the team’s key in use', async () => {
    const cookies = { [COOKIE]: await member('officer') };
    const headers = { origin: ORIGIN };
    const at = '/console/api/opening-trial';
    const asks = async () => {
      const answer = await app.inject({ method: 'POST', url: at, cookies, headers, payload: {} });
      return (await unpacked<{ trial: OpeningTrial | null }>(answer.rawPayload)).trial;
    };
    const answers = async ({ id, hash }: OpeningTrial, word: string) => {
      const payload = { id, word, hash: Buffer.from(hash).toString('base64') };
      return (await app.inject({ method: 'POST', url: `${at}/answer`, cookies, headers, payload }))
        .statusCode;
    };
    const key = fingerprint(room.team.recipient);
    const isProved = () => isOpeningProved(room.database.db, key);
    const [trial, other] = [await asks(), await asks()];
    if (!trial || !other) throw new Error('no trial');
    const opens = async ({ id, wraps, ciphertext }: OpeningTrial): Promise<string> => {
      const secret = await openCaseSecret(room.team.secret, id, wraps[0]?.wrapped ?? new Uint8Array());
      const header = { type: 'opening-trial', version: 1, caseId: id, place: 0 };
      const { word } = JSON.parse(new TextDecoder().decode(await openSealed(secret, header, ciphertext)));
      return word as string;
    };
    // A look is no proof; nor is a guessed word, or that of another test case.
    for (const [given, word] of [
      [trial, ''],
      [trial, 'a'.repeat(32)],
      [trial, await opens(other)],
      [{ ...trial, hash: new Uint8Array(trial.hash.length) }, await opens(trial)],
      [{ ...trial, hash: new Uint8Array() }, await opens(trial)],
    ] as const)
      expect(await answers(given, word)).toBe(409);
    expect(await isProved()).toBe(false);
    expect(await answers(trial, await opens(trial))).toBe(200);
    expect(await isProved()).toBe(true);
    expect(await isOpeningProved(room.database.db, 'another key')).toBe(false);
    // Once is enough.
    expect(await asks()).toBeNull();
    expect(await answers(trial, await opens(trial))).toBe(200);
    expect(await room.database.sql`select 1 from audit_log where what = 'opening_proved'`).toHaveLength(1);
  });
});
