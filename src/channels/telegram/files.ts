/**
 * Fetching a file from Telegram.
 *
 * Invariants: the address of a file contains the bot token, so it never leaves this file, not in an error
 * either; nothing is written to disk; not a byte more than the limit is passed on.
 */
import { z } from 'zod';
import { LakanaError } from '../../kernel/errors.ts';
import type { FetchResult, IncomingFile } from '../channel.ts';
import { FILE_PATIENCE, type Opened, openAsSet, type Patience } from '../outside.ts';
import { type Calls, type Failure, failureCode, networkFailure } from './calls.ts';
import { MAX_FILE_BYTES } from './content.ts';

const fileAnswer = z.looseObject({
  file_path: z.string().min(1),
  file_size: z.number().optional().catch(undefined),
});

type Parts = { calls: Calls; token: string; apiRoot: string; patience?: Partial<Patience> | undefined };

/** Opens the file as a stream. A stream that breaks off errors with `file_cut`. */
export async function fetchTelegramFile(
  parts: Parts,
  file: IncomingFile,
  signal: AbortSignal,
): Promise<FetchResult> {
  if (file.size !== undefined && file.size > MAX_FILE_BYTES) return tooBig();
  const outcome = await parts.calls('getFile', { file_id: file.ref }, { signal });
  if (!outcome.ok) return refused(outcome.failure);
  const answer = fileAnswer.safeParse(outcome.result);
  if (!answer.success) return { ok: false, reason: 'gone', code: 'no_file_path' };
  if ((answer.data.file_size ?? 0) > MAX_FILE_BYTES) return tooBig();
  return await download(parts, answer.data.file_path, signal);
}

async function download(
  { token, apiRoot, patience }: Parts,
  path: string,
  signal: AbortSignal,
): Promise<FetchResult> {
  const safePath = path.split('/').map(encodeURIComponent).join('/');
  try {
    const opened = await openAsSet(
      `${apiRoot}/file/bot${token}/${safePath}`,
      {},
      { signal, patience: { ...FILE_PATIENCE, ...patience } },
    );
    const { status } = opened;
    const size = sizeOf(opened);
    if (status !== 200 || size === 'too_big') {
      opened.close();
      if (size === 'too_big') return tooBig();
      const gone = status >= 300 && status < 500 && status !== 408 && status !== 429;
      return { ok: false, reason: gone ? 'gone' : 'unreachable', code: `http_${status}` };
    }
    const stream = ReadableStream.from(counted(opened.body, size));
    return { ok: true, stream, ...(size === undefined ? {} : { size }) };
  } catch (thrown) {
    return { ok: false, reason: 'unreachable', code: failureCode(networkFailure(thrown)) };
  }
}

function sizeOf({ header }: Opened): number | 'too_big' | undefined {
  const length = header('content-length');
  // With compression the header counts other bytes than those we get.
  if (length === undefined || header('content-encoding') !== undefined) return undefined;
  const size = Number(length);
  return size > MAX_FILE_BYTES ? 'too_big' : size;
}

/** Counts the bytes, and replaces the library's errors by ours. */
async function* counted(
  body: Opened['body'],
  expected: number | undefined,
): AsyncGenerator<Uint8Array, void> {
  let bytes = 0;
  try {
    for await (const piece of body) {
      bytes += piece.length;
      if (bytes > MAX_FILE_BYTES) throw tooLong();
      yield piece;
    }
  } catch (error) {
    throw error instanceof LakanaError ? error : interrupted();
  }
  if (expected !== undefined && bytes !== expected) throw interrupted();
}

const tooLong = () => new LakanaError('telegram_file_too_big', 'the file is bigger than announced');

function interrupted(): LakanaError {
  return new LakanaError('file_cut', 'the file did not arrive whole');
}

function tooBig(): FetchResult {
  return { ok: false, reason: 'too_big', code: 'over_20_mb' };
}

function refused(failure: Failure): FetchResult {
  const code = failureCode(failure);
  if (failure.kind !== 'refused' || failure.code !== 400) return { ok: false, reason: 'unreachable', code };
  if (/too big/i.test(failure.description)) return tooBig();
  const later = /temporarily unavailable/i.test(failure.description);
  return { ok: false, reason: later ? 'unreachable' : 'gone', code };
}
