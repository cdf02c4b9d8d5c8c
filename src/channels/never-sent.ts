/**
 * Whether a request that failed had gone out. What went out may have arrived: a message is then not simply sent again.
 *
 * Invariant: what is not known to have failed before anything was sent counts as sent.
 */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const BAD_CERTIFICATE = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** The first code of an error and its causes (`fetch` wraps the connection's own), and whether nothing had been sent. */
export function networkFault(thrown: unknown): { code: string | undefined; isNeverSent: boolean } {
  for (let error = thrown, depth = 0; typeof error === 'object' && error !== null && depth < 5; depth += 1) {
    const { code, syscall, host, cause } = error as Record<string, unknown>;
    if (typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code)) {
      const connecting = syscall === 'connect' || (code === 'ETIMEDOUT' && 'errors' in error);
      // Node's own ECONNRESET with a `host`: cut off before the TLS handshake was through (lib/_tls_wrap.js).
      const handshake = code === 'ECONNRESET' && typeof host === 'string';
      return {
        code,
        isNeverSent: NEVER_CONNECTED.has(code) || BAD_CERTIFICATE.test(code) || connecting || handshake,
      };
    }
    error = cause;
  }
  return { code: undefined, isNeverSent: false };
}
