/**
 * Fifty hostile phones and two hundred hostile clients, while twenty people call for help: how soon an officer is paged,
 * whether officers still get in, and what of memory it costs. The reference is the same twenty on a quiet line.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { createTeamKey } from '../src/crypto/case-key.ts';
import { generateKeyringFile } from '../src/crypto/keyring.ts';
import { addAuthenticator, openBrowser } from '../test/browser.ts';
import type { Person } from '../test/fakes/telegram/person.ts';
import { startFakeTelegram } from '../test/fakes/telegram/telegram.ts';
import type { Json } from '../test/fakes/telegram/wire.ts';
import { freePort, megabytes, rest } from './process.ts';
import { startFlags } from './start-flags.ts';
import { percentile, type Row } from './table.ts';
import type { Server } from './world.ts';

const PROJECT = join(import.meta.dirname, '..');
const CALLS = 20;
/** From the fourth alert in five minutes on an officer's pages are bundled: so many are paged one by one. */
const EACH_OFFICER = 3;
const EVERY_MS = 1_500;
const SIGN_INS = 5;
const PATIENCE = 60_000;
/** A call for help that is not paged so soon is counted as not paged. */
const LONGEST = 15_000;
const JUNK_PER_SECOND = 500;
const CLIENTS = 200;
const BIG = Buffer.alloc(20 * 1024 * 1024, 7);
/** What made the patterns of earlier versions backtrack. */
const LONG = `s${'ossss'.repeat(4_800)} x`;
/** What a proxy on this machine says of a client: the service takes its word (`TRUSTED_PROXY`). */
const OFFICE = { 'x-forwarded-for': '192.0.2.10' };

export async function benchAttack(server: Server): Promise<Row[]> {
  const world = await openWorld(server);
  try {
    const { waits: quiet, heard: heardQuietly } = await callForHelp(world);
    const before = await world.megabytes();
    const attack = startAttack(world);
    const { waits, heard } = await callForHelp(world);
    const signIns = await signIn(world);
    const during = attack.mostMegabytes();
    const done = await attack.stop();
    const after = await world.isWell();
    return [
      {
        what: `SOS to page, ${done.phones} hostile phones and ${CLIENTS} hostile clients`,
        median: percentile(waits, 0.5),
        p99: percentile(waits, 0.99),
        ratio: percentile(waits, 0.5) / percentile(quiet, 0.5),
        against: 'a quiet line',
        note: `${waits.length} of ${CALLS} paged, ${heard} heard further; ${done.updates} hostile updates, ${done.requests} hostile requests`,
      },
      {
        what: 'reference: SOS to page on a quiet line',
        median: percentile(quiet, 0.5),
        p99: percentile(quiet, 0.99),
        note: `${quiet.length} of ${CALLS} paged, ${heardQuietly} heard further`,
      },
      {
        what: 'an officer signs in during the attack',
        median: percentile(signIns, 0.5),
        p99: percentile(signIns, 0.99),
        note: `${signIns.length} of ${SIGN_INS} came in`,
      },
      {
        what: 'memory before the attack / at most during it',
        note: `${before} / ${during} MB resident; afterwards ${after ? 'ready' : 'NOT READY'}`,
      },
    ];
  } finally {
    await world.close();
  }
}

/** Milliseconds from the phone to the officer's of those who were paged, and how many were heard after it. */
type Calls = { waits: number[]; heard: number };

type World = Awaited<ReturnType<typeof openWorld>>;

