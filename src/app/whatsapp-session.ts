/**
 * The WhatsApp session in the database.
 *
 * Invariants: a write is one transaction; names (they hold numbers) stand here only as keyed hashes and values only
 * under the server key, each bound to its name; a session written before the server key was rotated is still found,
 * and is under the new key once it is written again.
 */
import type { SessionStore } from '../channels/whatsapp/session-store.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Db } from '../db/database.ts';
import {
  clearSession,
  findSessionValues,
  replaceSessionValues,
  type SessionRow,
} from '../db/whatsapp-session.ts';

const PURPOSE = 'whatsapp-session';
/** Names asked for in one statement. */
const AT_ONCE = 500;

const plain = new TextEncoder();
const text = new TextDecoder();

export function createWhatsappSession(ctx: { db: Db; keyring: Keyring }): SessionStore {
  const { db, keyring } = ctx;
  /** Under the current key first. */
  const indexesOf = (name: string): Uint8Array[] => keyring.indexes(PURPOSE, name);
  const keyOf = (index: Uint8Array): string => Buffer.from(index).toString('hex');

  return {
    async read(names) {
      const found = new Map<string, string>();
      for (let from = 0; from < names.length; from += AT_ONCE) {
        const some = names.slice(from, from + AT_ONCE);
        const byIndex = new Map(
          some.flatMap((name) => indexesOf(name).map((each) => [keyOf(each), name] as const)),
        );
        const rows = await findSessionValues(db, some.flatMap(indexesOf));
        for (const row of rows) {
          const name = byIndex.get(keyOf(row.nameIndex));
          if (name !== undefined) found.set(name, text.decode(keyring.open(PURPOSE, name, row.valueSealed)));
        }
      }
      return found;
    },

    async write(changes) {
      const rows: SessionRow[] = [];
      for (const [name, value] of changes) {
        if (value === null) continue;
        const valueSealed = keyring.seal(PURPOSE, name, plain.encode(value));
        rows.push({ nameIndex: keyring.index(PURPOSE, name), valueSealed });
      }
      const before = [...changes.keys()].flatMap(indexesOf);
      await db.transaction((tx) => replaceSessionValues(tx, before, rows));
    },

    clear: () => db.transaction((tx) => clearSession(tx)),
  };
}
