/**
 * Backups in a bucket of any service that speaks S3.
 *
 * Invariants: what is sent is signed with its hash, so that nobody on the way changes it; of a file no more than one part is in
 * memory; a file has its name only once its last part was confirmed, and one that failed is called off; what an earlier run
 * left is called off by the next.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LakanaError } from '../kernel/errors.ts';
import { seconds } from '../kernel/time.ts';
import { isOurs, type Stored, type Target } from './names.ts';
import { type Answer, createS3Calls, type S3Place, textIn, wordsIn } from './s3-calls.ts';

/** A part has at least 5 MiB but for the last; a thousand parts later they are bigger: 10,000 are allowed. */
const PART = 8 * 1_048_576;
const sizeOfPart = (n: number): number => PART * (1 + Math.floor((n - 1) / 1_000));
/** An error of the line or of the service is tried again after these pauses. */
const PAUSES = [seconds(1), seconds(4), seconds(15)];

/** `pause`: only tests bring their own. */
export function createBucket(
  place: S3Place,
  pause: (ms: number) => Promise<unknown> = (ms) => sleep(ms),
): Target {
  const { bucket, prefix } = place;
  const shown = `s3://${bucket}/${prefix}`;
  const ask = createS3Calls(place);

  const call = async (...given: Parameters<typeof ask>): Promise<Answer> => {
    for (const ms of PAUSES) {
      const answer = await ask(...given).catch(() => undefined);
      if (answer && answer.status < 500 && answer.status !== 429) return answer;
      await pause(ms);
    }
    return ask(...given);
  };
  const must = async (...given: Parameters<typeof ask>): Promise<Answer> => {
    const answer = await call(...given);
    if (answer.status < 300 && !answer.text.includes('<Error>')) return answer;
    throw refused(shown, answer);
  };

  async function* pages(
    query: Record<string, string>,
    next: (xml: string) => Record<string, string> | undefined,
  ) {
    let more: Record<string, string> | undefined = {};
    while (more) {
      const { text }: Answer = await must('GET', '', { query: { ...query, prefix, ...more } });
      yield text;
      more = textIn(text, 'IsTruncated') === 'true' ? next(text) : undefined;
    }
  }
  const nameIn = (key = ''): string => (key.startsWith(prefix) ? key.slice(prefix.length) : '');

  async function writeInParts(
    name: string,
    parts: AsyncGenerator<Uint8Array, void>,
    first: Uint8Array,
  ): Promise<void> {
    const { text } = await must('POST', name, { query: { uploads: '' } });
    const uploadId = textIn(text, 'UploadId') ?? '';
    try {
      const tags: string[] = [];
      const put = async (body: Uint8Array) => {
        const query = { partNumber: String(tags.length + 1), uploadId };
        tags.push((await must('PUT', name, { query, body })).tag);
      };
      await put(first);
      for await (const part of parts) await put(part);
      const list = tags.map((tag, n) => `<Part><PartNumber>${n + 1}</PartNumber><ETag>${tag}</ETag></Part>`);
      const body = Buffer.from(`<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`);
      await must('POST', name, { query: { uploadId }, body });
    } catch (error) {
      await call('DELETE', name, { query: { uploadId } }).catch(() => undefined);
      throw error;
    }
  }

  return {
    shown,
    async list() {
      const found: Stored[] = [];
      const next = (xml: string) => ({ 'continuation-token': textIn(xml, 'NextContinuationToken') ?? '' });
      for await (const xml of pages({ 'list-type': '2' }, next))
        for (const each of wordsIn(xml, 'Contents')) {
          const name = nameIn(textIn(each, 'Key'));
          if (isOurs(name)) found.push({ name, bytes: Number(textIn(each, 'Size')) });
        }
      return found;
    },
    async write(name, bytes) {
      const parts = inParts(bytes);
      const first = await parts.next();
      const start = first.value ?? new Uint8Array();
      if (first.done || start.length < PART) await must('PUT', name, { body: start });
      else await writeInParts(name, parts, start);
    },
    async *read(name) {
      const answer = await ask('GET', name, { isStream: true });
      if (answer.status === 404) throw new LakanaError('no_such_backup', `there is no ${name} in ${shown}`);
      if (answer.status >= 300) throw refused(shown, answer);
      yield* answer.body ?? [];
    },
    async remove(name) {
      await must('DELETE', name);
    },
    async tidy() {
      let count = 0;
      const next = (xml: string) => ({
        'key-marker': textIn(xml, 'NextKeyMarker') ?? '',
        'upload-id-marker': textIn(xml, 'NextUploadIdMarker') ?? '',
      });
      for await (const xml of pages({ uploads: '' }, next))
        for (const each of wordsIn(xml, 'Upload')) {
          const name = nameIn(textIn(each, 'Key'));
          if (!isOurs(name)) continue;
          await call('DELETE', name, { query: { uploadId: textIn(each, 'UploadId') ?? '' } });
          count += 1;
        }
      return count;
    },
  };
}

/** Bytes in parts of the sizes that are wanted; the last one is what is left. */
async function* inParts(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let n = 1;
  let part = Buffer.allocUnsafe(sizeOfPart(n));
  let used = 0;
  for await (const piece of bytes)
    for (let from = 0; from < piece.length; ) {
      const take = Math.min(piece.length - from, part.length - used);
      part.set(piece.subarray(from, from + take), used);
      used += take;
      from += take;
      if (used < part.length) continue;
      yield part;
      n += 1;
      part = Buffer.allocUnsafe(sizeOfPart(n));
      used = 0;
    }
  if (used > 0) yield part.subarray(0, used);
}

const WHY: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket: make it, or give another one as BACKUP_TARGET',
  InvalidAccessKeyId: 'the key is not known there: see BACKUP_S3_KEY_ID',
  SignatureDoesNotMatch: 'the secret does not belong to the key: see BACKUP_S3_SECRET',
  RequestTimeTooSkewed: 'this machine’s clock is wrong: set it',
  AccessDenied: 'the key may not list, write or delete there: give it these rights',
  QuotaExceeded: 'it is full: make room there, or lower BACKUP_KEEP_DAYS',
};

function refused(shown: string, { status, text }: Answer): LakanaError {
  const code = textIn(text, 'Code') ?? '';
  const why = WHY[code] ?? `it answers ${status}${/^\w{1,40}$/.test(code) ? ` (${code})` : ''}`;
  return new LakanaError('backup_target', `BACKUP_TARGET ${shown} cannot be used: ${why}`);
}
