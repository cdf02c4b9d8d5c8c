/** What the tests of the Telegram channel share: a fake Telegram, a channel on it, a service that listens. */
import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { IncomingMessage } from '../../../src/channels/channel.ts';
import type { Timing } from '../../../src/channels/telegram/polling.ts';
import {
  createTelegramChannel,
  type TelegramMode,
  type TelegramOptions,
} from '../../../src/channels/telegram/telegram-channel.ts';
import { createLog } from '../../../src/kernel/log.ts';
import { type FakeOptions, startFakeTelegram } from '../../fakes/telegram/telegram.ts';

/** As in service, only quicker. */
const QUICK: Partial<Timing> = {
  straggler: 20,
  rush: 20,
  firstBackOff: 10,
  maxBackOff: 40,
  leaseCheck: 10,
  refusedToken: 40,
};

export async function fakeTelegram(options: FakeOptions = {}) {
  const telegram = await startFakeTelegram(options);
  onTestFinished(() => telegram.close());
  return telegram;
}

export type FakeTelegram = Awaited<ReturnType<typeof fakeTelegram>>;

const ALWAYS: TelegramMode = { kind: 'polling', lease: { isHeld: () => true } };

/** A channel on the fake, with everything it logs. */
export function channelOn(telegram: FakeTelegram, more: Partial<TelegramOptions> = {}) {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = createLog('debug', destination);
  const channel = createTelegramChannel({
    token: telegram.token,
    apiRoot: telegram.root,
    mode: ALWAYS,
    timing: QUICK,
    log,
    ...more,
  });
  onTestFinished(() => channel.stop());
  return { channel, lines };
}

/** A service that keeps what it was given; `before` runs ahead of each commit and may reject. */
export function service(before: (message: IncomingMessage) => Promise<void> | void = () => undefined) {
  const committed: IncomingMessage[] = [];
  const watchers = new Set<() => void>();
  return {
    committed,
    /** What was committed, in short. */
    texts: () => committed.map(({ content }) => (content.kind === 'text' ? content.text : content.kind)),
    receive: async (message: IncomingMessage) => {
      await before(message);
      committed.push(message);
      for (const watch of [...watchers]) watch();
    },
    /** Resolves once something committed fits. */
    has: (fits: (message: IncomingMessage) => boolean, times = 1) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (committed.filter(fits).length < times) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
  };
}

export const says = (text: string) => (message: IncomingMessage) =>
  message.content.kind === 'text' && message.content.text === text;

/** Something that is opened later by hand. */
export function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}
