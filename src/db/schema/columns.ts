/** Kinds of columns that PostgreSQL has and drizzle does not name. */
import { customType, timestamp } from '../drizzle.cjs';

/** Bytes: ciphertext, keyed hashes. */
export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
/** An instant. */
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
