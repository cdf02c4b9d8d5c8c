/**
 * The WhatsApp session in the database.
 *
 * Invariants: a write is one transaction; names (they hold numbers) stand here only as keyed hashes and values only
 * under the server key, each bound to its name; a session written before the server key was rotated is still found,
 * and is under the new key once it is written again. What people said, and what was said to them, lies under the
 * epoch key, until it is handled or has arrived.
 */

import { createEpochs, type Epochs, openLive, sealLive } from '../../app/keys/epochs.ts';
import {
  outlivesSession,
  type Seat,
  type SentMessages,
  type SessionStore,
  type Staged,
  type StagedMessages,
} from '../../channels/whatsapp/session-store.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { type DatabaseClock, databaseClock } from '../../db/clock.ts';
import type { Db } from '../../db/database.ts';
import {
  clearSession,
  findSent,
  findSessionValues,
  findStaged,
  forgetSent,
  forgetStaged,
  keepSent,
  replaceSessionValues,
  type SealedBody,
  type SessionRow,
  stage,
  waitingStaged,
} from '../../db/whatsapp-session.ts';

const PURPOSE = 'whatsapp-session';
const STAGED = 'whatsapp-staged';
const SENT = 'whatsapp-sent';
/** Names asked for in one statement. */
const AT_ONCE = 500;

const plain = new TextEncoder();
const text = new TextDecoder();

export type SessionParts = { db: Db; keyring: Keyring; epochs: Epochs; clock: DatabaseClock };

/** For a command. */
export function sessionParts({
  database: { db },
  keyring,
}: {
  database: { db: Db };
  keyring: Keyring;
}): SessionParts {
  return { db, keyring, epochs: createEpochs(db, keyring), clock: databaseClock };
}

/** The session of the number in this seat. Who is who is one thing for all of them. */
export function createWhatsappSession(parts: SessionParts, seat: Seat = 1): SessionStore {
  const { db, keyring } = parts;
  const ownName = (name: string): string =>
    seat === 1 || outlivesSession(name) ? name : `seat-${seat}/${name}`;
  /** Under the current key first. */
  const indexesOf = (name: string): Uint8Array[] => keyring.indexes(PURPOSE, ownName(name));
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
          if (name !== undefined)
            found.set(name, text.decode(keyring.open(PURPOSE, ownName(name), row.valueSealed)));
        }
      }
      return found;
    },

    async write(changes, staged) {
      const rows: SessionRow[] = [];
      for (const [name, value] of changes) {
        if (value === null) continue;
        const own = ownName(name);
        const valueSealed = keyring.seal(PURPOSE, own, plain.encode(value));
        rows.push({
          nameIndex: keyring.index(PURPOSE, own),
          valueSealed,
          outlives: outlivesSession(name),
          seat,
        });
      }
      const before = [...changes.keys()].flatMap(indexesOf);
      const body = staged && (await sealBody(parts, STAGED, bodyOf(staged)));
      await db.transaction(async (tx) => {
        await replaceSessionValues(tx, before, rows);
        if (staged && body) await stage(tx, keyring.index(STAGED, staged.hash), body, seat);
      });
    },

    clear: () => db.transaction((tx) => clearSession(tx, seat)),
  };
}

type Body = { hash: string; attrs: Staged['attrs']; plain: string };

const bodyOf = ({ hash, attrs, plain: bytes }: Staged): Body => ({
  hash,
  attrs,
  plain: Buffer.from(bytes).toString('base64'),
});

async function sealBody(parts: SessionParts, context: string, value: unknown): Promise<SealedBody> {
  const { epochId, sealed } = await sealLive(
    parts,
    parts.db,
    await parts.clock.now(parts.db),
    context,
    value,
  );
  return { epochId, bodySealed: sealed };
}

function openBody(
  parts: SessionParts,
  context: string,
  { epochId, bodySealed }: { epochId: SealedBody['epochId'] | null; bodySealed: Uint8Array | null },
): Promise<unknown | undefined> {
  return openLive(parts, parts.db, { epochId, sealed: bodySealed }, context);
}

/** What was decrypted and is not handled yet, found by keyed hash. */
export function createStagedMessages(parts: SessionParts): StagedMessages {
  const { db, keyring } = parts;
  const open = async (row: Parameters<typeof openBody>[2]): Promise<Staged | undefined> => {
    const body = (await openBody(parts, STAGED, row)) as Body | undefined;
    return body && { ...body, plain: Buffer.from(body.plain, 'base64') };
  };
  return {
    async find(hash) {
      for (const index of keyring.indexes(STAGED, hash)) {
        const row = await findStaged(db, index);
        if (row) return (await open(row))?.plain ?? 'handled';
      }
      return undefined;
    },
    async waiting(limit) {
      const staged = await Promise.all((await waitingStaged(db, limit)).map(open));
      return staged.filter((each) => each !== undefined);
    },
    async handled(hash) {
      for (const index of keyring.indexes(STAGED, hash)) await forgetStaged(db, index);
    },
  };
}

/** What was sent and has not come to the phone yet, found by the keyed hash of its id. */
export function createSentMessages(parts: SessionParts, seat: Seat = 1): SentMessages {
  const { db, keyring } = parts;
  return {
    async keep(id, content) {
      const body = await sealBody(parts, `${SENT}/${id}`, Buffer.from(content).toString('base64'));
      await keepSent(db, keyring.index(SENT, id), body, seat);
    },
    async find(id) {
      const row = await findSent(db, keyring.indexes(SENT, id));
      const found = row && (await openBody(parts, `${SENT}/${id}`, row));
      return typeof found === 'string' ? Buffer.from(found, 'base64') : undefined;
    },
    arrived: (ids) =>
      forgetSent(
        db,
        ids.flatMap((id) => keyring.indexes(SENT, id)),
      ),
  };
}
