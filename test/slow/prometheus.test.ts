/** The rules of `ops/` as Prometheus itself understands them: by promtool of Debian's package. Nothing is installed on the machine. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../ops-files.ts';

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-prometheus-'));
  await chmod(folder, 0o755);
  const download = () => run('apt-get', ['download', 'prometheus'], { cwd: folder });
  await download().catch(async () => {
    await run('apt-get', ['update']);
    await download();
  });
  await run('sh', ['-c', 'for each in *.deb; do dpkg-deb -x "$each" .; done'], { cwd: folder });
});
afterAll(() => rm(folder, { recursive: true }));

const promtool = (...words: string[]) => run(join(folder, 'usr/bin/promtool'), words, { cwd: `${ROOT}ops` });

test('each rule fires on what it is for, and a service that is well fires none', async () => {
  expect((await promtool('check', 'rules', 'rules.yml')).stdout).toContain('SUCCESS: 19 rules found');
  const { stdout } = await promtool('test', 'rules', 'rules-test.yml');
  expect(stdout).toContain('SUCCESS');
});
