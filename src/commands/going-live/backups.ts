/** Backups on the way to a live service: the key that opens them, where they go, and the first of them. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Place } from '../../backup/settings.ts';
import { openTarget } from '../../backup/target.ts';
import { readBackup } from '../../config-backup.ts';
import type { Problem } from '../../config-keys.ts';
import { schemaOf } from '../../config-schema.ts';
import { listBackups } from '../../db/backups.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { TOOL } from '../../kernel/tool.ts';
import { makeNow } from '../backup.ts';
import { withServer } from '../server.ts';
import { type Asking, askUntil, askYes } from './asking.ts';
import {
  couldNot,
  type Given,
  type House,
  isThere,
  letRead,
  type Question,
  strangersFolder,
  wrongWith,
} from './questions.ts';

const NONE_YET = 'If this machine breaks down or is stolen, everything is lost';

/** The key first: it is made elsewhere, and may take a day to come. */
export const BACKUPS: readonly Question[] = [
  {
    name: 'BACKUP_RECIPIENT_FILE',
    shown: (value) => `backups are sealed to ${value}`,
    async ask(asking, given, house) {
      asking.say(
        'The key of the backups is made on another machine, offline: ./lakana keys init-backup --out backup.key',
        'KEEP backup.key on two sticks in two places, and on paper: without it no backup opens. Only backup.key.pub comes here.',
      );
      if (!(await askYes(asking, 'Is a backup to be made each night?'))) {
        asking.say(`! ${NONE_YET}: ${TOOL} doctor goes on saying so.`);
        return {};
      }
      const usual = resolve(house.etc, 'backup.key.pub');
      const path = (said: string) => resolve(house.folder, said || usual);
      const answer = await askUntil(
        asking,
        `Path of backup.key.pub on this machine (Enter: ${usual})`,
        async (said) =>
          (await wrongBackup(
            'BACKUP_RECIPIENT_FILE',
            { ...given, BACKUP_RECIPIENT_FILE: path(said) },
            house,
          )) ?? letRead(path(said), house.owner),
      );
      return { BACKUP_RECIPIENT_FILE: path(answer) };
    },
  },
  {
    name: 'BACKUP_TARGET',
    shown: (value) => `backups go to ${value}`,
    isAsked: ({ BACKUP_RECIPIENT_FILE: key }) => key !== undefined,
    async ask(asking, given, house) {
      for (;;) {
        const said = await askUntil(
          asking,
          'Where do they go? A folder of another disk or machine, like /mnt/backup/lakana, or a bucket, like s3://lakana-backup/office',
          (text) =>
            text === '' ? 'Nothing was given.' : wrongWith('BACKUP_TARGET', text, given, house.messengers),
        );
        const found = said.startsWith('s3:')
          ? await askBucket(asking, said, given, house)
          : await askFolder(asking, resolve(house.folder, said), given, house);
        if (found) return found;
      }
    },
  },
];

/** What the start would say of this setting. A place is there for the key's sake, and a key for the place's. */
async function wrongBackup(name: string, given: Given, house: House): Promise<string | undefined> {
  const { problems } = await readHere(given, house);
  const found = problems.find(({ setting }) => setting === name);
  return found && `${found.setting} ${found.problem}: ${found.mend}`;
}

async function readHere(given: Given, { folder, messengers }: House) {
  const problems: Problem[] = [];
  const parsed = schemaOf(messengers).safeParse(given);
  if (!parsed.success) return { problems };
  return { problems, backup: await readBackup(parsed.data, folder, problems, messengers) };
}

