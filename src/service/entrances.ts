/** How people reach the service in messengers, as the running service knows it. */
import type { Entrance } from '../channels/entrance.ts';
import type { Config } from '../config.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Db } from '../db/database.ts';
import { minutes } from '../kernel/time.ts';

/** A name or a number may change while the service runs: it is asked for again after so long. */
const AGAIN = minutes(5);

export type Entrances = {
  /** What is known; asks again, beside, if that is long ago. */
  now(): readonly Entrance[];
  /** Resolves once what was asked last is known. */
  settled(): Promise<void>;
};

/** `stopwatch`: milliseconds that never jump. */
export function createEntrances(
  { messengers }: Pick<Config, 'messengers'>,
  at: { db: Db; keyring: Keyring },
  stopwatch: () => number = () => performance.now(),
): Entrances {
  const known = new Map<string, Entrance>();
  let askedAt: number | undefined;
  let asking = Promise.resolve();

  async function ask(): Promise<void> {
    await Promise.all(
      messengers.map(async ({ messenger, own }) => {
        try {
          const found = await messenger.entrance?.known(own, at);
          if (found) known.set(messenger.kind, found);
          else known.delete(messenger.kind);
        } catch {
          // One that does not answer now keeps the name that it had.
        }
      }),
    );
  }

  return {
    now() {
      if (askedAt === undefined || stopwatch() - askedAt >= AGAIN) {
        askedAt = stopwatch();
        asking = ask();
      }
      return messengers.flatMap(({ messenger }) => known.get(messenger.kind) ?? []);
    },
    settled: () => asking,
  };
}
