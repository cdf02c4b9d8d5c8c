/**
 * Dockerfile and compose.yaml, step by step, with the same commands, users and modes, without an engine: what is built runs as a live
 * service of user no. 1000 whose system is only read, with the keys that the first lines of compose.yaml make.
 */
import { type ChildProcess, execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { PROJECT } from '../../src/kernel/project.ts';
import { freePort } from '../end-to-end/officers-room.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/telegram.ts';
import type { DebianRoot } from './debian-root.ts';
import { build, type Image } from './dockerfile.ts';

const run = promisify(execFile);

let telegram: FakeTelegram;
let folder = '';
let image: Image | undefined;
const opened: DebianRoot[] = [];

/** The base image: Node 24, npm, and the user whom it has. */
async function nodeImage(root: DebianRoot): Promise<void> {
  const node = join(root.path, 'usr/local/bin/node');
  await rm(node, { force: true });
  await copyFile(process.execPath, node);
  await chmod(node, 0o755);
  await root.types('id node 2>/dev/null || useradd --non-unique --uid 1000 --user-group --create-home node');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-compose-'));
  [telegram, image] = await Promise.all([startFakeTelegram(), build(PROJECT, nodeImage, opened)]);
}, 600_000);
afterAll(async () => {
  await telegram?.close();
  for (const each of ['data', 'run/secrets', 'tmp'])
    await run('umount', ['--lazy', join(image?.root.path ?? '', each)]).catch(() => {});
  for (const root of opened) await root.close();
  await rm(folder, { recursive: true, force: true });
});

/** The commands in the first lines of compose.yaml, without the remarks beside them. */
async function firstLines(): Promise<string[]> {
  const text = await readFile(join(PROJECT, 'compose.yaml'), 'utf8');
  const [head = ''] = text.split('\n# Pin the images');
  return head.split('\n').flatMap((line) => {
    const [, command] = /^# {3}(\S.*?)(?: {2,}\(.*)?$/.exec(line) ?? [];
    return command ? [command] : [];
  });
}

test('the commands before the first start leave keys that the service alone may read, and doctor finds none open', async () => {
  const commands = await firstLines();
  expect(commands[0]).toBe('npm ci');
  const beside = join(folder, 'lakana');
  await run('git', ['clone', '--quiet', '--shared', PROJECT, beside]);
  await symlink(join(PROJECT, 'node_modules'), join(beside, 'node_modules'));
  for (const command of commands.slice(1))
    await run('sh', ['-c', command], { cwd: beside, env: { PATH: process.env.PATH } });
  const modes = await Promise.all(
    ['', 'server.key', 'server.key.pub', 'team.pub', 'database_owner'].map(async (name) => {
      const { uid, mode } = await stat(join(beside, 'secrets', name));
      return `${name} ${uid} ${(mode & 0o777).toString(8)}`;
    }),
  );
  expect(modes).toEqual([
    ' 0 700',
    'server.key 1000 600',
    'server.key.pub 0 644',
    'team.pub 0 644',
    'database_owner 0 644',
  ]);
});

test('what compose.yaml starts may change nothing but its data, and is reached from this machine alone', async () => {
  const { services, secrets } = parse(await readFile(join(PROJECT, 'compose.yaml'), 'utf8'));
  expect(services.lakana).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    ports: ['127.0.0.1:8080:8080'],
    volumes: ['lakana:/data'],
  });
  expect(services.database.ports).toBeUndefined();
  for (const name of [...services.lakana.secrets, ...services.database.secrets])
    expect(secrets[name].file).toMatch(/^\.\/secrets\//);
});

test('the image runs as its user, reads the keys as secrets, is healthy and hears people', async () => {
  if (!image) throw new Error('not built');
  const { root, env, command, health, user, folder: app } = image;
  expect(user).toBe('node');
  const { services, secrets } = parse(await readFile(join(PROJECT, 'compose.yaml'), 'utf8'));
  const data = join(folder, 'data');
  await mkdir(data);
  await chown(data, 1000, 1000);
  await mkdir(join(root.path, 'run/secrets'), { recursive: true });
  // As an engine does: a secret is the file itself, with its owner and mode.
  await run('mount', ['-t', 'tmpfs', 'tmpfs', join(root.path, 'run/secrets')]);
  for (const name of services.lakana.secrets) {
    const to = join(root.path, 'run/secrets', name);
    await run('cp', ['-p', join(folder, 'lakana', secrets[name].file), to]);
  }
  await run('mount', ['--bind', data, join(root.path, 'data')]);
  await run('mount', ['-t', 'tmpfs', 'tmpfs', join(root.path, 'tmp')]);
  await run('mount', ['-o', 'remount,ro', root.path]);
  const database = await ownDatabase();
  const port = String(await freePort());
  const settings = {
    ...env,
    SERVER_KEY_FILE: services.lakana.environment.SERVER_KEY_FILE,
    TEAM_RECIPIENT_FILE: services.lakana.environment.TEAM_RECIPIENT_FILE,
    SIGNING_KEY_FILE: services.lakana.environment.SIGNING_KEY_FILE,
    DATABASE_URL: database.url,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.root,
    LOG_LEVEL: 'silent',
    PORT: port,
  };
  const withEnv = (args: string[]) => [
    'env',
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    ...args,
  ];
  const service: ChildProcess = root.starts(withEnv(command), app, user);
  let said = '';
  for (const stream of [service.stdout, service.stderr])
    stream?.on('data', (chunk) => {
      said += String(chunk);
    });
  try {
    await expect.poll(() => said, { timeout: 60_000 }).toContain('Lakana is ready (live)');
    expect(said).not.toContain('pages');
    const isHealthy = root.starts(withEnv(health), app, user);
    expect(await once(isHealthy, 'close')).toEqual([0, null]);
    const awa = telegram.person('Awa');
    await awa.says('SOS');
    await awa.seesText(/./);
    const doctor = root.starts(withEnv(['./lakana', 'doctor']), app, user);
    let found = '';
    doctor.stdout?.on('data', (chunk) => {
      found += String(chunk);
    });
    await once(doctor, 'close');
    expect(found).toContain('✓ pages: as they are published with this version');
    expect(found).not.toContain('chmod');
    // The service may not change its program.
    const writes = root.starts(['touch', '/app/src/x'], app, user);
    expect((await once(writes, 'close'))[0]).not.toBe(0);
  } finally {
    service.kill('SIGTERM');
    await once(service, 'close');
    await database.close();
  }
});

/** As compose's own script makes it: a role that is no superuser, and its database. */
async function ownDatabase() {
  const url = new URL(inject('databaseUrl'));
  const name = `compose_${randomUUID().slice(0, 8)}`;
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  await sql.unsafe(`create role ${name} login password 'abc123'`);
  await sql.unsafe(`create database ${name} owner ${name}`);
  await writeFile(join(folder, 'database'), name);
  return {
    url: `postgres://${name}:abc123@127.0.0.1:${url.port}/${name}`,
    async close() {
      await sql.unsafe(`drop database ${name} with (force)`);
      await sql.unsafe(`drop role ${name}`);
      await sql.end();
    },
  };
}