/** Undefined: another place is to be given. */
async function askFolder(
  asking: Asking,
  path: string,
  given: Given,
  house: House,
): Promise<Record<string, string> | undefined> {
  const { owner, handOver } = house;
  const wrong =
    (await wrongBackup('BACKUP_TARGET', { ...given, BACKUP_TARGET: path }, house)) ??
    ((await isThere(path)) ? await strangersFolder(path, owner) : await wrongAbove(path));
  if (wrong !== undefined) return void asking.say(`✗ ${wrong}`);
  if (await isOnDiskOfData(path, given, house)) {
    asking.say(
      '! It lies on the same disk as the data: a disk that breaks, or a machine that is stolen, takes both.',
    );
    if (!(await askYes(asking, 'Keep it all the same, until there is another one?'))) return undefined;
  }
  if (!(await isThere(path))) {
    const why = await couldNot(() => mkdir(path, { mode: 0o700 }).then(() => handOver(path)));
    if (why !== undefined) return void asking.say(`✗ ${why}`);
  }
  return { BACKUP_TARGET: path };
}

/** Of a database elsewhere nobody sees the disk. */
async function isOnDiskOfData(path: string, given: Given, { folder }: House): Promise<boolean> {
  if (given.DATABASE_URL !== undefined) return false;
  const [data, there] = [given.DATA_DIR ?? folder, (await isThere(path)) ? path : dirname(path)];
  return (await stat(resolve(folder, data))).dev === (await stat(there)).dev;
}

/** A disk that is not mounted lacks the folder above. */
async function wrongAbove(path: string): Promise<string | undefined> {
  return (await isThere(dirname(path)))
    ? undefined
    : `There is no ${dirname(path)}: mount the disk it lies on, or make that folder.`;
}

async function askBucket(
  asking: Asking,
  target: string,
  given: Given,
  house: House,
): Promise<Record<string, string> | undefined> {
  const { messengers } = house;
  const some = (name: string) => (said: string) =>
    said === '' ? 'Nothing was given.' : wrongWith(name, said, given, messengers);
  const usually = (name: string) => (said: string) =>
    said === '' ? undefined : wrongWith(name, said, given, messengers);
  const endpoint = await askUntil(
    asking,
    'Address of the S3 service, like https://s3.eu-west-3.amazonaws.com',
    some('BACKUP_S3_ENDPOINT'),
  );
  const region = await askUntil(asking, 'Its region (Enter: us-east-1)', usually('BACKUP_S3_REGION'));
  const keyId = await askUntil(asking, 'Id of the key that may write there', some('BACKUP_S3_KEY_ID'));
  const secret = await askUntil(asking, 'Its secret', some('BACKUP_S3_SECRET'));
  const answers = {
    BACKUP_TARGET: target,
    BACKUP_S3_ENDPOINT: endpoint,
    ...(region === '' ? {} : { BACKUP_S3_REGION: region }),
    BACKUP_S3_KEY_ID: keyId,
    BACKUP_S3_SECRET: secret,
  };
  const { problems, backup } = await readHere({ ...given, ...answers }, house);
  const why = backup
    ? await whyNot(backup.place)
    : problems.map(({ problem, mend }) => `${problem}: ${mend}`)[0];
  if (why === undefined) return answers;
  asking.say(`✗ ${why}`);
  return (await askYes(asking, 'Keep it all the same, because it comes later?')) ? answers : undefined;
}

async function whyNot(place: Place): Promise<string | undefined> {
  try {
    await openTarget(place).list();
    return undefined;
  } catch (error) {
    return error instanceof LakanaError ? error.message : `It does not answer (${(error as Error).name}).`;
  }
}

/** Makes the first backup, if there is none yet: what is wrong with the place is seen while the operator is there. */
export async function firstBackup(asking: Asking): Promise<void> {
  if (await withServer(async ({ database }) => (await listBackups(database.db)).length > 0))
    return asking.say('✓ A backup was made.');
  for (;;) {
    try {
      return asking.say((await makeNow({})).text);
    } catch (error) {
      if (!(error instanceof LakanaError)) throw error;
      asking.say(`✗ ${error.message}`);
    }
    await asking.ask('Enter: try once more. Ctrl-C: go on another day');
  }
}
