/**
 * Statements that run for every message. Their text is written by hand and never changes, so that nothing is built
 * when they run and PostgreSQL plans them once; everything else goes through drizzle.
 */
import type { Db, Tx } from './database.ts';

type Parameter = string | number | boolean | Date | Uint8Array | null;
type Client = { unsafe(text: string, parameters: Parameter[]): PromiseLike<Record<string, unknown>[]> };

/** Makes a statement; its parameters are `$1`, `$2`, … of the text. Rows come back as postgres.js reads them. */
export function statement<Row>(text: string): (on: Tx | Db, parameters: Parameter[]) => Promise<Row[]> {
  return async (on, parameters) => (await clientOf(on).unsafe(text, parameters)) as Row[];
}

/** The connection that drizzle's handle stands for: inside a transaction, the transaction's. */
function clientOf(on: Tx | Db): Client {
  return (on as unknown as { session: { client: Client } }).session.client;
}

/** Bytes as they stand in a JSON parameter; `decode(…, 'hex')` reads them. */
export function hex(bytes: Uint8Array | null): string | null {
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
