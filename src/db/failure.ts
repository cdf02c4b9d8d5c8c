const CONNECTION_CODES = new Set([
  // node
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // postgres.js
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  // PostgreSQL: admin shutdown, crash shutdown, cannot connect now, idle session ended, too many connections
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  '25P03',
  '53300',
]);

function codesOf(thrown: unknown): string[] {
  const codes: string[] = [];
  const seen = new Set<unknown>();
  let error = thrown;
  while (typeof error === 'object' && error !== null && !seen.has(error)) {
    seen.add(error);
    const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
    if (typeof code === 'string') codes.push(code);
    if (Array.isArray(errors)) for (const inner of errors) codes.push(...codesOf(inner));
    error = cause;
  }
  return codes;
}

/** Whether the database could not be reached, as against having said no. Looks through causes. */
export function isConnectionError(thrown: unknown): boolean {
  return codesOf(thrown).some((code) => CONNECTION_CODES.has(code) || /^08...$/.test(code));
}

/** Whether doing the same transaction again may succeed: a deadlock or a serialisation failure. */
export function isRetryable(thrown: unknown): boolean {
  return codesOf(thrown).some((code) => code === '40P01' || code === '40001');
}
