import type { ChannelHealth } from '../channel.ts';

/** A long poll lasts 25 seconds: two missed ones and something is wrong. */
const STALE_MS = 75_000;
const KEY_REFUSED = ['telegram_401', 'telegram_404'];

export type Health = {
  succeeded(): void;
  /** `fatal`: down at once (a refused token), not only when nothing has worked for a while. */
  failed(code: string, fatal?: boolean): void;
  get(): ChannelHealth;
};

/** Keeps what is known of the connection to Telegram. `now` in milliseconds. */
export function createHealth(now: () => number): Health {
  let state: ChannelHealth['state'] = 'starting';
  let since = now();
  let lastSuccess = since;
  let lastError: string | undefined;
  /** The token: it was taken back (401), or is none (404). */
  let isKeyRefused = false;

  function become(next: ChannelHealth['state'], at: number): void {
    if (next !== state) since = at;
    state = next;
  }

  return {
    succeeded() {
      lastSuccess = now();
      lastError = undefined;
      isKeyRefused = false;
      become('up', lastSuccess);
    },
    failed(code, fatal = false) {
      lastError = code;
      if (fatal) isKeyRefused = KEY_REFUSED.includes(code);
      if (fatal) become('down', now());
    },
    get() {
      if (now() - lastSuccess > STALE_MS) become('down', lastSuccess + STALE_MS);
      return {
        state,
        since: new Date(since),
        ...(lastError === undefined ? {} : { lastError }),
        ...(isKeyRefused ? { fault: 'key' } : {}),
      };
    },
  };
}
