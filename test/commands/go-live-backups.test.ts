/** Where an operator who goes live has backups go. */
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BACKUPS } from '../../src/commands/going-live/backups.ts';
import type { House } from '../../src/commands/going-live/questions.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { MESSENGERS } from '../../src/messengers/list.ts';
import { type S3, startS3 } from '../fakes/s3/server.ts';
import { leavesAfter } from './typing.ts';

let s3: S3;
let folder = '';
let given: Record<string, string>;
const handed: string[] = [];
const house = (uid = process.getuid?.() ?? 0): House => ({
  folder,
  etc: join(folder, 'etc'),
  owner: { uid, gid: uid },
  messengers: MESSENGERS,
  handOver: async (...paths) => void handed.push(...paths),
});

beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());
beforeEach(async () => {
  handed.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'lakana-go-live-'));
  for (const name of ['etc', 'data', 'disk']) await mkdir(join(folder, name));
  const key = join(folder, 'etc/backup.key.pub');
  await writeFile(key, `${(await createTeamKey()).recipient}\n`);
  given = { MODE: 'live', DATA_DIR: join(folder, 'data'), BACKUP_RECIPIENT_FILE: key };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const [KEY, PLACE] = BACKUPS;
const places = (asking: ReturnType<typeof leavesAfter>, uid?: number) =>
  PLACE?.ask(asking, given, house(uid));

describe('the key of the backups', () => {
  test('is said to be kept elsewhere, and only its public half is taken', async () => {
    const asking = leavesAfter('yes', 'nowhere.pub', '');
    const { BACKUP_RECIPIENT_FILE: key = '', ...without } = given;
    // As it comes off a stick, root's alone.
    await chmod(key, 0o600);
    expect(await KEY?.ask(asking, without, house())).toEqual({
      BACKUP_RECIPIENT_FILE: join(folder, 'etc/backup.key.pub'),
    });
    expect((await stat(key)).mode & 0o777).toBe(0o644);
    const heard = asking.heard.join('\n');
    expect(heard).toContain('keys init-backup --out backup.key');
    expect(heard).toContain('KEEP backup.key on two sticks in two places');
    expect(heard).toContain('✗ BACKUP_RECIPIENT_FILE names a file that is not there');
  });

  test('is not wanted by an operator who says no: they hear what that means, and are asked for no place', async () => {
    const asking = leavesAfter('no');
    expect(await KEY?.ask(asking, {}, house())).toEqual({});
    expect(asking.heard.at(-1)).toContain('everything is lost');
    expect(PLACE?.isAsked?.({})).toBe(false);
    expect(PLACE?.isAsked?.(given)).toBe(true);
  });
});

describe('a folder for backups', () => {
  test('is made for the service’s user, below one that is there, once it is accepted that it lies on the same disk', async () => {
    const asking = leavesAfter('usb/lakana', 'disk/lakana', 'no', 'disk/lakana', 'yes');
    const path = join(folder, 'disk/lakana');
    expect(await places(asking)).toEqual({ BACKUP_TARGET: path });
    expect(asking.heard.join('\n')).toContain(`✗ There is no ${folder}/usb: mount the disk`);
    expect(asking.heard.join('\n')).toContain('! It lies on the same disk as the data');
    expect(handed).toEqual([path]);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  test('is taken without a question about the disk if the database is on another machine', async () => {
    given.DATABASE_URL = 'postgres://db.example.org/lakana';
    const path = join(folder, 'disk/lakana');
    expect(await places(leavesAfter(path))).toEqual({ BACKUP_TARGET: path });
  });

  test('is none where another user writes, or in the folder of the data', async () => {
    const another = (process.getuid?.() ?? 0) + 1;
    const asking = leavesAfter('disk', 'data/backups');
    await expect(places(asking, another)).rejects.toThrow();
    expect(asking.heard.join('\n')).toMatch(
      /disk belongs to another user[\s\S]*BACKUP_TARGET lies in DATA_DIR/,
    );
    expect(handed).toEqual([]);
  });
});

describe('a bucket for backups', () => {
  const answers = (secret: string) => [`s3://${s3.bucket}/office`, s3.endpoint, s3.region, s3.keyId, secret];

  test('is tried at once: a wrong secret is said, and the right one taken', async () => {
    const asking = leavesAfter(...answers('wrong'), 'no', ...answers(s3.secret));
    expect(await places(asking)).toEqual({
      BACKUP_TARGET: `s3://${s3.bucket}/office`,
      BACKUP_S3_ENDPOINT: s3.endpoint,
      BACKUP_S3_REGION: s3.region,
      BACKUP_S3_KEY_ID: s3.keyId,
      BACKUP_S3_SECRET: s3.secret,
    });
    expect(asking.heard.join('\n')).toContain('the secret does not belong to the key: see BACKUP_S3_SECRET');
  });

  test('that comes later is kept all the same, if the operator says so', async () => {
    const asking = leavesAfter(...answers('wrong'), 'yes');
    expect(await places(asking)).toMatchObject({ BACKUP_S3_SECRET: 'wrong' });
  });
});
