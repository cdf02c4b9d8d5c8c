/**
 * The browser that comes along in a package, unpacked into a folder of its own beside the packages.
 *
 * Invariant: the folder is there whole or not at all. The package unpacks into the folder of temporary files, where a second
 * process finds half of it, a process that was killed leaves half of it, and another user of the machine can put one first.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PACKAGE = '@sparticuz/chromium';
const BESIDE_PACKAGES = fileURLToPath(new URL('../../../node_modules/.cache/lakana', import.meta.url));
const UNPACKS = `import chromium from '${PACKAGE}'; await chromium.executablePath();`;

/** Path of the program. Undefined: the package is not installed, or there is no room to unpack it. */
export async function unpackedBrowser(
  beside = BESIDE_PACKAGES,
  unpacks = UNPACKS,
): Promise<string | undefined> {
  try {
    const whole = join(beside, `browser-${await version()}`);
    if (!(await isThere(whole))) await unpack(beside, whole, unpacks);
    return join(whole, 'chromium');
  } catch {
    return undefined;
  }
}

async function version(): Promise<string> {
  const { pathname } = new URL('../package.json', import.meta.resolve(PACKAGE));
  const { version: its } = JSON.parse(await readFile(decodeURIComponent(pathname), 'utf8'));
  return String(its);
}

/** Several may do it at once: the first one that is done has done it for all. */
async function unpack(beside: string, whole: string, unpacks: string): Promise<void> {
  await mkdir(beside, { recursive: true });
  const part = await mkdtemp(`${whole}-`);
  try {
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', unpacks], {
      cwd: import.meta.dirname,
      env: { TMPDIR: part },
    });
    await rename(part, whole).catch(async (error: unknown) => {
      if (!(await isThere(whole))) throw error;
    });
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
