/** What is asked on the way to a live service, and what makes each answer one. */
import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Problem, readKeys } from '../../config-keys.ts';
import { schemaOf } from '../../config-schema.ts';
import type { Messenger } from '../../messengers/messenger.ts';
import { makeServerKey } from '../keys.ts';
import { type Asking, askUntil, askYes } from './asking.ts';
import { askDatabase } from './database.ts';
import type { Owner } from './env-file.ts';

export type Given = Readonly<Record<string, string | undefined>>;

export type House = {
  /** Where `.env` is. */
  folder: string;
  owner: Owner;
  messengers: readonly Messenger[];
  /** Where a live service's keys are kept. */
  etc: string;
  /** Gives files that were made to the service's user. */
  handOver(...paths: string[]): Promise<void>;
};

export type Question = {
  /** The setting by which it counts as answered. */
  name: string;
  /** What is said of an answer that is there. */
  shown(value: string): string;
  /** Whether what was answered before makes it one; default yes. */
  isAsked?(given: Given): boolean;
  /** Asks for it; `{}`: it is left out. */
  ask(asking: Asking, given: Given, house: House): Promise<Record<string, string>>;
};

/** What the settings' own check says of one; undefined: nothing. */
export function wrongWith(
  name: string,
  value: string,
  given: Given,
  messengers: readonly Messenger[],
): string | undefined {
  const parsed = schemaOf(messengers).safeParse({ ...given, [name]: value });
  return parsed.error?.issues.find(({ path }) => path[0] === name)?.message;
}

/** One that the messenger needs to be on: a token, or a yes. */
export function askMessenger(messenger: Messenger): Question {
  const [name = '', on] = messenger.settings.turnsOn.split('=');
  const title = `${messenger.kind}: are people to write there?`;
  const refused = async (value: string, given: Given, { messengers }: House) => {
    const wrong = wrongWith(name, value, given, messengers);
    if (wrong !== undefined) return wrong;
    const parsed = schemaOf(messengers).safeParse({ ...given, [name]: value });
    if (!parsed.success) return undefined;
    const problems: Problem[] = [];
    const own = messenger.settings.read(parsed.data, { publicUrl: parsed.data.PUBLIC_URL }, problems);
    const found = problems.find(({ setting }) => setting === name) ?? (await messenger.problem?.(own));
    return found && `it ${found.problem}: ${found.mend}`;
  };
  return {
    name,
    shown: (value) => (on ? `${messenger.kind} is ${value}` : `${messenger.kind}: there is a token`),
    async ask(asking, given, house) {
      if (!(await askYes(asking, title))) return {};
      if (on) return { [name]: on };
      const [off] = (await messenger.checks?.(undefined)) ?? [];
      const value = await askUntil(
        asking,
        `${name} (${off?.mend ?? 'as the messenger gave it'})`,
        (answer) => (answer === '' ? 'Nothing was given.' : refused(answer, given, house)),
      );
      return { [name]: value };
    },
  };
}

/** Where to keep everything, on this machine or elsewhere. */
export const WHERE: readonly Question[] = [
  {
    name: 'DATA_DIR',
    shown: (value) => `data lie in ${value}`,
    async ask(asking, _given, { folder, owner, handOver }) {
      const usual = '/var/lib/lakana';
      const answer = await askUntil(
        asking,
        `Folder for data, of a new database (Enter: ${usual})`,
        async (said) => {
          const path = resolve(folder, said || usual);
          if (await isThere(join(path, 'trial-keys'))) return 'A trial was kept there: give a new folder.';
          if (await isThere(path)) return strangersFolder(path, owner);
          return couldNot(async () => {
            await makeFolder(path);
            await handOver(path);
          });
        },
      );
      return { DATA_DIR: resolve(folder, answer || usual) };
    },
  },
  {
    name: 'DATABASE_URL',
    shown: () => 'a PostgreSQL of your own',
    ask: (asking, given, { messengers }) =>
      askDatabase(asking, (url) => wrongWith('DATABASE_URL', url, given, messengers)),
  },
];

