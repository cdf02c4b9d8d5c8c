/** Which browser prints, and which the tests use: the one that comes along where it runs, or an installed Chrome or Chromium. */
import { access, constants } from 'node:fs/promises';
import { unpackedBrowser } from './unpacked-browser.ts';

export type Machine = { platform: string; arch: string };

/** `isOurs`: from the package, whose version is known. */
export type BrowserProgram = { path: string; isOurs: boolean };

const HERE: Machine = { platform: process.platform, arch: process.arch };
/** The package holds a program for these alone. */
const COMES_ALONG = new Set(['linux-x64']);
const LINUX = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'].flatMap((folder) =>
  ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'].map(
    (name) => `${folder}/${name}`,
  ),
);
const MACOS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

type Asked = {
  machine?: Machine;
  /** The one that the operator named. */
  given?: string | undefined;
  /** Whether this can be run. */
  isThere?: (path: string) => Promise<boolean>;
};

/** Undefined: there is none here. */
export async function browserProgram({
  machine = HERE,
  given,
  isThere = canRun,
}: Asked = {}): Promise<BrowserProgram | undefined> {
  if (given) return (await isThere(given)) ? { path: given, isOurs: false } : undefined;
  if (COMES_ALONG.has(`${machine.platform}-${machine.arch}`)) {
    const own = await unpackedBrowser();
    if (own) return { path: own, isOurs: true };
  }
  for (const path of machine.platform === 'darwin' ? MACOS : LINUX)
    if (await isThere(path)) return { path, isOurs: false };
  return undefined;
}

/** Said where there is none. */
export const noBrowser = ({ platform, arch }: Machine = HERE, given?: string): string =>
  given
    ? `LAKANA_BROWSER names no program that can be run: ${given}`
    : `no browser for ${platform}-${arch} is here: install Chromium or Chrome (Debian: apt-get install chromium), or set LAKANA_BROWSER to its path`;

/** What a machine without a screen needs. A newer Chrome knows only one way to have none. */
export const switchesOf = ({ isOurs }: BrowserProgram): string[] => [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  ...(isOurs ? ['--headless=old'] : []),
];

const canRun = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
