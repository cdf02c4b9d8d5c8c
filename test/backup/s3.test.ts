import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBucket } from '../../src/backup/s3.ts';
import type { S3Place } from '../../src/backup/s3-calls.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { type S3, startS3 } from '../fakes/s3/server.ts';

let s3: S3;
const pauses: number[] = [];
const at = (more: Partial<S3Place> = {}) =>
  createBucket(
    {
      kind: 's3',
      prefix: 'office/',
      ...{ endpoint: s3.endpoint, bucket: s3.bucket, region: s3.region, keyId: s3.keyId },
      secret: new Secret(s3.secret),
      ...more,
    },
    async (ms) => void pauses.push(ms),
  );
const NAME = 'lakana-2026-11-30T02-40-00Z.backup';

beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());
beforeEach(() => {
  s3.objects.clear();
  s3.uploads.clear();
  pauses.length = 0;
});

async function* pieces(...all: Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  yield* all;
}
async function hashOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of bytes) hash.update(piece);
  return hash.digest('hex');
}

describe('a bucket', () => {
  test('gives back a big file byte for byte, of which never more than a part was sent at once', async () => {
    const all = Array.from({ length: 40 }, () => randomBytes(523_007));
    await at().write(NAME, pieces(...all));
    expect(await hashOf(at().read(NAME))).toBe(await hashOf(pieces(...all)));
    expect(s3.biggest()).toBe(8 * 1_048_576);
    expect([...s3.objects.keys()]).toEqual([`office/${NAME}`]);
    expect(s3.uploads.size).toBe(0);
  });

  test('lists page after page what is ours, and nothing else; what was removed is gone', async () => {
    const names = [3, 4, 5, 6, 7].map((day) => NAME.replace('11-30', `11-0${day}`));
    for (const name of names) await at().write(name, pieces(Buffer.from(name)));
    s3.objects.set('office/notes.txt', Buffer.from('of others'));
    s3.objects.set(`elsewhere/${NAME}`, Buffer.from('of another office'));
    expect((await at().list()).map(({ name }) => name).sort()).toEqual(names);
    await at().remove(names[0] ?? '');
    expect(await at().list()).toHaveLength(4);
    await expect(hashOf(at().read(names[0] ?? ''))).rejects.toMatchObject({ code: 'no_such_backup' });
  });

  test('holds nothing of a file whose source broke off; what a killed run left is called off by the next', async () => {
    async function* breaks() {
      yield randomBytes(20_000_000);
      throw new Error('the database went away');
    }
    await expect(at().write(NAME, breaks())).rejects.toThrow('the database went away');
    expect([s3.objects.size, s3.uploads.size]).toEqual([0, 0]);
    s3.uploads.set('left', { key: `office/${NAME}`, parts: new Map() });
    s3.uploads.set('others', { key: 'office/notes.txt', parts: new Map() });
    expect(await at().tidy()).toBe(1);
    expect([...s3.uploads.keys()]).toEqual(['others']);
  });

  test('that is away for a moment is asked again', async () => {
    s3.failing.push({ status: 503, code: 'SlowDown' }, { status: 500, code: 'InternalError' });
    await at().write(NAME, pieces(Buffer.from('few')));
    expect(s3.objects.size).toBe(1);
    expect(pauses).toEqual([1_000, 4_000]);
  });

  test('that refuses is said in one line that names the setting', async () => {
    const said = (more: Partial<S3Place>) =>
      at(more)
        .list()
        .catch((error: Error) => error.message);
    expect(await said({ secret: new Secret('another one') })).toMatch(
      /^BACKUP_TARGET s3:\/\/lakana-backup\/office\/ cannot be used: the secret .*BACKUP_S3_SECRET$/,
    );
    expect(await said({ keyId: 'AKOTHER' })).toContain('see BACKUP_S3_KEY_ID');
    expect(await said({ bucket: 'not-there' })).toContain('there is no such bucket');
    expect(await said({ region: 'us-east-1' })).toContain('cannot be used');
  });
});
