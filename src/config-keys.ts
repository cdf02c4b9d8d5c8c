/** The keys of live mode, read from their files; and what is wrong with settings, said in one line each. */
import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { inspect } from 'node:util';
import { parseTeamRecipient } from './crypto/case-key.ts';
import { type Keyring, parseKeyring } from './crypto/keyring.ts';
import { parseSigningKeys } from './crypto/signing-keys.ts';
import type { SigningPublicKey } from './crypto/verifier.ts';
import { TOOL } from './kernel/tool.ts';

/** One bad setting; `problem` and `mend` make one line for the operator. */
export type Problem = { setting: string; problem: string; mend: string };

type Keys = {
  serverKey: string;
  recipient: string;
  /** What `SIGNING_KEY_FILE` holds: public halves of signing keys, newest first. */
  pinned?: readonly SigningPublicKey[];
};
type KeySettings = {
  DATA_DIR: string;
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

/** Live mode: both keys must be there and usable before anybody can write. */
export async function readKeys(
  settings: KeySettings,
  folder: string,
  problems: Problem[],
): Promise<Keys | undefined> {
  const serverKey = settings.SERVER_KEY ?? (await readKeyFile(settings, folder, problems));
  const team = settings.TEAM_RECIPIENT_FILE;
  const recipientText = team === undefined ? undefined : await contentOf(resolve(folder, team));
  if (recipientText === undefined)
    problems.push(
      problem(
        'TEAM_RECIPIENT_FILE',
        team === undefined ? 'is missing' : 'names a file that cannot be read',
        `make the team key on another machine with: ${TOOL} keys init-team --out team.key, and give the path of team.key.pub`,
      ),
    );
  const recipient = usable(() => parseTeamRecipient(recipientText ?? ''));
  if (recipientText !== undefined && recipient === undefined)
    problems.push(
      problem('TEAM_RECIPIENT_FILE', 'holds no public team key', 'give the file that ends in .pub'),
    );
  if (serverKey === undefined || recipient === undefined) return undefined;
  const keyring = usable(() => parseKeyring(serverKey));
  if (!keyring || keyring.isTrial) {
    const what = keyring ? 'is a trial key' : 'holds no usable server key';
    problems.push(problem('SERVER_KEY_FILE', what, `make one with: ${TOOL} keys init-server`));
    return undefined;
  }
  const pinned = await readPinned(settings, folder, problems, keyring);
  return { serverKey, recipient, ...(pinned ? { pinned } : {}) };
}

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
  const content = await contentOf(resolve(folder, path));
  const pinned = usable(() => parseSigningKeys(content ?? ''));
  if (content === undefined) wrong('names a file that cannot be read', make);
  else if (!pinned) wrong('holds no public half of a server key', make);
  const [newest] = pinned ?? [];
  if (!newest) return undefined;
  const isThere = keyring.signingKeys.some(
    ({ keyId, publicKey }) => keyId === newest.keyId && publicKey === newest.publicKey,
  );
  if (!isThere)
    wrong(
      'names a key that is not in SERVER_KEY_FILE',
      `somebody may have exchanged the server key: do not start with it before you know. If it was you, write the file anew with: ${TOOL} keys server-public`,
    );
  return pinned;
}

async function readKeyFile(
  settings: KeySettings,
  folder: string,
  problems: Problem[],
): Promise<string | undefined> {
  const path = settings.SERVER_KEY_FILE;
  const make = `make one with: SERVER_KEY_FILE=… ${TOOL} keys init-server, and keep a copy away from this machine`;
  if (path === undefined) {
    problems.push(problem('SERVER_KEY_FILE', 'is missing', make));
    return undefined;
  }
  const inside = relative(resolve(folder, settings.DATA_DIR), resolve(folder, path));
  if (!inside.startsWith('..')) {
    problems.push(
      problem(
        'SERVER_KEY_FILE',
        'lies in DATA_DIR',
        'move it elsewhere: whoever copies the data must not get the key',
      ),
    );
    return undefined;
  }
  const content = await contentOf(resolve(folder, path));
  if (content === undefined)
    problems.push(problem('SERVER_KEY_FILE', 'names a file that cannot be read', make));
  return content;
}

function usable<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

/** A file's text; undefined if it cannot be read. */
export async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

/** One bad setting. */
export function problem(name: string, what: string, mend: string): Problem {
  return { setting: name, problem: what, mend };
}
