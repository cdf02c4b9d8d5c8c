/**
 * One request to somebody's HTTP service, and what its outcome means for a message.
 *
 * Invariants: no redirect is followed, so that what is secret goes to nobody else; an error holds a code and never an
 * address, a header or a body.
 */
import type { SendResult } from './channel.ts';

type Refused = Exclude<SendResult, { ok: true }>;
export type HttpAnswer = { ok: true; body: string } | Refused;

/** Codes of errors after which nothing was sent for certain. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_HAS_EXPIRED',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
/** Answers of a server that has not taken what was sent: too slow in coming, overloaded or in repair. */
const NOT_TAKEN = new Set([408, 503]);
/** Without a `Retry-After`. */
const USUAL_WAIT_SECONDS = 30;

export async function callHttp(
  url: string,
  request: { headers: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> },
  signal: AbortSignal,
): Promise<HttpAnswer> {
  try {
    const method = request.body === undefined ? 'GET' : 'POST';
    const answer = await fetch(url, { method, redirect: 'manual', signal, ...request });
    // Who says "yes" and is cut off has said yes.
    const body = await answer.text().catch(() => '');
    return answer.ok ? { ok: true, body: body.slice(0, 20_000) } : refused(answer);
  } catch (error) {
    const cause = (error as { cause?: { code?: unknown } }).cause?.code;
    const code = typeof cause === 'string' ? cause : signal.aborted ? 'timeout' : 'network';
    return { ok: false, reason: NOT_SENT.has(code) ? 'unreachable' : 'ambiguous', code };
  }
}

function refused({ status, headers }: Response): Refused {
  const code = `http_${status || 'redirect'}`;
  if (status === 429) {
    const wait = Number(headers.get('retry-after'));
    return {
      ok: false,
      reason: 'rate_limited',
      retryAfterSeconds: wait > 0 ? Math.min(wait, 3_600) : USUAL_WAIT_SECONDS,
    };
  }
  if (NOT_TAKEN.has(status)) return { ok: false, reason: 'unreachable', code };
  // A gateway that waited in vain, a program that broke: it may have been passed on before.
  if (status >= 500) return { ok: false, reason: 'ambiguous', code };
  return { ok: false, reason: 'rejected', code };
}

/** Whether a service answers such a request; a code if not. */
export async function answersGet(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const answer = await callHttp(url, { headers }, signal);
  if (answer.ok) return undefined;
  return 'code' in answer ? answer.code : answer.reason;
}
