/**
 * Where the WhatsApp session lives: who we are (credentials) and the ratchets with everybody who wrote.
 *
 * Lost or half written it cannot be mended: what was encrypted for it can never be read again. So a write is all or
 * nothing, and done when its promise resolves. Names hold phone numbers and values hold keys: both are secret.
 */
export type SessionStore = {
  /** Values by name; names without a value are missing. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Writes all of it or nothing; `null` deletes. */
  write(changes: ReadonlyMap<string, string | null>): Promise<void>;
  /** Forgets the session: the number must be linked anew. */
  clear(): Promise<void>;
};
