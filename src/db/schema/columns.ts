/** Kinds of columns that PostgreSQL has and drizzle does not name. */
import { customType, sql, timestamp } from '../drizzle.cjs';

/** Bytes: ciphertext, keyed hashes. */
export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
/** An instant. */
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Words of ours, never of a person, as a check of a table lists them. */
export const quoted = (words: readonly string[]) => sql.raw(words.map((word) => `'${word}'`).join(', '));
