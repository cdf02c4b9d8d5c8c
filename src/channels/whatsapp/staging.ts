/**
 * Keeps what was decrypted in the very step that moves the ratchet, hence before WhatsApp is told that it arrived
 * (docs/decisions/whatsapp-staging.md).
 *
 * Invariants: nothing is receipted that is not in the store; the same bytes a second time are not decrypted again
 * (the ratchet has moved on and would refuse them) but answered from the store. Baileys is not patched: its signal
 * repository is wrapped and its key transaction joined (seen in `test/channels/whatsapp/baileys.test.ts`).
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type BinaryNode,
  DEFAULT_CONNECTION_CONFIG,
  isLidUser,
  type SignalKeyStore,
  type SignalKeyStoreWithTransaction,
  type SocketConfig,
  sha256,
} from '@whiskeysockets/baileys';
import { LRUCache } from 'lru-cache';
import { isPerson } from './people.ts';
import type { Seat, Staged, StagedMessages } from './session-store.ts';

type Attrs = Staged['attrs'];
type Step = { hash: string; plain?: Uint8Array; phone?: string | undefined };

/** One byte of padding and no message: what stands for bytes that were handled and forgotten. */
const NOTHING = new Uint8Array([1]);
/** Stanzas that are remembered until they are decrypted. */
const REMEMBERED = 5_000;
/** What Baileys decrypts for one person; it leaves other seals alone. */
const FOR_A_PERSON = ['pkmsg', 'msg'];

/** Attribute of ours: the place of a message among all that came. */
export const PLACE = 'lakana-place';
/** Attribute of ours: hash of the key of the phone that wrote it. */
export const PHONE = 'lakana-phone';
/** Attribute of ours: which of our numbers it came to; absent: the first. */
const SEAT = 'lakana-seat';

/** The attribute that says it. */
export const seatIn = (seat: Seat): Attrs => (seat === 1 ? {} : { [SEAT]: String(seat) });
export const seatOf = (attrs: Attrs): Seat => (attrs[SEAT] === '2' ? 2 : 1);

export class Staging {
  readonly #messages: StagedMessages;
  readonly #seat: Seat;
  readonly #stanzas = new LRUCache<string, Attrs>({ max: REMEMBERED });
  /** The callers that wait until these bytes are staged or refused, by hash. */
  readonly #awaited = new Map<string, () => void>();
  #lastPlace = 0;
  /** Called when the store cannot be asked, before Baileys hears of it and refuses the message. */
  onFailed: () => void = () => undefined;
  readonly #step = new AsyncLocalStorage<Step>();

  constructor(messages: StagedMessages, seat: Seat = 1) {
    this.#messages = messages;
    this.#seat = seat;
  }

  /** What the keys that are written now belong to. */
  current(): Staged | undefined {
    const step = this.#step.getStore();
    const attrs = step && this.#stanzas.get(step.hash);
    if (!step?.plain || !attrs) return undefined;
    const phone = step.phone ? { [PHONE]: step.phone } : {};
    return { hash: step.hash, attrs: { ...attrs, ...phone, ...seatIn(this.#seat) }, plain: step.plain };
  }

  async #find(hash: string): ReturnType<StagedMessages['find']> {
    try {
      return await this.#messages.find(hash);
    } catch (error) {
      this.onFailed();
      throw error;
    }
  }

  /** Hears of each stanza when it comes. */
  heard({ attrs, content }: BinaryNode): void {
    // Grows also over a restart.
    this.#lastPlace = Math.max(this.#lastPlace + 1, Date.now() * 1_000);
    for (const hash of sealedIn(content)) {
      // The same bytes once more stand where they stood when they first came.
      const place = this.#stanzas.get(hash)?.[PLACE] ?? String(this.#lastPlace);
      this.#stanzas.set(hash, { ...attrs, [PLACE]: place });
    }
  }

  /** Resolves when what is sealed in it was staged or refused; at once if Baileys decrypts nothing of it. */
  async settles({ attrs, content }: BinaryNode): Promise<void> {
    if (!isPerson(attrs.from)) return;
    const settled = sealedIn(content).map(
      (hash) => new Promise<void>((resolve) => this.#awaited.set(hash, resolve)),
    );
    await Promise.all(settled);
  }

  #settled(hash: string): void {
    this.#awaited.get(hash)?.();
    this.#awaited.delete(hash);
  }

  readonly makeSignalRepository: SocketConfig['makeSignalRepository'] = (auth, logger, toLid) => {
    const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, toLid);
    return {
      ...repository,
      decryptMessage: async (sealed) => {
        const hash = hashOf(sealed.ciphertext);
        const step: Step = { hash };
        return this.#step.run(step, () =>
          // Nothing is waited for before it is in this person's queue: the order in which messages came would be lost.
          withTransaction(auth.keys)
            .transaction(async () => {
              const known = await this.#find(hash);
              if (known) return known === 'handled' ? NOTHING : known;
              const decrypted = await repository.decryptMessage(sealed);
              step.phone = await phoneOf(auth.keys, repository, sealed);
              step.plain = decrypted;
              return step.plain;
            }, sealed.jid)
            .finally(() => this.#settled(hash)),
        );
      },
    };
  };
}

/** Hashes of what is sealed for us in a stanza. */
const sealedIn = (content: BinaryNode['content']): string[] =>
  (Array.isArray(content) ? content : []).flatMap((part) =>
    part.content instanceof Uint8Array && FOR_A_PERSON.includes(part.attrs.type ?? '')
      ? [hashOf(part.content)]
      : [],
  );

const hashOf = (bytes: Uint8Array): string => sha256(Buffer.from(bytes)).toString('hex');

function withTransaction(keys: SignalKeyStore): SignalKeyStoreWithTransaction {
  if (!('transaction' in keys)) throw new Error('Baileys gives the repository keys with transactions');
  return keys as SignalKeyStoreWithTransaction;
}

type Repository = ReturnType<SocketConfig['makeSignalRepository']>;
type Sealed = Parameters<Repository['decryptMessage']>[0];

/** Hash of the key of the phone (or computer) whose message was just decrypted; undefined if nothing tells it. */
async function phoneOf(
  keys: SignalKeyStore,
  repository: Repository,
  { jid, type }: Sealed,
): Promise<string | undefined> {
  const known = isLidUser(jid) ? jid : ((await repository.lidMapping.getLIDForPN(jid)) ?? jid);
  const name = repository.jidToSignalProtocolAddress(known);
  // Baileys has kept the key that such a message carries itself.
  const carried = type === 'pkmsg' ? (await keys.get('identity-key', [name]))[name] : undefined;
  const key = carried ?? latestKey((await keys.get('session', [name]))[name]);
  return key && hashOf(key);
}

/** The other side's key in the session that was used last. */
function latestKey(record: unknown): Uint8Array | undefined {
  const sessions = Object.values((record as Partial<SessionRecord> | undefined)?._sessions ?? {});
  const [latest] = sessions.toSorted((a, b) => (b.indexInfo.used ?? 0) - (a.indexInfo.used ?? 0));
  return latest && Buffer.from(latest.indexInfo.remoteIdentityKey, 'base64');
}

/** As libsignal writes it, as far as it matters here. */
type SessionRecord = {
  _sessions: Record<string, { indexInfo: { used?: number; remoteIdentityKey: string } }>;
};
