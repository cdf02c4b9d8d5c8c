/**
 * Where the WhatsApp session lives: who we are (credentials), the ratchets with everybody who wrote, and what was
 * decrypted with them until it is handled.
 *
 * Lost or half written it cannot be mended: what was encrypted for it can never be read again. So a write is all or
 * nothing, and done when its promise resolves. Names hold phone numbers and values hold keys: both are secret.
 */

/** Which of our numbers: two can be linked, each with a session of its own. */
export type Seat = 1 | 2;
export const SEATS: readonly Seat[] = [1, 2];

/** A message that was decrypted, with what WhatsApp said about it. */
export type Staged = {
  /** SHA-256 of what arrived, in hex: the same bytes are the same message. */
  hash: string;
  /** Attributes of the stanza: `id`, `from`, `t`, … */
  attrs: Readonly<Record<string, string>>;
  plain: Uint8Array;
};

export type SessionStore = {
  /** Values by name; names without a value are missing. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Writes all of it or nothing; `null` deletes. A `staged` message is kept in the same transaction. */
  write(changes: ReadonlyMap<string, string | null>, staged?: Staged): Promise<void>;
  /** Forgets the session of this number, not who is who: it must be linked anew. */
  clear(): Promise<void>;
};

/** What we sent, until it has come to the phone: one that cannot read it asks for it again, also after a restart. */
export type SentMessages = {
  /** `content`: the encoded message. */
  keep(id: string, content: Uint8Array): Promise<void>;
  find(id: string): Promise<Uint8Array | undefined>;
  /** They have come to the phone: what they said is forgotten. */
  arrived(ids: readonly string[]): Promise<void>;
};

/**
 * What we have learnt of who is who is true for each of our numbers, also for the next one: a person who was known by it must not
 * become another one when a number is linked anew. So is what a number of ours is called.
 */
export const outlivesSession = (name: string): boolean => /^(person|destination|our-number)\//.test(name);

/** The messages that were decrypted, in the order in which they were. */
export type StagedMessages = {
  /** What was decrypted from these bytes before; `handled` if it has been forgotten since. */
  find(hash: string): Promise<Uint8Array | 'handled' | undefined>;
  /** The oldest that are not handled yet. */
  waiting(limit: number): Promise<Staged[]>;
  /** Forgets what it said; that it came is remembered. */
  handled(hash: string): Promise<void>;
};
