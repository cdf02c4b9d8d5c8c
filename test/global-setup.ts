import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PgBoss } from 'pg-boss';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../src/db/embedded.ts';
import { migrateDatabase } from '../src/db/migrate.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the test server's maintenance database. */
    databaseUrl: string;
    /** Name of the migrated database that test files clone. */
    databaseTemplate: string;
  }
}

/** One PostgreSQL for the whole run, with a migrated template that each test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lakana-test-'));
  const clean = () => rm(dataDir, { recursive: true, force: true });
  try {
    const server = await startEmbedded({ dataDir, isDurable: false });
    const template = `template_${randomUUID().slice(0, 8)}`;
    const sql = postgres(server.url, { max: 1, onnotice: () => {} });
    await sql.unsafe(`create database ${template}`);
    await sql.end();
    const url = new URL(server.url);
    url.pathname = `/${template}`;
    await migrateDatabase(url.href);
    await installJobs(url.href);
    project.provide('databaseUrl', server.url);
    project.provide('databaseTemplate', template);
    return async () => {
      await server.stop({ evenIfShared: true });
      await clean();
    };
  } catch (error) {
    await clean();
    throw error;
  }
}

/** What the service would do at its first start, in each test: a fifth of a second. */
async function installJobs(url: string): Promise<void> {
  const boss = new PgBoss({ connectionString: url, max: 1 });
  await boss.start();
  await boss.stop();
}
