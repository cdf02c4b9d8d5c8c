/** Of an address where something answers, but not as PostgreSQL does. */
export const NO_POSTGRES = 'NO_POSTGRES';

const CONNECTION_CODES = new Set([
  NO_POSTGRES,
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

/** The codes of an error and of what caused it. */
export function codesOf(thrown: unknown): string[] {
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

/**
 * What PostgreSQL answers while it cannot do anything for anybody, whatever it is asked: it is there, and as good as
 * away. Not among them is what one message alone may bring about again and again (a statement that takes too long, a
 * damaged row): that is counted as a try, so that it holds up nobody else.
 */
const UNAVAILABLE_CODES = new Set([
  // A standby after a fail-over, or default_transaction_read_only.
  '25006',
  // Resources: any, disk, memory (too many connections stands above).
  '53000',
  '53100',
  '53200',
  // The database was dropped, does not exist, or lets nobody in any more: a fail-over that went wrong.
  '57P04',
  '3D000',
  '28000',
  '28P01',
  // A file system that was made read-only is answered as a lack of privilege, and so is a lack of privilege.
  '42501',
]);

/** Input and output, missing files of the cluster: PostgreSQL's own class for what is beneath it. */
const SYSTEM_ERROR = /^58...$/;

/** A reason of the system that PostgreSQL has no code for, as a disk quota. */
const COULD_NOT = /^could not (?:access|close|create|extend|flush|fsync|open|rename|sync|truncate|write)\b/;

function isSystemMessage(thrown: unknown, depth = 0): boolean {
  if (typeof thrown !== 'object' || thrown === null || depth > 8) return false;
  const { code, message, cause } = thrown as { code?: unknown; message?: unknown; cause?: unknown };
  if (code === 'XX000' && typeof message === 'string' && COULD_NOT.test(message)) return true;
  return isSystemMessage(cause, depth + 1);
}

/**
 * Whether the database is away or as good as away: it cannot be reached, its disk is full or cannot be written, or it only
 * answers what is read. What was asked of it goes on by itself when there is room.
 */
export function isUnavailable(thrown: unknown): boolean {
  return (
    isConnectionError(thrown) ||
    codesOf(thrown).some((code) => UNAVAILABLE_CODES.has(code) || SYSTEM_ERROR.test(code)) ||
    isSystemMessage(thrown)
  );
}

/** Whether doing the same transaction again may succeed: a deadlock or a serialisation failure. */
export function isRetryable(thrown: unknown): boolean {
  return codesOf(thrown).some((code) => code === '40P01' || code === '40001');
}
