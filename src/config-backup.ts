/** Settings of backups: what they must look like, and what they say together. */
import { relative, resolve } from 'node:path';
import { z } from 'zod';
import type { Settings as Backup, Place } from './backup/settings.ts';
import { type Problem, problem, readRecipient } from './config-keys.ts';
import { SERVER, setting, usually } from './config-kinds.ts';
import { address } from './config-urls.ts';
import { Secret } from './kernel/secret.ts';
import { TOOL } from './kernel/tool.ts';
import type { Messenger } from './messengers/messenger.ts';

const TARGET =
  'give a folder of another disk or machine, like /mnt/backup/lakana, or a bucket, like s3://lakana-backup/office';
/** A bucket's name as S3 has them, and a way below it. */
const BUCKET = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[\w.-]+)*)\/?$/;
const noSpaces = (what: string) => z.string().regex(/^\S+$/, `copy the ${what} without spaces`);

export const BACKUP_SCHEMA = {
  BACKUP_RECIPIENT_FILE: setting(z.string().optional()),
  BACKUP_TARGET: setting(
    z
      .string()
      .refine((text) => (/^\w+:/.test(text) ? BUCKET.test(text) : !text.includes('\0')), TARGET)
      .optional(),
  ),
  BACKUP_KEEP_DAYS: usually(4, 35, 35),
  BACKUP_S3_ENDPOINT: setting(
    address({
      ...SERVER,
      give: 'give the address of the S3 service, like https://s3.eu-west-3.amazonaws.com',
    }).optional(),
  ),
  BACKUP_S3_REGION: setting(
    z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'give the region as the service names it, like eu-west-3')
      .default('us-east-1'),
  ),
  BACKUP_S3_KEY_ID: setting(noSpaces('key id').optional()),
  BACKUP_S3_SECRET: setting(noSpaces('secret').optional()),
} as const;
type Settings = z.infer<z.ZodObject<typeof BACKUP_SCHEMA>> & { DATA_DIR: string };

/** What of it belongs to a bucket. */
const OF_S3 = ['BACKUP_S3_ENDPOINT', 'BACKUP_S3_KEY_ID', 'BACKUP_S3_SECRET'] as const;

/** What was set; undefined: no backups are made, or something is wrong with the settings. */
export async function readBackup(
  settings: Settings,
  folder: string,
  problems: Problem[],
  messengers: readonly Pick<Messenger, 'settings'>[],
): Promise<Backup | undefined> {
  const { BACKUP_RECIPIENT_FILE: file, BACKUP_TARGET: target } = settings;
  const lonely = OF_S3.find((name) => settings[name] !== undefined);
  if (file === undefined && target === undefined && lonely === undefined) return undefined;
  const found: Problem[] = [];
  if (target === undefined)
    found.push(
      problem(
        'BACKUP_TARGET',
        `is missing beside ${file === undefined ? lonely : 'BACKUP_RECIPIENT_FILE'}`,
        TARGET,
      ),
    );
  const recipient = await readRecipient('BACKUP_RECIPIENT_FILE', file, folder, found, {
    make: `make the key of the backups on another machine with: ${TOOL} keys init-backup --out backup.key, and give the path of backup.key.pub`,
    opens: 'the key of the backups, which opens every backup',
    is: 'key of backups',
  });
  const place = target === undefined ? undefined : readPlace(settings, target, folder, found);
  problems.push(...found);
  if (found.length > 0 || !place || recipient === undefined) return undefined;
  const { BACKUP_KEEP_DAYS: keepDays } = settings;
  return {
    place,
    recipient,
    keepDays,
    isSessionKept: messengers.some((each) => each.settings.isSessionSaved?.(settings)),
  };
}

function readPlace(
  settings: Settings,
  target: string,
  folder: string,
  problems: Problem[],
): Place | undefined {
  const [, bucket, below = ''] = BUCKET.exec(target) ?? [];
  if (bucket !== undefined) return readBucket(settings, bucket, below, problems);
  const lonely = OF_S3.find((name) => settings[name] !== undefined);
  if (lonely)
    problems.push(
      problem(lonely, 'stands beside a BACKUP_TARGET that is a folder', 'take it out, or give s3://…'),
    );
  const path = resolve(folder, target);
  if (!relative(resolve(folder, settings.DATA_DIR), path).startsWith('..'))
    problems.push(
      problem('BACKUP_TARGET', 'lies in DATA_DIR', `what takes the data takes the backups too: ${TARGET}`),
    );
  return { kind: 'folder', path, dataDir: resolve(folder, settings.DATA_DIR) };
}

function readBucket(
  settings: Settings,
  bucket: string,
  below: string,
  problems: Problem[],
): Place | undefined {
  const [endpoint, keyId, secret] = OF_S3.map((name) => settings[name]);
  for (const name of OF_S3)
    if (settings[name] === undefined)
      problems.push(
        problem(name, 'is missing beside a BACKUP_TARGET that begins with s3://', 'give it, or a folder'),
      );
  if (!endpoint || !keyId || !secret) return undefined;
  const prefix = below === '' ? '' : `${below.slice(1)}/`;
  return {
    kind: 's3',
    bucket,
    prefix,
    endpoint,
    region: settings.BACKUP_S3_REGION,
    keyId,
    secret: new Secret(secret),
  };
}
