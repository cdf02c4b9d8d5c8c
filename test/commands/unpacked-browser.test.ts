/** The browser that comes along is there whole or not at all, whatever else is unpacked or killed meanwhile. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unpackedBrowser } from '../../src/commands/print/unpacked-browser.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-unpacked-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Unpacks as the package does: a half first. */
const unpacks = (then: string) => `
  import { appendFileSync } from 'node:fs';
  import { tmpdir } from 'node:os';
  appendFileSync(tmpdir() + '/chromium', 'one half ');
  ${then}
  appendFileSync(tmpdir() + '/chromium', 'the other');`;

test('two that want it at once both find it whole, and a later one does not unpack it again', async () => {
  const beside = join(folder, 'at-once');
  const paths = await Promise.all([
    unpackedBrowser(beside, unpacks('')),
    unpackedBrowser(beside, unpacks('')),
  ]);
  expect(new Set(paths).size).toBe(1);
  expect(await readFile(String(paths[0]), 'utf8')).toBe('one half the other');
  expect(await unpackedBrowser(beside, 'process.exit(1)')).toBe(paths[0]);
  expect(await readdir(beside)).toHaveLength(1);
});

test('one that was cut off in the middle leaves nothing that the next one would take for a browser', async () => {
  const beside = join(folder, 'cut-off');
  expect(await unpackedBrowser(beside, unpacks("process.kill(process.pid, 'SIGKILL');"))).toBeUndefined();
  expect(await readdir(beside)).toEqual([]);
  const path = String(await unpackedBrowser(beside, unpacks('')));
  expect(await readFile(path, 'utf8')).toBe('one half the other');
  expect(dirname(path)).toContain(beside);
});
