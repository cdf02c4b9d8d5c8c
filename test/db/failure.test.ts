/** What the database answers, and whether it can be used. */
import { describe, expect, it } from 'vitest';
import { isUnavailable } from '../../src/db/failure.ts';

const said = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('the database counts as away', () => {
  it.each([
    ['a full disk', said('53100', 'could not extend file "base/5/16413": No space left on device')],
    ['a disk that cannot be read or written', said('58030', 'could not fsync file')],
    ['a file of the cluster that is gone', said('58P01', 'could not open file "pg_xact/0000"')],
    ['a standby after a fail-over', said('25006', 'cannot execute INSERT in a read-only transaction')],
    ['a file system that was made read-only', said('42501', 'could not open file: Read-only file system')],
    ['a disk quota', said('XX000', 'could not write to file "base/5/1": Disk quota exceeded')],
    ['no memory', said('53200', 'out of memory')],
    ['a crash', said('57P02')],
    ['a restart after it', said('57P03')],
    ['a password that is refused', said('28P01')],
    ['any of them inside other errors', new Error('failed query', { cause: said('53100') })],
  ])('with %s', (_what, error) => expect(isUnavailable(error)).toBe(true));

  it.each([
    ['a constraint', said('23505')],
    ['a statement that takes too long', said('57014')],
    ['a damaged row', said('XX001')],
    ['a bug of PostgreSQL', said('XX000', 'unexpected node type')],
    ['a bug of ours', new TypeError('x is undefined')],
  ])('not with %s: that is counted as a try', (_what, error) => expect(isUnavailable(error)).toBe(false));
});
