/** The keys of live mode, read from their files; and what is wrong with settings, said in one line each. */
import { readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { inspect } from 'node:util';
import { inEnglish, type Line } from './app/ground/lines.ts';
import { parseTeamRecipient } from './crypto/case-key.ts';
import { fingerprint } from './crypto/fingerprint.ts';
import { type Keyring, parseKeyring } from './crypto/keyring.ts';
import { parseSigningKeys } from './crypto/signing-keys.ts';
import type { SigningPublicKey } from './crypto/verifier.ts';
import { TOOL } from './kernel/tool.ts';

/** One bad setting; `problem` and `mend` make one line for the operator. */
export type Problem = { setting: string; problem: string; mend: string };

/** One that is said in the room too: with the same as values, which are not printed. */
export type SaidProblem = Problem & { readonly lines: { problem: Line; mend: Line } };

type Keys = {
  serverKey: string;
  recipient: string;
  /** What `SIGNING_KEY_FILE` holds: public halves of signing keys, newest first. */
  pinned?: readonly SigningPublicKey[];
};
type KeySettings = {
  DATA_DIR: string;
  DATABASE_URL?: string | undefined;
  SERVER_KEY?: string | undefined;
  SERVER_KEY_FILE?: string | undefined;
  TEAM_RECIPIENT_FILE?: string | undefined;
  SIGNING_KEY_FILE?: string | undefined;
};

/** Like `Secret`, for an object: what it holds is there to be used and is not printed. */
export function unprintable<T extends object>(secrets: T): T {
  const hide = { enumerable: false, value: () => '[secret]' };
  return Object.defineProperties({ ...secrets }, { toJSON: hide, [inspect.custom]: hide });
}

const TEAM = {
  make: `make the team key on another machine with: ${TOOL} keys init-team --out team.key, and give the path of team.key.pub`,
  opens: 'the team key, which opens every case',
  is: 'team key',
};

/** Live mode: both keys must be there and usable before anybody can write. */
export async function readKeys(
  settings: KeySettings,
  folder: string,
  problems: Problem[],
): Promise<Keys | undefined> {
  const recipient = await readRecipient(
    'TEAM_RECIPIENT_FILE',
    settings.TEAM_RECIPIENT_FILE,
    folder,
    problems,
    TEAM,
  );
  const name = settings.SERVER_KEY === undefined ? 'SERVER_KEY_FILE' : 'SERVER_KEY';
  const wrong = async (what: string, mend?: string) =>
    void problems.push(problem(name, what, mend ?? (await whichServerKey(settings, folder))));
  const serverKey = settings.SERVER_KEY ?? (await readServerKey(settings, folder, wrong));
  if (serverKey === undefined) return undefined;
  const keyring = usable(() => parseKeyring(serverKey));
  if (!keyring) await wrong('holds no usable server key');
  else if (keyring.isTrial) await wrong('is a trial key');
  if (!keyring || keyring.isTrial) return undefined;
  const pinned = await readPinned(settings, folder, problems, keyring);
  return recipient === undefined ? undefined : { serverKey, recipient, ...(pinned ? { pinned } : {}) };
}

/** The public half of a key that must never be here. `make`: how one comes by it; `opens`: which key it is, and what it opens. */
export async function readRecipient(
  name: string,
  path: string | undefined,
  folder: string,
  problems: Problem[],
  { make, opens, is }: { make: string; opens: string; is: string },
): Promise<string | undefined> {
  const wrong = (what: string, mend: string) => void problems.push(problem(name, what, mend));
  if (path === undefined) return wrong('is missing', make);
  const found = await readKeyFile(resolve(folder, path));
  if (!found.ok) return wrong(found.what, found.mend ?? 'give the path of the file that ends in .pub');
  if (SECRET_HALF.test(found.content))
    return wrong(
      `holds the SECRET half of ${opens}`,
      'take it off this machine (shred -u), keep it offline, and give the file that ends in .pub',
    );
  const recipient = usable(() => parseTeamRecipient(found.content));
  return recipient ?? wrong(`holds no public ${is}`, 'give the file that ends in .pub');
}

/** As age writes secret keys. */
const SECRET_HALF = /AGE-SECRET-KEY-/i;

/** The public half of the server's signing key, as it was noted elsewhere: a server key that was exchanged does not start. */
async function readPinned(
  { SIGNING_KEY_FILE: path }: KeySettings,
  folder: string,
  problems: Problem[],
  keyring: Keyring,
): Promise<SigningPublicKey[] | undefined> {
  if (path === undefined) return undefined;
  const wrong = (what: string, mend: string) => void problems.push(problem('SIGNING_KEY_FILE', what, mend));
  const make = `write it with: ${TOOL} keys server-public`;
  const found = await readKeyFile(resolve(folder, path));
  const pinned = usable(() => parseSigningKeys(found.ok ? found.content : ''));
  if (!found.ok) wrong(found.what, found.mend ?? make);
  else if (!pinned) wrong('holds no public half of a server key', make);
  const [newest] = pinned ?? [];
  if (!newest) return undefined;
  const isOurs = keyring.signingKeys.some(
    ({ keyId, publicKey }) => keyId === newest.keyId && publicKey === newest.publicKey,
  );
  if (!isOurs)
    wrong(
      `names a key that is not in SERVER_KEY_FILE (${nameOfKey(newest)})`,
      `somebody may have exchanged the server key: do not start with it before you know. If it was you, write the file anew with: ${TOOL} keys server-public`,
    );
  return pinned;
}

async function readServerKey(
  settings: KeySettings,
  folder: string,
  wrong: (what: string, mend?: string) => Promise<void>,
): Promise<string | undefined> {
  const path = settings.SERVER_KEY_FILE;
  if (path === undefined) return void (await wrong('is missing'));
  const inside = relative(resolve(folder, settings.DATA_DIR), resolve(folder, path));
  if (!inside.startsWith('..'))
    return void (await wrong(
      'lies in DATA_DIR',
      'move it elsewhere: whoever copies the data must not get the key',
    ));
  const found = await readKeyFile(resolve(folder, path));
  return found.ok ? found.content : void (await wrong(found.what, found.mend));
}

/** Where a start notes which key this database is used with: its public half, in `DATA_DIR`. Nothing is believed for it. */
export const keyNote = (dataDir: string): string => join(dataDir, 'server.key.pub');

/** What the operator is to give. A new key is proposed only where there is no database that another one has sealed. */
async function whichServerKey(settings: KeySettings, folder: string): Promise<string> {
  const { SIGNING_KEY_FILE: pinned, DATABASE_URL } = settings;
  const dataDir = resolve(folder, settings.DATA_DIR);
  for (const path of [keyNote(dataDir), ...(pinned === undefined ? [] : [resolve(folder, pinned)])]) {
    const content = await contentOf(path);
    const [newest] = usable(() => parseSigningKeys(content ?? '')) ?? [];
    if (newest) return `${GIVE_BACK}: ${nameOfKey(newest)}`;
  }
  const hasDatabase = DATABASE_URL !== undefined || (await isThere(join(dataDir, 'postgres')));
  if (hasDatabase)
    return `${GIVE_BACK}; only for a new database is one made: docs/operating.md, "The first steps to live"`;
  return `make one with: SERVER_KEY_FILE=… ${TOOL} keys init-server, and keep a copy away from this machine`;
}

const GIVE_BACK = 'give the key file with which this database was used, or its copy';

/** As `keys init-server` prints it. */
const nameOfKey = ({ keyId, publicKey }: SigningPublicKey): string =>
  `key ${keyId}, fingerprint ${fingerprint(publicKey)}`;

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

type ReadFile = { ok: true; content: string } | { ok: false; what: string; mend?: string };

async function readKeyFile(path: string): Promise<ReadFile> {
  try {
    return { ok: true, content: await readFile(path, 'utf8') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'EACCES' || code === 'EPERM')
      return {
        ok: false,
        what: `names a file that this user may not read (${path})`,
        mend: 'give it to the user who runs the service: chown, then chmod 600',
      };
    if (code === 'EISDIR') return { ok: false, what: `names a folder (${path})` };
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return { ok: false, what: `names a file that is not there (${path})` };
    return {
      ok: false,
      what: `names a file that cannot be read (${path}, ${code})`,
      mend: 'see the disk that it lies on',
    };
  }
}

function usable<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

/** A file's text; undefined if it cannot be read. */
async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

/** One bad setting. */
export function problem(name: string, what: string, mend: string): Problem {
  return { setting: name, problem: what, mend };
}

/** One bad setting that a service which runs may meet: the room says it in the language of the member. */
export function saidProblem(name: string, what: Line, mend: Line): SaidProblem {
  const words = problem(name, inEnglish(what), inEnglish(mend));
  return Object.defineProperty({ ...words, lines: { problem: what, mend } }, 'lines', { enumerable: false });
}
