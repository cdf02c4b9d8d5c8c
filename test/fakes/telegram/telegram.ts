/**
 * A Bot API server for tests: real HTTP, Telegram's rules, people with phones, faults on request.
 *
 *     const telegram = await startFakeTelegram();
 *     // start the bot with telegram.token and apiRoot telegram.root, then:
 *     const awa = telegram.person('Awa');
 *     await awa.says('/start');
 *     await awa.seesText(/language/i);
 *     telegram.fail({ method: 'sendMessage', with: 429, times: 2 });
 *     await telegram.close();
 */
import { WITHIN } from '../within.ts';
import { Chats, type Room } from './chats.ts';
import { type Fault, Faults } from './faults.ts';
import { Person } from './person.ts';
import { type Call, listen } from './server.ts';
import { Updates } from './updates.ts';
import { WebhookPush } from './webhook-push.ts';
import type { Json, Update, User } from './wire.ts';

export type FakeOptions = {
  /** Default: any free port. */
  port?: number;
  /** Default: a made-up one. */
  token?: string;
  username?: string;
  /** First `update_id`; default 700 000 001. */
  firstUpdateId?: number;
  /** Only these methods exist, for trying a bot against a server that knows little. */
  methods?: readonly string[];
  /** Milliseconds between tries of the webhook; default 50. */
  webhookPause?: number;
  /** Milliseconds since 1970, for the dates of messages; default the real clock. */
  now?: () => number;
  /** Answers `POST /control`, for a fake that is its own process: see `main.ts`. */
  control?: (body: Json) => Promise<Json>;
};

export type FakeTelegram = Awaited<ReturnType<typeof startFakeTelegram>>;

export async function startFakeTelegram(options: FakeOptions = {}) {
  const token = options.token ?? '700000:FAKE-token_for_tests';
  const username = options.username ?? 'lakana_test_bot';
  const bot: User = { id: Number(token.split(':')[0]), is_bot: true, first_name: 'Lakana', username };
  const chats = new Chats(options.now ?? Date.now);
  const push = new WebhookPush(options.webhookPause ?? 50);
  const updates = new Updates(options.firstUpdateId ?? 700_000_001, (update) => push.push(update, updates));
  const faults = new Faults();
  const calls: Call[] = [];
  const watchers = new Set<() => void>();
  const changed = () => {
    for (const watch of [...watchers]) watch();
  };
  chats.on('change', changed);
  updates.onChange = changed;
  const until = (condition: () => boolean, within = WITHIN): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        watchers.delete(look);
      };
      const look = () => {
        if (!condition()) return;
        settle();
        resolve();
      };
      const timer = setTimeout(() => {
        settle();
        const seen = calls.slice(-20).map((call) => `${call.method} ${call.status ?? 'open'}`);
        reject(new Error(`it did not happen within ${within} ms; the last calls: ${seen.join(', ')}`));
      }, within);
      watchers.add(look);
      look();
    });
  const { http, root } = await listen(
    {
      token,
      server: { bot, chats, updates },
      faults,
      calls,
      changed,
      ...(options.methods ? { methods: options.methods } : {}),
      ...(options.control ? { control: options.control } : {}),
    },
    options.port ?? 0,
  );
  let lastUser = 5_120_000_000;

  return {
    token,
    /** What the bot takes as the address of the Bot API. */
    root,
    bot,
    /** Every call of the bot, oldest first. */
    calls,
    chats,
    updates,
    /** A new person. Their language is what Telegram tells about them; default `fr`. */
    person(name: string, { language = 'fr' }: { language?: string } = {}): Person {
      lastUser += 1;
      const user: User = { id: lastUser, is_bot: false, first_name: name, language_code: language };
      return new Person(user, bot, chats, updates);
    },
    /** A group with the bot in it. People speak in it with `awa.saysIn(group, …)`. */
    group(title: string): Room {
      lastUser += 1;
      return chats.open({ id: -1_000_000_000_000 - lastUser, type: 'supergroup', title }, true);
    },
    /** Adds a fault: see `Fault`. */
    fail: (fault: Fault) => faults.add(fault),
    /** Everything works again. */
    heal: () => faults.clear(),
    /** Queues an update exactly as given, malformed ones too. */
    pushRaw: (update: Update) => updates.pushRaw(update),
    /** How many updates wait for confirmation. */
    unconfirmed: () => updates.pending.length,
    /** How many updates the bot confirmed so far: what Telegram considers delivered and never gives again. */
    confirmed: () => updates.confirmed.length,
    /** The texts among them, in the order of confirming. */
    confirmedTexts: (): string[] =>
      updates.confirmed.flatMap(({ message }) => {
        const text = (message as Json | undefined)?.text;
        return typeof text === 'string' ? [text] : [];
      }),
    /** Calls of one method. */
    callsOf: (method: string): Json[] =>
      calls.filter((call) => call.method === method).map((call) => call.params),
    /** Resolves as soon as `condition` holds: looked at whenever a call, an update or a screen changes. */
    until,
    /** Resolves with the first call that fits, made earlier or to come. */
    async sawCall(fits: (call: Call) => boolean, within?: number): Promise<Call> {
      await until(() => calls.some(fits), within);
      return calls.find(fits) as Call;
    },
    /** Ends the server and every connection. */
    async close(): Promise<void> {
      push.close();
      updates.release();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