/** The server's key is made here; the team's comes from elsewhere. */
export const KEYS: readonly Question[] = [
  {
    name: 'SERVER_KEY_FILE',
    shown: (value) => `the server’s key is in ${value}`,
    async ask(asking, given, { etc, folder, handOver }) {
      const usual = join(etc, 'server.key');
      let file = '';
      await askUntil(
        asking,
        `File for the server’s key; one that is there is taken (Enter: ${usual})`,
        async (said) => {
          file = resolve(folder, said || usual);
          if (await isThere(file)) return usableKey(file, given, folder);
          return couldNot(async () => {
            // Of a folder that was there already nothing changes hands: it may be /etc.
            if (!(await isThere(resolve(file, '..')))) {
              await makeFolder(resolve(file, '..'));
              await handOver(resolve(file, '..'));
            }
            const { keyId, print } = await makeServerKey(file, resolve(folder, given.DATA_DIR ?? './data'));
            await handOver(file, `${file}.pub`);
            asking.say(
              `✓ Made: key ${keyId}, fingerprint ${print}`,
              '',
              'KEEP, away from this machine:',
              `  ${file}       a copy; without it, after a loss, nobody who wrote can be answered`,
              `  ${file}.pub   give it to whoever opens cases; note the fingerprint beside the team key's`,
              '',
            );
          });
        },
      );
      await askUntil(asking, 'Is the copy where it belongs? Say yes when it is', (said) =>
        /^(y|yes|o|oui)$/i.test(said) ? undefined : 'Without a copy one broken disk ends all answers.',
      );
      return { SERVER_KEY_FILE: file, SIGNING_KEY_FILE: `${file}.pub` };
    },
  },
  {
    name: 'TEAM_RECIPIENT_FILE',
    shown: (value) => `the team’s public key is ${value}`,
    async ask(asking, given, { etc, folder, owner }) {
      const usual = join(etc, 'team.key.pub');
      asking.say(
        'The team’s key is made on another machine, offline: ./lakana keys init-team --out team.key',
        'Two people keep team.key; only team.key.pub comes here.',
      );
      const answer = await askUntil(
        asking,
        `Path of team.key.pub on this machine (Enter: ${usual})`,
        async (said) => {
          const path = resolve(folder, said || usual);
          const wrong = await wrongKey(
            { ...given, TEAM_RECIPIENT_FILE: path },
            folder,
            'TEAM_RECIPIENT_FILE',
          );
          return wrong ?? letRead(path, owner);
        },
      );
      const path = resolve(folder, answer || usual);
      const [, print] = /Fingerprint: (.+)/.exec(await readFile(path, 'utf8')) ?? [];
      if (print) asking.say(`✓ Compare with the team: ${print}`);
      return { TEAM_RECIPIENT_FILE: path };
    },
  },
];

/** How the room is reached. */
export const REACHED: readonly Question[] = [
  {
    name: 'PORT',
    shown: (value) => `listens at port ${value} of this machine`,
    async ask(asking, given, { messengers }) {
      const port = await askUntil(asking, 'Port on this machine (Enter: 8080)', (said) =>
        said === '' ? undefined : wrongWith('PORT', said, given, messengers),
      );
      return { PORT: port || '8080' };
    },
  },
  {
    name: 'PUBLIC_URL',
    shown: (value) => `the room is at ${value}`,
    async ask(asking, given, { messengers }) {
      const wrong = (name: string) => (said: string) => wrongWith(name, said, given, messengers);
      const url = await askUntil(
        asking,
        'Address of the officers’ room from outside, like https://lakana.example.org (Enter: none yet)',
        wrong('PUBLIC_URL'),
      );
      if (url === '') return {};
      const isHere = await askYes(
        asking,
        'Does the proxy in front of it (Caddy, nginx, Tor) run on this machine?',
      );
      if (isHere) return { PUBLIC_URL: url, TRUSTED_PROXY: '127.0.0.1' };
      const proxy = await askUntil(
        asking,
        'Address from which the proxy’s connections come, like 10.1.0.7',
        (said) =>
          said === ''
            ? 'Without it everybody outside shares the limits of one address.'
            : wrong('TRUSTED_PROXY')(said),
      );
      return { PUBLIC_URL: url, TRUSTED_PROXY: proxy };
    },
  },
];

export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Of a file that is public: the service reads it, and has no reason to change it. In one line, why not. */
export const letRead = (path: string, owner: Owner): Promise<string | undefined> =>
  couldNot(async () => owner && (await chmod(path, (await stat(path)).mode | 0o444)));

/** For one user alone; those above it, where they are missing, let others through. */
async function makeFolder(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await mkdir(path, { mode: 0o700 });
}

/** Does it; or says in one line why this machine does not let it. */
export async function couldNot(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    return code && path ? `${path} cannot be used by this user (${code}).` : message;
  }
}

/** Why a folder that was there is none for data; undefined: it is. None that was there changes hands: it may be /etc. */
export async function strangersFolder(path: string, owner: Owner): Promise<string | undefined> {
  const found = await stat(path);
  if (!found.isDirectory()) return `${path} is no folder.`;
  if (owner && found.uid !== owner.uid)
    return `${path} belongs to another user: give it to the service's (chown), or name one that is not there yet.`;
  return undefined;
}

async function usableKey(file: string, given: Given, folder: string): Promise<string | undefined> {
  return wrongKey(
    { ...given, SERVER_KEY_FILE: file, SIGNING_KEY_FILE: undefined },
    folder,
    'SERVER_KEY_FILE',
  );
}

/** What the start would say of this key file. */
async function wrongKey(given: Given, folder: string, name: string): Promise<string | undefined> {
  const problems: Problem[] = [];
  await readKeys({ ...given, DATA_DIR: given.DATA_DIR ?? './data' }, folder, problems);
  const found = problems.find(({ setting }) => setting === name);
  return found && `${found.setting} ${found.problem}: ${found.mend}`;
}
