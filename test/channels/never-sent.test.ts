/** Whether something had left when a request failed: only then may it have arrived. */
import { expect, it } from 'vitest';
import { callHttp } from '../../src/channels/http-call.ts';
import { networkFault } from '../../src/channels/never-sent.ts';
import { networkFailure } from '../../src/channels/telegram/calls.ts';

const coded = (code: string, more: object = {}): Error =>
  Object.assign(new Error('words'), { code, ...more });
/** As `fetch` throws it. */
const wrapped = (cause: Error): Error => new TypeError('fetch failed', { cause });

it.each([
  ['a port where nobody listens', coded('ECONNREFUSED'), true],
  ['a name that nobody knows', coded('ENOTFOUND'), true],
  ['names that cannot be asked for', coded('EAI_FAIL'), true],
  ['a network that is down', coded('ENETDOWN'), true],
  ['a host that is down', coded('EHOSTDOWN'), true],
  ['a certificate whose chain is its own', coded('SELF_SIGNED_CERT_IN_CHAIN'), true],
  ['a certificate for another name', coded('ERR_TLS_CERT_ALTNAME_INVALID'), true],
  ['a server that speaks no TLS', coded('ERR_SSL_WRONG_VERSION_NUMBER'), true],
  ['a connection cut before TLS was through', coded('ECONNRESET', { host: 'example.org' }), true],
  ['a connection that never came about', coded('ETIMEDOUT', { syscall: 'connect' }), true],
  ['a connection cut later', coded('ECONNRESET'), false],
  ['silence', coded('ETIMEDOUT'), false],
  ['a failure without a code', new Error('words'), false],
])('%s', (_what, error, isNeverSent) => {
  for (const thrown of [error, wrapped(error)]) {
    expect(networkFault(thrown).isNeverSent).toBe(isNeverSent);
    expect(networkFailure(thrown).kind).toBe(isNeverSent ? 'not_sent' : 'unknown');
  }
});

it('a page to a carrier whose name cannot be looked up is tried again, for it has not left', async () => {
  const answer = await callHttp('https://carrier.invalid/', { headers: {} }, AbortSignal.timeout(20_000));
  expect(answer).toMatchObject({ ok: false, reason: 'unreachable' });
});
