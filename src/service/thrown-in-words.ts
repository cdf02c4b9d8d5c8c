/** What is said to an operator of anything that was thrown. */
import { isConnectionError } from '../db/failure.ts';
import { whyNoDatabase } from '../db/why-not.ts';
import { LakanaError } from '../kernel/errors.ts';
import { reduceError } from '../kernel/log.ts';

/** One line about anything thrown. Errors of libraries carry parameters and addresses: only their codes are shown. */
export function said(thrown: unknown): { code: string; message: string } {
  if (thrown instanceof LakanaError) return { code: thrown.code, message: thrown.message };
  const { error, code } = reduceError(thrown);
  if (isFileError(thrown))
    return { code: thrown.code, message: `${thrown.path}: ${FILE_ERRORS[thrown.code] ?? thrown.code}` };
  if (isConnectionError(thrown) || isSignInError(code)) {
    const why = whyNoDatabase(thrown);
    const message = why
      ? `DATABASE_URL ${why.problem}: ${why.mend}`
      : `the database cannot be reached (${code}): see that it runs and DATABASE_URL is right`;
    return { code: code ?? 'unreachable', message };
  }
  return { code: code ?? error, message: `this did not work (${[error, code].filter(Boolean).join(', ')})` };
}

/** Wrong user or password, no database of this name. */
const isSignInError = (code = ''): boolean => ['28P01', '28000', '3D000'].includes(code);

const FILE_ERRORS: Record<string, string> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'this user may not read or write it',
  EEXIST: 'is there already, and is not overwritten',
  EISDIR: 'is a directory',
  ENOSPC: 'the disk is full',
};

function isFileError(thrown: unknown): thrown is { code: string; path: string } {
  const error = thrown as { code?: unknown; path?: unknown; syscall?: unknown } | null;
  return typeof error?.path === 'string' && typeof error.code === 'string' && error.syscall !== 'connect';
}
