/**
 * Fetching a file from Telegram.
 *
 * Invariants: the address of a file contains the bot token, so it never leaves this file, not in an error
 * either; nothing is written to disk; not a byte more than the limit is passed on.
 */
import { z } from 'zod';
import { LakanaError } from '../../kernel/errors.ts';
import type { FetchResult, IncomingFile } from '../channel.ts';
import { type Calls, type Failure, failureCode, networkFailure } from './calls.ts';
import { MAX_FILE_BYTES } from './content.ts';

const fileAnswer = z.looseObject({
  file_path: z.string().min(1),
  file_size: z.number().optional().catch(undefined),
});

type Parts = { calls: Calls; token: string; apiRoot: string };

/** Opens the file as a stream. A stream that breaks off errors with `telegram_file_interrupted`. */
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

async function download({ token, apiRoot }: Parts, path: string, signal: AbortSignal): Promise<FetchResult> {
  const safePath = path.split('/').map(encodeURIComponent).join('/');
  try {
    const response = await fetch(`${apiRoot}/file/bot${token}/${safePath}`, { signal, redirect: 'error' });
    const size = sizeOf(response);
    if (!response.ok || !response.body || size === 'too_big') {
      await response.body?.cancel();
      if (size === 'too_big') return tooBig();
      const gone = response.status >= 400 && response.status < 500 && response.status !== 429;
      return { ok: false, reason: gone ? 'gone' : 'unreachable', code: `http_${response.status}` };
    }
    return { ok: true, stream: guarded(response.body, size), ...(size === undefined ? {} : { size }) };
  } catch (thrown) {
    return { ok: false, reason: 'unreachable', code: failureCode(networkFailure(thrown)) };
  }
}

function sizeOf(response: Response): number | 'too_big' | undefined {
  const header = response.headers.get('content-length');
  // With compression the header counts other bytes than those we get.
  if (header === null || response.headers.has('content-encoding')) return undefined;
  const size = Number(header);
  return size > MAX_FILE_BYTES ? 'too_big' : size;
}

/** Counts the bytes, and replaces the library's errors by ours. */
function guarded(body: ReadableStream<Uint8Array>, expected: number | undefined): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = await reader.read().catch(() => undefined);
      if (!chunk) return controller.error(interrupted());
      if (chunk.done) {
        if (expected !== undefined && bytes !== expected) return controller.error(interrupted());
        return controller.close();
      }
      bytes += chunk.value.length;
      if (bytes > MAX_FILE_BYTES) {
        await reader.cancel().catch(() => undefined);
        return controller.error(
          new LakanaError('telegram_file_too_big', 'the file is bigger than announced'),
        );
      }
      controller.enqueue(chunk.value);
    },
    async cancel() {
      await reader.cancel().catch(() => undefined);
    },
  });
}

function interrupted(): LakanaError {
  return new LakanaError('telegram_file_interrupted', 'the file did not arrive whole');
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