/** A live service as its own process, on a Telegram of this process, behind what it takes for its proxy. */
async function openWorld(server: Server) {
  const folder = await mkdtemp(join(tmpdir(), 'lakana-bench-'));
  const telegram = await startFakeTelegram();
  const team = await createTeamKey();
  await writeFile(join(folder, 'server.key'), generateKeyringFile());
  await writeFile(join(folder, 'team.pub'), `${team.recipient}\n`);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = {
    ...process.env,
    DATABASE_URL: server.url,
    DATA_DIR: join(folder, 'data'),
    PORT: String(port),
    TRUSTED_PROXY: '127.0.0.1, ::1',
    LOG_LEVEL: 'silent',
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.root,
    SERVER_KEY_FILE: join(folder, 'server.key'),
    TEAM_RECIPIENT_FILE: join(folder, 'team.pub'),
  };
  const lakana = async (words: string[], more: Record<string, string> = {}) => {
    const cli = join(PROJECT, 'src', 'cli.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [cli, ...words, '--json'], {
      env: { ...env, ...more },
      cwd: PROJECT,
    });
    return JSON.parse(stdout) as Record<string, string>;
  };
  const child: ChildProcess = spawn(process.execPath, startFlags(), { cwd: PROJECT, env, stdio: 'ignore' });
  const isWell = async () =>
    (await fetch(`${url}/readyz`, { headers: OFFICE }).catch(() => undefined))?.ok === true;
  for (let tries = 0; !(await isWell()); tries++) {
    if (child.exitCode !== null || tries > 600) {
      child.kill('SIGKILL');
      throw new Error('the service was not ready within a minute');
    }
    await rest(100);
  }
  // A link is made for other devices only; this one is opened here.
  const elsewhere = 'https://lakana.example.org';
  const { link = '' } = await lakana(['setup'], { PUBLIC_URL: elsewhere });
  const browser = await openBrowser();
  const page = await browser.page({ viewport: { width: 390, height: 780 }, extraHTTPHeaders: OFFICE });
  page.setDefaultTimeout(PATIENCE);
  await joins(page, link.replace(elsewhere, url), team.secret);
  return {
    telegram,
    url,
    page,
    lakana,
    isWell,
    megabytes: () => megabytes(child),
    async close(): Promise<void> {
      await browser.close();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await telegram.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function joins(page: Page, link: string, teamSecret: string): Promise<void> {
  await addAuthenticator(await page.context().newCDPSession(page));
  await page.goto(link);
  await page.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
  await page.locator('#team-secret').fill(teamSecret);
  await page.keyboard.press('Enter');
  await page.locator('.inbox').waitFor();
}

/** Twenty people, one after the other; three to an officer, who is taken out again. Milliseconds from the phone to the officer's. */
async function callForHelp({ telegram, lakana }: World): Promise<Calls> {
  const waits: number[] = [];
  let heard = 0;
  for (let called = 0; called < CALLS; called += EACH_OFFICER) {
    const { code = '', id = '' } = await lakana(['officer', 'add', '--name', `Garde ${called}`]);
    const officer = telegram.person(`Garde ${called}`);
    await officer.says(`/start ${code}`);
    await officer.seesText(/\S/, { within: PATIENCE });
    for (let n = called; n < Math.min(CALLS, called + EACH_OFFICER); n++) {
      const person = telegram.person(`Awa ${n}`);
      waits.push(...(await oneCall(person, officer)));
      if (await goesOn(person)) heard += 1;
      await rest(EVERY_MS);
    }
    await lakana(['officer', 'remove', id]);
  }
  return { waits, heard };
}

/** Whether what is said after the cry for help is taken in, and answered by the next question. */
async function goesOn(person: Person): Promise<boolean> {
  try {
    await person.says('Kati, près du marché');
    await person.seesText('écrire ici sans danger', { within: LONGEST });
    return true;
  } catch {
    return false;
  }
}

async function oneCall(person: Person, officer: Person): Promise<number[]> {
  const began = performance.now();
  await person.says('SOS');
  try {
    const { text } = await person.seesText(/[A-Z]{4}-\d{4}/, { within: LONGEST });
    await officer.seesText(/[A-Z]{4}-\d{4}/.exec(text)?.[0] ?? '', { within: LONGEST, ever: true });
  } catch {
    return [];
  }
  return [performance.now() - began];
}

/** Out and in again, with the passkey. */
async function signIn({ page, url }: World): Promise<number[]> {
  const each: number[] = [];
  for (let n = 0; n < SIGN_INS; n++) {
    await page.context().clearCookies();
    const began = performance.now();
    try {
      await page.goto('about:blank');
      await page.goto(`${url}/console/`, { waitUntil: 'commit' });
      await page.locator('main button').first().click();
      await page.locator('.inbox').waitFor();
      each.push(performance.now() - began);
    } catch {
      // Counted as one who did not come in.
    }
  }
  return each;
}

function startAttack(world: World) {
  const { telegram } = world;
  let isOver = false;
  let most = 0;
  const sent = { updates: 0, requests: 0, phones: 0 };
  const forever = async (pauseMs: number, act: () => Promise<unknown>) => {
    while (!isOver) {
      await act().catch(() => undefined);
      await rest(pauseMs);
    }
  };
  telegram.fail({ method: 'file', with: 'hang', times: 30 });
  telegram.fail({ method: 'file', with: 'accept_then_drop', times: 200 });
  const phones: ((person: Person) => Promise<unknown>)[] = [
    (person) => person.says(LONG),
    (person) => person.says(`bonjour ${randomUUID()}`),
    (person) => person.sendsDocument(BIG, { name: '../../x.html' }),
    (person) => person.sendsVoice(BIG.subarray(0, 200_000)),
    (person) => person.says(`TAKO-${randomInt(1_000, 9_999)} ${randomInt(1e15, 9e15)}`),
  ];
  const hostile = Array.from({ length: 50 }, (_, n) => telegram.person(`Ennemi ${n}`));
  const running = [
    ...hostile.map((person, n) => {
      const act = phones[n % phones.length];
      sent.phones += 1;
      return forever(n % phones.length === 1 ? 50 : 1_000, async () => {
        sent.updates += 1;
        await act?.(person);
      });
    }),
    forever(100, async () => {
      for (let n = 0; n < JUNK_PER_SECOND / 10; n++)
        telegram.updates.push(...junk(hostile[randomInt(hostile.length)]?.id ?? 0));
      sent.updates += JUNK_PER_SECOND / 10;
    }),
    ...Array.from({ length: CLIENTS }, (_, n) =>
      forever(100, async () => {
        sent.requests += 1;
        await hostileRequest(world.url, n);
      }),
    ),
    forever(250, async () => {
      most = Math.max(most, await world.megabytes());
    }),
  ];
  return {
    mostMegabytes: () => most,
    async stop() {
      isOver = true;
      telegram.heal();
      await Promise.all(running);
      agent.destroy();
      for (const socket of held) socket.destroy();
      return sent;
    },
  };
}

/** Kind and content of an update as no messenger sends it, from the phone with this id. */
function junk(id: number): [string, Json] {
  const deep = JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`);
  const from = { id, is_bot: false, first_name: '\u202e' };
  const chat = { id: from.id, type: 'private' };
  const kinds: [string, Json][] = [
    ['message', { message_id: -1, chat: { id: 'x' }, text: deep }],
    ['callback_query', { id: randomUUID(), from, data: 'r:9999999999999999999:oui' }],
    ['edited_message', { message_id: 1e300, from, chat, date: -1, text: '\0' }],
    ['message', { __proto__: null, from: deep, chat, photo: {} }],
    ['message', { message_id: 1, from, chat, date: 1, location: { latitude: 'NaN', longitude: {} } }],
    ['my_chat_member', { from, chat, old_chat_member: 1, new_chat_member: [] }],
  ];
  return kinds[randomInt(kinds.length)] ?? ['message', {}];
}

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
const held: Socket[] = [];

/** One of what a client behind the proxy can do; each has an address of its own, a few take another client's too. */
function hostileRequest(root: string, n: number): Promise<void> {
  const { hostname, port } = new URL(root);
  const forwarded = `198.51.100.${n % 250}`;
  const headers = { 'x-forwarded-for': n % 7 === 0 ? `192.0.2.10, ${forwarded}` : forwarded, origin: root };
  const json = { ...headers, 'content-type': 'application/json' };
  const asks: (() => Promise<void>)[] = [
    () => send(root, 'GET', '/healthz', headers),
    () => send(root, 'POST', '/console/api/sign-in/begin', json, '{}'),
    () =>
      send(
        root,
        'POST',
        '/console/api/sign-in',
        json,
        JSON.stringify({ response: { id: randomUUID(), response: {} } }),
      ),
    () =>
      send(root, 'POST', '/telegram/webhook', json, JSON.stringify({ update_id: 1, x: 'x'.repeat(500_000) })),
    () =>
      send(root, 'GET', `/console/api/cases/${'A'.repeat(4_000)}`, {
        ...headers,
        cookie: `lakana_session=${randomUUID()}`,
      }),
    () => send(root, 'POST', '/console/api/join', json, 'x'.repeat(60_000)),
    async () => {
      if (held.length > 100) return;
      const socket = connect(Number(port), hostname, () =>
        socket.write('POST /healthz HTTP/1.1\r\nhost: x\r\n'),
      );
      socket.on('error', () => undefined);
      held.push(socket);
    },
  ];
  return asks[n % asks.length]?.() ?? Promise.resolve();
}

function send(
  root: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<void> {
  const done = Promise.withResolvers<void>();
  const asked = request(`${root}${path}`, { method, headers, agent, timeout: 10_000 }, (answer) => {
    answer.resume().once('close', () => done.resolve());
  });
  asked.once('error', () => done.resolve());
  asked.once('timeout', () => asked.destroy());
  asked.end(body);
  return done.promise;
}
