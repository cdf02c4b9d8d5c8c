import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PgBoss } from 'pg-boss';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { type Embedded, startEmbedded } from '../src/db/embedded.ts';
import { migrateDatabase } from '../src/db/migrate.ts';
import { buildPages } from './build-pages.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the test server's maintenance database. */
    databaseUrl: string;
    /** Its socket, if it has one. */
    databaseSocket: string | undefined;
    /** Name of the migrated database that test files clone. */
    databaseTemplate: string;
  }
}

/** One PostgreSQL for the whole run, with a migrated template that each test file clones; and the pages, meanwhile. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(await quickFolder(), 'lakana-test-'));
  const clean = () => rm(dataDir, { recursive: true, force: true });
  const building = buildPages();
  building.catch(() => undefined);
  let server: Embedded | undefined;
  try {
    server = await startEmbedded({ dataDir, isDurable: false });
    const template = `template_${randomUUID().slice(0, 8)}`;
    const sql = postgres(server.url, { max: 1, onnotice: () => {} });
    await cheapenPassword(sql, server.url);
    await sql.unsafe(`create database ${template}`);
    await sql.end();
    const url = new URL(server.url);
    url.pathname = `/${template}`;
    await migrateDatabase(url.href);
    await installJobs(url.href);
    project.provide('databaseUrl', server.url);
    project.provide('databaseSocket', server.socket);
    project.provide('databaseTemplate', template);
    await building;
    const { stop } = server;
    return async () => {
      await stop({ evenIfShared: true });
      await clean();
    };
  } catch (error) {
    await server?.stop({ evenIfShared: true });
    await clean();
    throw error;
  }
}

/** Memory, if there is plenty: a clone of the template is made of a thousand files, hundreds of times in a run. */
async function quickFolder(): Promise<string> {
  const memory = '/dev/shm';
  const space = await statfs(memory).catch(() => undefined);
  const free = space ? Math.min(space.bavail * space.bsize, freemem()) : 0;
  return free > 2 * 1024 ** 3 ? memory : tmpdir();
}

/** The password is checked at each of thousands of connections; its strength is nothing that a test is about. */
async function cheapenPassword(sql: postgres.Sql, url: string): Promise<void> {
  const { username, password } = new URL(url);
  await sql.unsafe(`set scram_iterations = 1; alter role ${username} password '${password}'`);
}

/** What the service would do at its first start, in each test: a fifth of a second. */
async function installJobs(url: string): Promise<void> {
  const boss = new PgBoss({ connectionString: url, max: 1 });
  await boss.start();
  await boss.stop();
}
