/**
 * One request to a carrier's HTTP service, and what its outcome means for a message.
 *
 * Invariants: no redirect is followed, so that what is secret goes to nobody else; an error holds a code and never an
 * address, a header or a body; of an answer without end no more than its beginning is read.
 */
import type { AccountFault, SendResult } from './channel.ts';
import { networkFault } from './never-sent.ts';
import { type Hosts, NOT_ALLOWED, type Opened, openAsSet, openStrangers, readAtMost } from './outside.ts';

export type Refused = Exclude<SendResult, { ok: true }>;
export type HttpAnswer = { ok: true; body: string } | Refused;

/** Answers of a server that has not taken what was sent: too slow in coming, overloaded or in repair. */
const NOT_TAKEN = new Set([408, 503]);
/** Without a `Retry-After`. */
const USUAL_WAIT_SECONDS = 30;

/** Most bytes of an answer that are of use. */
const MAX_ANSWER = 20_000;

/** What a refusal of one service means where that is more than its status says; undefined: no more. */
export type Means = (status: number, body: string) => Refused | undefined;

/**
 * `hosts`: given for an address that a stranger handed over; without it the operator set the address. `means`: how the
 * service refuses.
 */
export async function callHttp(
  url: string,
  request: { headers: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> },
  signal: AbortSignal,
  { hosts, means }: { hosts?: Hosts; means?: Means } = {},
): Promise<HttpAnswer> {
  try {
    const answer = await (hosts
      ? openStrangers(url, hosts, request, { signal })
      : openAsSet(url, request, { signal }));
    // A server that answers "yes" and is then cut off has said yes, and so has one whose answer never ends.
    const body = await readAtMost(answer, MAX_ANSWER).then(
      ({ bytes }) => bytes.toString(),
      () => '',
    );
    const isYes = answer.status >= 200 && answer.status < 300;
    return isYes ? { ok: true, body } : (means?.(answer.status, body) ?? refused(answer));
  } catch (error) {
    const code = codeOf(error) ?? (signal.aborted ? 'timeout' : 'network');
    if (code === NOT_ALLOWED) return { ok: false, reason: 'rejected', code };
    return { ok: false, reason: networkFault(error).isNeverSent ? 'unreachable' : 'ambiguous', code };
  }
}

/** `fetch` wraps the error of the connection. */
function codeOf(error: unknown): string | undefined {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  const found = cause?.code ?? (signalled(code) ? undefined : code);
  return typeof found === 'string' ? found : undefined;
}
const signalled = (code: unknown): boolean => code === 'ABORT_ERR' || typeof code === 'number';

function refused({ status, header }: Opened): Refused {
  const code = `http_${status || 'redirect'}`;
  if (status === 429) {
    const wait = Number(header('retry-after'));
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

/**
 * A refusal of the whole account as any HTTP service says it: the key is not known or has run out, it may not do this,
 * there is no money, the service is not at this address. For services whose address is a setting.
 */
export const accountRefused: Means = (status) => {
  const isElsewhere = status >= 300 && status < 400;
  const fault = isElsewhere ? 'address' : ACCOUNT_STATUS[status];
  return fault && { ok: false, reason: 'account', fault, code: `http_${status}` };
};
const ACCOUNT_STATUS: Readonly<Record<number, AccountFault>> = {
  401: 'key',
  402: 'balance',
  403: 'right',
  404: 'address',
  405: 'address',
};

/** Whether a service answers such a request; a code if not. */
export async function answersGet(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const answer = await callHttp(url, { headers }, signal);
  return answer.ok ? undefined : codeOfRefusal(answer);
}

/** What a refusal is called in logs and rows. */
export const codeOfRefusal = (refusal: Refused): string =>
  'code' in refusal ? refusal.code : refusal.reason;
