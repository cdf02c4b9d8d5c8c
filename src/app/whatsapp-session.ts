/**
 * The WhatsApp session in the database.
 *
 * Invariants: a write is one transaction; names (they hold numbers) stand here only as keyed hashes and values only
 * under the server key, each bound to its name; a session written before the server key was rotated is still found,
 * and is under the new key once it is written again.
 */
import {
  outlivesSession,
  type SessionStore,
  type Staged,
  type StagedMessages,
} from '../channels/whatsapp/session-store.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Db } from '../db/database.ts';
import {
  clearSession,
  findSessionValues,
  findStaged,
  forgetStaged,
  replaceSessionValues,
  type SessionRow,
  stage,
  waitingStaged,
} from '../db/whatsapp-session.ts';

const PURPOSE = 'whatsapp-session';
const STAGED = 'whatsapp-staged';
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

    async write(changes, staged) {
      const rows: SessionRow[] = [];
      for (const [name, value] of changes) {
        if (value === null) continue;
        const valueSealed = keyring.seal(PURPOSE, name, plain.encode(value));
        rows.push({ nameIndex: keyring.index(PURPOSE, name), valueSealed, outlives: outlivesSession(name) });
      }
      const before = [...changes.keys()].flatMap(indexesOf);
      await db.transaction(async (tx) => {
        await replaceSessionValues(tx, before, rows);
        if (staged) await stage(tx, keyring.index(STAGED, staged.hash), sealStaged(keyring, staged));
      });
    },

    clear: () => db.transaction((tx) => clearSession(tx)),
  };
}

type Body = { hash: string; attrs: Staged['attrs']; plain: string };

function sealStaged(keyring: Keyring, { hash, attrs, plain: bytes }: Staged): Uint8Array {
  const body: Body = { hash, attrs, plain: Buffer.from(bytes).toString('base64') };
  return keyring.seal(STAGED, STAGED, plain.encode(JSON.stringify(body)));
}

function openStaged(keyring: Keyring, sealed: Uint8Array): Staged {
  const body = JSON.parse(text.decode(keyring.open(STAGED, STAGED, sealed))) as Body;
  return { hash: body.hash, attrs: body.attrs, plain: Buffer.from(body.plain, 'base64') };
}

/** What was decrypted and is not handled yet, in the database: under the server key, found by keyed hash. */
export function createStagedMessages({ db, keyring }: { db: Db; keyring: Keyring }): StagedMessages {
  return {
    async find(hash) {
      for (const index of keyring.indexes(STAGED, hash)) {
        const row = await findStaged(db, index);
        if (row) return row.bodySealed ? openStaged(keyring, row.bodySealed).plain : 'handled';
      }
      return undefined;
    },
    waiting: async (limit) => (await waitingStaged(db, limit)).map((sealed) => openStaged(keyring, sealed)),
    async handled(hash) {
      for (const index of keyring.indexes(STAGED, hash)) await forgetStaged(db, index);
    },
  };
}
