/** The archive of a release: the same each time, whole, and enough for a machine that reaches no registry and no network at all. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROJECT } from '../../src/kernel/project.ts';

const run = promisify(execFile);
const TITLE = `lakana-${process.env.npm_package_version ?? '0.1.0'}-${process.platform}-${process.arch}`;

let folder = '';
let sums = '';
const made = async (name: string) => {
  await run(process.execPath, ['release/run.ts', join(folder, name)], { cwd: PROJECT });
  return readFile(join(folder, name, 'SHA256SUMS'), 'utf8');
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-released-'));
  // As root PostgreSQL is another user's, who must be able to pass.
  await chmod(folder, 0o755);
  sums = await made('out');
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('its hashes are those of its files, and of the console that is published with the source', async () => {
  const lines = sums
    .trim()
    .split('\n')
    .map((line) => line.split('  ') as [string, string]);
  expect(lines.map(([, name]) => name)).toEqual([
    `${TITLE}.tar.gz`,
    `${TITLE}.cdx.json`,
    `${TITLE}.console.sha256`,
  ]);
  for (const [hash, name] of lines) {
    const bytes = await readFile(join(folder, 'out', name));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(hash);
  }
  expect(await readFile(join(folder, 'out', `${TITLE}.console.sha256`), 'utf8')).toBe(
    await readFile(join(PROJECT, 'src/web/console.sha256'), 'utf8'),
  );
});

test('the list of its parts is CycloneDX and names each package that is in it, with version and hash', async () => {
  const bom = JSON.parse(await readFile(join(folder, 'out', `${TITLE}.cdx.json`), 'utf8'));
  expect(bom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'lakana' } } });
  const listed = new Set(
    bom.components.map(({ name, version }: { name: string; version: string }) => `${name}@${version}`),
  );
  await mkdir(join(folder, 'looked'));
  await run('tar', [
    '-xzf',
    join(folder, 'out', `${TITLE}.tar.gz`),
    '-C',
    join(folder, 'looked'),
    '--wildcards',
    '*/package.json',
  ]);
  const packages = (await readdir(join(folder, 'looked'), { recursive: true })).filter((path) =>
    /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path),
  );
  const there = new Set<string>();
  for (const path of packages) {
    const { name, version } = JSON.parse(await readFile(join(folder, 'looked', path), 'utf8'));
    there.add(`${name}@${version}`);
  }
  expect([...listed].sort()).toEqual([...there].sort());
  expect(bom.components.filter(({ hashes }: { hashes?: unknown }) => !hashes)).toEqual([]);
  expect(packages.length).toBeGreaterThan(150);
});

test('it starts where there is no network and nothing of npm’s, and shows the pages', async () => {
  const there = join(folder, 'there');
  await mkdir(there);
  await run('tar', ['-xzf', join(folder, 'out', `${TITLE}.tar.gz`), '-C', there, '--strip-components', '1']);
  const asks = `
    const said = await fetch('http://127.0.0.1:8099/console/').then((answer) => answer.status + ' ' + answer.headers.get('content-type'), () => '');
    process.stdout.write(said);`;
  // Alone with its loopback: whatever asked a registry would hang or fail.
  const script = `ip link set lo up 2>/dev/null || true
    cd ${there} && PORT=8099 LOG_LEVEL=silent DATA_DIR=${folder}/data ./lakana start > ${folder}/said 2>&1 & P=$!
    for n in $(seq 300); do grep -q 'Lakana is ready' ${folder}/said && break; kill -0 $P || break; sleep 0.2; done
    cd ${there} && node_modules/node/bin/node --input-type=module --eval "${asks.replaceAll('"', '\\"')}"
    kill $P; wait $P || true`;
  const { stdout } = await run('unshare', ['--net', 'sh', '-c', script], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: folder },
  });
  expect(await readFile(join(folder, 'said'), 'utf8')).toContain('Lakana is ready, in TRIAL MODE');
  expect(stdout).toMatch(/^200 text\/html|^302 /);
});

test('the same sources give the same archive, byte for byte', async () => {
  await rm(join(folder, 'there'), { recursive: true, force: true });
  await cp(join(folder, 'out/SHA256SUMS'), join(folder, 'first'));
  const again = await made('again');
  expect(again.split('\n')[0]).toBe(sums.split('\n')[0]);
});
