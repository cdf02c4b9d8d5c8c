/** The rules and the dashboard of `ops/` as Prometheus itself understands them, of Debian's package. Nothing is installed on the machine. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freePort } from '../end-to-end/officers-room.ts';
import { ROOT } from '../ops-files.ts';
import { recipe, unpackDebian } from './debian.ts';
import { type Killable, openKillable } from './killable.ts';

const run = promisify(execFile);
const TOKEN = 'a-token-for-those-who-watch';
let folder: string;
let service: Killable | undefined;
let prometheus: ChildProcess | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-prometheus-'));
  await chmod(folder, 0o755);
  await unpackDebian(folder, ['prometheus']);
});
afterEach(async () => {
  if (prometheus) {
    const ended = once(prometheus, 'exit');
    prometheus.kill('SIGKILL');
    await ended;
  }
  await service?.close();
});
afterAll(() => rm(folder, { recursive: true }));

const promtool = (...words: string[]) => run(join(folder, 'usr/bin/promtool'), words, { cwd: `${ROOT}ops` });

test('each rule fires on what it is for, and a service that is well fires none', async () => {
  expect((await promtool('check', 'rules', 'rules.yml')).stdout).toContain('SUCCESS: 19 rules found');
  const { stdout } = await promtool('test', 'rules', 'rules-test.yml');
  expect(stdout).toContain('SUCCESS');
});

/** Starts one as docs/operating/watched.md says, but for its pace; returns what asks it. */
async function watches(servicePort: number) {
  const port = await freePort();
  const page = (await recipe('yaml', 'docs/operating/watched.md'))
    .replace('<METRICS_TOKEN>', TOKEN)
    .replace('127.0.0.1:8080', `127.0.0.1:${servicePort}`)
    .replace('/opt/lakana/', ROOT);
  const config = join(folder, 'prometheus.yml');
  await writeFile(config, `global: { scrape_interval: 1s, evaluation_interval: 1s }\n${page}`);
  const args = [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`];
  prometheus = spawn(
    join(folder, 'usr/bin/prometheus'),
    [...args, `--storage.tsdb.path=${join(folder, 'data')}`],
    { stdio: 'ignore' },
  );
  return async (path: string): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`).catch(() => undefined);
    const said = (await answer?.json()) as { status: string; data: unknown } | undefined;
    return said?.status === 'success' ? said.data : undefined;
  };
}

test('a Prometheus that watches a service at work answers each question of the dashboard, and rings for nothing', async () => {
  service = await openKillable();
  const port = await freePort();
  await service.startsAnother({ PORT: String(port), METRICS_TOKEN: TOKEN });
  await service.officer('Kadi');
  const asks = await watches(port);
  const valuesOf = async (query: string): Promise<{ value: [number, string] }[] | undefined> => {
    const data = (await asks(`query?query=${encodeURIComponent(query)}`)) as
      | { result: { value: [number, string] }[] }
      | undefined;
    return data?.result;
  };
  const isSeen = async () => (await valuesOf('up{job="lakana"}'))?.[0]?.value[1];
  await expect.poll(isSeen, { timeout: 60_000 }).toBe('1');
  const awa = service.telegram.person('Awa');
  await awa.says('SOS');
  await awa.seesText('Nous avons reçu votre SOS');
  await expect.poll(async () => (await valuesOf('sum(lakana_alerts_untaken)'))?.[0]?.value[1]).toBe('1');

  const { panels } = JSON.parse(await readFile(`${ROOT}ops/dashboard.json`, 'utf8')) as {
    panels: { title: string; targets: { expr: string }[] }[];
  };
  for (const { title, targets } of panels)
    for (const { expr } of targets) expect(await valuesOf(expr), title).toBeDefined();
  // What is counted only now and then comes with the next look.
  for (const title of ['Database answers', 'Channels that are connected', 'Alerts that nobody has taken'])
    await expect
      .poll(() => valuesOf(panels.find((panel) => panel.title === title)?.targets[0]?.expr ?? ''), {
        timeout: 90_000,
        message: title,
      })
      .not.toEqual([]);

  const { groups } = (await asks('rules')) as { groups: { rules: { health: string; state: string }[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  expect(rules).toHaveLength(19);
  expect(rules.filter(({ health, state }) => health !== 'ok' || state === 'firing')).toEqual([]);
}, 180_000);
