import type { Socket } from 'node:net';
import postgres from 'postgres';
import type { ConnectionOptions } from './connection-options.ts';

export type Listener = {
  add(channel: string, handler: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
};

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;

/**
 * Listens on one connection of its own and subscribes again, for ever, after the connection is lost.
 *
 * postgres.js' own `listen` gives up silently when its first attempt to reconnect fails, which is what happens
 * whenever PostgreSQL restarts.
 */
export function listenOn(url: string, options: ConnectionOptions & { socket?: () => Socket }): Listener {
  const handlers = new Map<string, Set<(payload: string) => void>>();
  let isClosed = false;
  let delay = FIRST_RETRY_MS;
  let timer: NodeJS.Timeout | undefined;

  const client = postgres(url, {
    ...options,
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    backoff: () => 0.1,
    // Internal options of postgres.js (its own `listen` uses them): not in its types.
    ...{
      onnotify: (channel: string, payload: string) => tell(channel, payload),
      onclose: () => retry(),
    },
  });

  const tell = (channel: string, payload: string): void => {
    for (const handler of handlers.get(channel) ?? []) handler(payload);
  };

  const retry = (): void => {
    if (isClosed || timer || handlers.size === 0) return;
    timer = setTimeout(async () => {
      timer = undefined;
      try {
        for (const channel of handlers.keys()) await client`listen ${client(channel)}`;
        delay = FIRST_RETRY_MS;
        for (const channel of handlers.keys()) tell(channel, '');
      } catch {
        delay = Math.min(delay * 2, LONGEST_RETRY_MS);
        retry();
      }
    }, delay);
    timer.unref();
  };

  return {
    add: async (channel, handler) => {
      const known = handlers.get(channel) ?? new Set();
      handlers.set(channel, known.add(handler));
      await client`listen ${client(channel)}`;
      return async () => {
        known.delete(handler);
      };
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await client.end({ timeout: 1 });
    },
  };
}
