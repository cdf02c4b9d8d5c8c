/** Starting builds no pages: it looks whether they are there, whole, and made from what lies in the folder. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkPages } from '../../src/doctor/machine.ts';
import { PROJECT } from '../../src/kernel/project.ts';
import { problemLine } from '../../src/service/banner.ts';
import { pagesFault, pagesProblem, stopsTrial } from '../../src/service/pages.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-pages-'));
  await put('src/web/page.ts', 'one');
  await put('locales/fr/console.yaml', 'bonjour');
  await put('dist/console/index.html', '<p>');
  await put('dist/web/simulator/index.html', '<b>');
  await put('src/web/console.sha256', `${hash('<p>')}  index.html\n`);
  const made = {
    from: { 'src/web/page.ts': hash('one'), 'locales/fr/console.yaml': hash('bonjour') },
    files: { 'console/index.html': hash('<p>'), 'web/simulator/index.html': hash('<b>') },
  };
  await put('dist/made.json', JSON.stringify(made));
});
afterEach(() => rm(folder, { recursive: true }));

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
async function put(path: string, text: string): Promise<void> {
  await mkdir(join(folder, dirname(path)), { recursive: true });
  await writeFile(join(folder, path), text);
}
const fault = () => pagesFault(folder);
/** What the operator of a machine without, or with, what builds reads. */
async function says(): Promise<string> {
  const found = await fault();
  return found ? problemLine(pagesProblem(found, folder)) : '';
}

describe('pages', () => {
  test('as they were built from what lies here are well', async () => {
    expect(await fault()).toBeUndefined();
    expect(await checkPages({ mode: 'live' }, fault())).toEqual([
      { name: 'pages', state: 'ok', detail: 'as they are published with this version' },
    ]);
  });

  test('that were never built, or not to the end, are missed; the mend is what this machine can do', async () => {
    await rm(join(folder, 'dist/made.json'));
    expect(await says()).toBe(
      'pages are not all there (dist/made.json): take the folder dist of this version anew (its archive has it), or npm ci, which builds it, then npm prune --omit=dev',
    );
    await put('dist/made.json', '{"from": {');
    await put('node_modules/.bin/vite', '');
    expect(await says()).toBe('pages are not all there (dist/made.json): npm run build');
  });

  test('of which one is gone, or another one than was built, are named', async () => {
    await put('dist/console/index.html', '<p>and something from a stranger');
    expect(await fault()).toEqual({ is: 'changed', file: 'dist/console/index.html' });
    expect(await checkPages({ mode: 'live' }, fault())).toMatchObject([{ state: 'fail', name: 'pages' }]);
    await rm(join(folder, 'dist/web/simulator/index.html'));
    await put('dist/console/index.html', '<p>');
    expect(await fault()).toEqual({ is: 'missing', file: 'dist/web/simulator/index.html' });
  });

  test('older than a source, a sentence or a new language are not shown to a developer in silence', async () => {
    await put('src/web/page.ts', 'two');
    expect(await says()).toMatch(/^pages are older than what they are made from \(src\/web\/page\.ts\): /);
    expect(stopsTrial({ is: 'old', file: '' })).toBe(true);
    await put('src/web/page.ts', 'one');
    await put('locales/fr/console.yaml', 'bonsoir');
    expect(await fault()).toEqual({ is: 'old', file: 'locales/fr/console.yaml' });
    await put('locales/fr/console.yaml', 'bonjour');
    await put('locales/bm/console.yaml', 'i ni ce');
    expect(await fault()).toEqual({ is: 'old', file: 'locales/bm/console.yaml' });
  });

  test('of a developer’s own run in a trial; live it is said that they are not the published ones', async () => {
    await put('src/web/console.sha256', `${hash('<p>')}  index.html\n${hash('x')}  worker.js\n`);
    expect(await fault()).toEqual({ is: 'unpublished', file: 'dist/console/worker.js' });
    expect(stopsTrial({ is: 'unpublished', file: '' })).toBe(false);
    expect(await checkPages({ mode: 'trial' }, fault())).toMatchObject([{ state: 'warn' }]);
    expect(await checkPages({ mode: 'live' }, fault())).toMatchObject([
      {
        state: 'fail',
        detail: 'are not those whose hashes are published with this version (dist/console/worker.js)',
      },
    ]);
  });

  test('are not built where nothing is there to build with, and nothing is said of it', async () => {
    const { scripts } = JSON.parse(await readFile(`${PROJECT}package.json`, 'utf8'));
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', scripts.prepare], { cwd: folder });
    expect(stdout + stderr).toBe('');
    // Starting builds in no way.
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?start$/.test(name))).toEqual(['start']);
    expect(scripts.start).toBe('exec ./lakana start');
  });

  test('are built with a list of everything that they are made from', async () => {
    const { from, files } = JSON.parse(await readFile(`${PROJECT}dist/made.json`, 'utf8'));
    for (const file of [
      'src/web/console/main.tsx',
      'src/web/console/index.html',
      'src/web/simulator/page.css',
      'src/web/console/icon.svg',
      'src/crypto/case-check.ts',
      'src/kernel/fold.ts',
      'locales/fr/console.yaml',
      'locales/bm/language.yaml',
      'vite.words.ts',
    ])
      expect(Object.keys(from)).toContain(file);
    for (const file of ['console/index.html', 'console/worker.js', 'web/simulator/index.html'])
      expect(Object.keys(files)).toContain(file);
  });
});
