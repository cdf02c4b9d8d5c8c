import type { SessionStore } from '../../../src/channels/whatsapp/session-store.ts';

/** What the channel keeps of a session, as long as the test runs. */
export function memoryStore(): SessionStore {
  const values = new Map<string, string>();
  return {
    read: async (names) => new Map([...values].filter(([name]) => names.includes(name))),
    write: async (changes) => {
      for (const [name, value] of changes) value === null ? values.delete(name) : values.set(name, value);
    },
    clear: async () => values.clear(),
  };
}
