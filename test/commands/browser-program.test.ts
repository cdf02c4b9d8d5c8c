/** On machines of other kinds than this one: which browser tests and printing take, and what is said where there is none. */
import { expect, test } from 'vitest';
import { browserProgram, noBrowser, switchesOf } from '../../src/commands/print/browser-program.ts';

const only = (there: string) => async (path: string) => path === there;
const none = async () => false;

test('a board of a small office takes Debian’s Chromium, a developer’s Mac its Chrome', async () => {
  const board = { platform: 'linux', arch: 'arm64' };
  const mac = { platform: 'darwin', arch: 'arm64' };
  const debians = '/usr/bin/chromium';
  const apples = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  expect(await browserProgram({ machine: board, isThere: only(debians) })).toEqual({
    path: debians,
    isOurs: false,
  });
  expect(await browserProgram({ machine: mac, isThere: only(apples) })).toEqual({
    path: apples,
    isOurs: false,
  });
  expect(await browserProgram({ machine: mac, isThere: only(debians) })).toBeUndefined();
});

test('where there is none, one line says what to install; one that was named and is none is named', async () => {
  expect(
    await browserProgram({ machine: { platform: 'linux', arch: 'arm64' }, isThere: none }),
  ).toBeUndefined();
  expect(noBrowser({ platform: 'linux', arch: 'arm64' })).toBe(
    'no browser for linux-arm64 is here: install Chromium or Chrome (Debian: apt-get install chromium), or set LAKANA_BROWSER to its path',
  );
  expect(await browserProgram({ given: '/nowhere', isThere: none })).toBeUndefined();
  expect(noBrowser(undefined, '/nowhere')).toContain('/nowhere');
});

test('one that was named comes first; only the one that comes along is told of the old way without a screen', async () => {
  const machine = { platform: 'linux', arch: 'x64' };
  const own = await browserProgram({ machine, given: '/opt/chrome', isThere: only('/opt/chrome') });
  expect(own).toEqual({ path: '/opt/chrome', isOurs: false });
  expect(switchesOf({ path: '', isOurs: false })).not.toContain('--headless=old');
  expect(switchesOf({ path: '', isOurs: true })).toContain('--headless=old');
});
