/**
 * The only place that calls the Bot API.
 *
 * Invariants: nothing that grammY throws leaves this file (its errors carry the token, message texts and whole
 * payloads); a failure is a value with a code word. No redirect is followed: the token is part of the address.
 * Nothing is repeated here: whether a call may be repeated is for the caller to say.
 */
import { buffer } from 'node:stream/consumers';
import { Api, GrammyError, type RawApi } from 'grammy';
import type { ApiMethods } from 'grammy/types';
import { networkFault } from '../never-sent.ts';
import { openAsSet, readAtMost } from '../outside.ts';

export type Failure =
  /** The Bot API said no. `description` is Telegram's sentence: to be compared, never logged or stored. */
  | { kind: 'refused'; code: number; description: string; retryAfterSeconds?: number }
  /** It certainly never reached the server. */
  | { kind: 'not_sent'; code: string }
  /** It may or may not have been carried out. */
  | { kind: 'unknown'; code: string };

export type Outcome = { ok: true; result: unknown } | { ok: false; failure: Failure };

type Method = keyof ApiMethods & keyof RawApi;
type Payload<M extends Method> = Exclude<Parameters<ApiMethods[M]>[0], undefined>;

/** Calls one method. Never throws; results are unchecked, since other Bot API servers answer differently. */
export type Calls = <M extends Method>(
  method: M,
  payload: Payload<M>,
  options?: CallOptions,
) => Promise<Outcome>;

type CallOptions = {
  signal?: AbortSignal;
  /** Default 15. */
  timeoutSeconds?: number;
};

/** Of those that grammY's client lists so, the ones that are called here. */
const WITHOUT_PAYLOAD: ReadonlySet<string> = new Set(['getMe', 'getWebhookInfo']);

/** Most bytes of an answer: a hundred updates, each as long as Telegram lets it be, are less. */
const MAX_ANSWER = 16 * 1024 * 1024;

const DEFAULT_TIMEOUT_SECONDS = 15;
/** grammY's own time-out: only a last net behind ours. */
const LAST_NET_SECONDS = 120;

export const DEFAULT_API_ROOT = 'https://api.telegram.org';

/** Makes the caller of one bot. */
export function createCalls(token: string, apiRoot: string): Calls {
  const { raw } = new Api(token, { apiRoot, timeoutSeconds: LAST_NET_SECONDS, fetch: fetchJson as never });
  const call = raw as unknown as Record<string, (payload: object, signal: unknown) => Promise<unknown>>;
  return async (method, payload, options = {}) => {
    const limit = AbortSignal.timeout((options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000);
    const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
    if (signal.aborted) return { ok: false, failure: { kind: 'not_sent', code: 'aborted' } };
    try {
      const send = call[method];
      // grammY gives these their payload itself and takes the signal first.
      const result = WITHOUT_PAYLOAD.has(method)
        ? await send?.(signal as never, undefined)
        : await send?.(payload, signal);
      return { ok: true, result };
    } catch (thrown) {
      return { ok: false, failure: failureOf(thrown, signal) };
    }
  };
}

/** A code for logs and delivery rows: letters, digits and underscores only. */
export function failureCode(failure: Failure): string {
  return failure.kind === 'refused' ? `telegram_${failure.code}` : failure.code;
}

function failureOf(thrown: unknown, signal: AbortSignal): Failure {
  if (thrown instanceof GrammyError) {
    const { error_code: code, description, parameters } = thrown;
    const wait = parameters.retry_after;
    return {
      kind: 'refused',
      code,
      description: String(description ?? ''),
      ...(typeof wait === 'number' ? { retryAfterSeconds: wait } : {}),
    };
  }
  const inner = (thrown as { error?: unknown }).error ?? thrown;
  if (signal.aborted) return { kind: 'unknown', code: 'timeout' };
  return networkFailure(inner);
}

/** Before or after the request went out? What is not known to be before counts as after. */
export function networkFailure(thrown: unknown): Failure {
  const { code, isNeverSent } = networkFault(thrown);
  return { kind: isNeverSent ? 'not_sent' : 'unknown', code: code?.toLowerCase() ?? 'network_error' };
}

type FetchInit = {
  method: string;
  headers: Record<string, string>;
  /** A call with a file is a form, which grammY gives piece by piece. */
  body: string | AsyncIterable<Uint8Array>;
  signal: AbortSignal;
};

/**
 * Node's own `fetch` for grammY: its errors say whether a connection was made, and it honours
 * NODE_USE_ENV_PROXY. An answer that is not the Bot API's JSON (a proxy's error page) becomes a refusal with
 * its status; without an error status nobody knows what happened.
 */
async function fetchJson(url: string, { method, headers, body, signal }: FetchInit): Promise<unknown> {
  // grammY's signal comes from a package; Node's fetch takes only its own.
  const own = new AbortController();
  const abort = () => own.abort();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    const { status, ...opened } = await openAsSet(
      url,
      { method: method === 'GET' ? 'GET' : 'POST', headers, body: await wholeOf(body) },
      { signal: own.signal },
    );
    const { bytes } = await readAtMost(opened, MAX_ANSWER);
    // A redirect is not followed, and nothing is learned from one.
    const answer = status >= 300 && status < 400 ? undefined : parse(bytes.toString());
    if (answer) return { json: async () => answer };
    if (status < 400) throw new Error('not the Bot API');
    return { json: async () => ({ ok: false, error_code: status, description: '' }) };
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function wholeOf(body: FetchInit['body']): Promise<string | Uint8Array<ArrayBuffer>> {
  return typeof body === 'object' && Symbol.asyncIterator in body ? new Uint8Array(await buffer(body)) : body;
}

function parse(text: string): { ok: boolean } | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const fits =
      typeof answer === 'object' && answer !== null && 'ok' in answer && typeof answer.ok === 'boolean';
    return fits ? (answer as { ok: boolean }) : undefined;
  } catch {
    return undefined;
  }
}
