/** What Baileys 7.0.0-rc14 does in which order: what the channel rests on, seen on the fake WhatsApp. */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  DEFAULT_CONNECTION_CONFIG,
  proto,
  S_WHATSAPP_NET,
  type SignalDataTypeMap,
  type SignalKeyStore,
  type SignalKeyStoreWithTransaction,
  type SocketConfig,
  sha256,
  unpadRandomMax16,
} from '@whiskeysockets/baileys';
import { describe, expect, test, vi } from 'vitest';
import type { Person } from '../../fakes/whatsapp/person.ts';
import type { FakeWhatsApp } from '../../fakes/whatsapp/whatsapp.ts';
import { type Stanza, stanza } from '../../fakes/whatsapp/wire.ts';
import type { BareBot, Writing } from './bare-bot.ts';
import { linkedBot } from './story.ts';

const isAbout = (id: string) => (call: { stanza: Stanza }) => call.stanza.attrs.id === id;

/** Everything the bot sent before is at the server once this is answered. */
async function roundTrip({ socket }: BareBot): Promise<void> {
  const attributes = { id: socket.generateMessageTag(), type: 'get', xmlns: 'w:p', to: S_WHATSAPP_NET };
  await socket.query(stanza('iq', attributes, [stanza('ping')]));
}

/** Stops the writing of this person's session until `open`. */
function gateAt(person: Person): { writing: Writing; reached: Promise<void>; open: () => void } {
  const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const writing: Writing = async (data, write) => {
    if (Object.keys(data.session ?? {}).some((id) => id.startsWith(person.lidUser))) {
      reached.resolve();
      await opened.promise;
    }
    write();
  };
  return { writing, reached: reached.promise, open: opened.resolve };
}

/** What was said while the bot was away reaches it and is receipted; then the connection breaks. */
async function breaksDuringReplay(whatsapp: FakeWhatsApp, bot: BareBot, speaks: () => Promise<unknown>) {
  await bot.stops();
  await speaks();
  whatsapp.fail({ on: 'replay', with: 'hang' });
  await bot.restarts();
  await whatsapp.until(() => whatsapp.unconfirmed() === 0);
  expect(bot.texts()).toEqual([]);
  whatsapp.drops();
  await bot.closesWith(428);
}

describe('a message for the bot', () => {
  test('is decrypted, then its keys are written, and only then is it receipted and handed on', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    const gate = gateAt(ali);
    bot.writing = gate.writing;
    const sent = await ali.says('bonjour');
    await gate.reached;
    await roundTrip(bot);
    expect(whatsapp.calls.filter(isAbout(sent.id))).toEqual([]);
    expect(bot.texts()).toEqual([]);
    gate.open();
    await bot.reads('bonjour');
    const answer = await whatsapp.sawCall(isAbout(sent.id));
    expect(answer.method).toBe('receipt');
  });

  test('that waited is lost when the connection breaks during the replay: receipted, and never handed on', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    await breaksDuringReplay(whatsapp, bot, () => ali.says('perdu'));
    await bot.restarts();
    await bot.opens();
    await ali.says('ensuite');
    await bot.reads('ensuite');
    expect(bot.texts()).toEqual(['ensuite']);
  });

  test('whose keys cannot be written is refused (500), and the person is asked to send it again', async () => {
    const { whatsapp, bot } = await linkedBot({
      transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 1 },
    });
    const ali = whatsapp.person('Ali');
    let broken = true;
    bot.writing = (data, write) => {
      if (data.session && broken) throw new Error('the database is down');
      write();
    };
    const sent = await ali.says('bonjour');
    const refusal = await whatsapp.sawCall(
      ({ method, stanza }) => method === 'ack' && stanza.attrs.id === sent.id,
    );
    expect(refusal.stanza.attrs.error).toBe('500');
    expect(whatsapp.callsOf('receipt').map(({ attrs }) => attrs.type)).toContain('retry');
    broken = false;
    whatsapp.repeats(sent);
    await bot.reads('bonjour');
  });
});

/** Keeps what was decrypted in the step that writes the keys, under the hash of what came. */
class Staging {
  readonly rows = new Map<string, { text: string; from: string; id: string }>();
  readonly #stanzas = new Map<string, Stanza>();
  readonly #inside = new AsyncLocalStorage<{ hash: string; plain?: Uint8Array }>();
  readonly #plain = new Map<string, Uint8Array>();
  /** What each step wrote at once. */
  readonly steps: string[] = [];

  makeSignalRepository: SocketConfig['makeSignalRepository'] = (auth, logger, toLid) => {
    const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, toLid);
    return {
      ...repository,
      decryptMessage: async (sealed) => {
        const hash = sha256(Buffer.from(sealed.ciphertext)).toString('hex');
        const known = this.#plain.get(hash);
        if (known) return known;
        const step: { hash: string; plain?: Uint8Array } = { hash };
        return await this.#inside.run(step, () =>
          withTransaction(auth.keys).transaction(async () => {
            step.plain = await repository.decryptMessage(sealed);
            return step.plain;
          }, sealed.jid),
        );
      },
    };
  };

  writing: Writing = (data, write) => {
    const step = this.#inside.getStore();
    const kinds = Object.keys(data).toSorted();
    if (step?.plain) {
      const { attrs } = this.#stanzas.get(step.hash) ?? stanza('message');
      const text = proto.Message.decode(unpadRandomMax16(step.plain)).conversation ?? '';
      this.#plain.set(step.hash, step.plain);
      this.rows.set(step.hash, { text, from: attrs.from ?? '', id: attrs.id ?? '' });
      kinds.push('staged');
    }
    this.steps.push(kinds.join(' '));
    write();
  };

  /** Hears of each stanza before Baileys does. */
  listensTo({ socket }: BareBot): void {
    socket.ws.prependListener('CB:message', (message: Stanza) => {
      for (const { content } of Array.isArray(message.content) ? message.content : [])
        if (content instanceof Uint8Array)
          this.#stanzas.set(sha256(Buffer.from(content)).toString('hex'), message);
    });
  }
}

function withTransaction(keys: SignalKeyStore): SignalKeyStoreWithTransaction {
  if (!('transaction' in keys)) throw new Error('Baileys gives the repository keys with transactions');
  return keys as SignalKeyStoreWithTransaction;
}

describe('what was decrypted', () => {
  async function stagingBot() {
    const staging = new Staging();
    const { whatsapp, bot } = await linkedBot({ makeSignalRepository: staging.makeSignalRepository });
    bot.writing = staging.writing;
    staging.listensTo(bot);
    return { whatsapp, bot, staging };
  }

  test('can be staged with its id and sender in the same step as its keys, hence before the receipt', async () => {
    const { whatsapp, bot, staging } = await stagingBot();
    const ali = whatsapp.person('Ali');
    const gate = gateAt(ali);
    bot.writing = async (data, write) => gate.writing(data, () => void staging.writing(data, write));
    const sent = await ali.says('bonjour');
    await gate.reached;
    await roundTrip(bot);
    expect(whatsapp.calls.filter(isAbout(sent.id))).toEqual([]);
    gate.open();
    await bot.reads('bonjour');
    expect([...staging.rows.values()]).toEqual([{ text: 'bonjour', from: ali.jid, id: sent.id }]);
    expect(staging.steps.at(-1)).toBe('identity-key pre-key session staged');
  });

  test('is there although Baileys lost it between the receipt and handing it on', async () => {
    const { whatsapp, bot, staging } = await stagingBot();
    const ali = whatsapp.person('Ali');
    await breaksDuringReplay(whatsapp, bot, () => ali.says('gardé'));
    expect([...staging.rows.values()].map(({ text }) => text)).toEqual(['gardé']);
  });

  test('is given again for the same bytes, so that what comes twice is receipted and not refused', async () => {
    const { whatsapp, bot, staging } = await stagingBot();
    const ali = whatsapp.person('Ali');
    const sent = await ali.says('deux fois');
    await bot.reads('deux fois');
    await ali.seesTicks(sent, 'delivered');
    whatsapp.repeats(sent);
    await bot.until(() => bot.texts().length === 2);
    await whatsapp.until(() => whatsapp.unconfirmed() === 0);
    expect(whatsapp.calls.filter(isAbout(sent.id)).map(({ method }) => method)).toEqual([
      'receipt',
      'receipt',
    ]);
    expect(staging.rows.size).toBe(1);
  });
});

test('the keys that pairing, a first message and a first answer write', async () => {
  const { whatsapp, bot } = await linkedBot();
  const kinds = () => [...new Set([...bot.rows.keys()].map((row) => row.split('/')[0]))].toSorted();
  expect(kinds()).toEqual([
    'app-state-sync-key',
    'creds',
    'device-list',
    'identity-key',
    'lid-mapping',
    'pre-key',
    'session',
  ] satisfies ('creds' | keyof SignalDataTypeMap)[]);
  const ali = whatsapp.person('Ali');
  const steps: string[] = [];
  bot.writing = (data, write) => {
    steps.push(Object.keys(data).toSorted().join(' '));
    write();
  };
  await ali.says('bonjour');
  await bot.reads('bonjour');
  expect(steps.splice(0)).toEqual(['lid-mapping', 'identity-key', 'pre-key session']);
  await bot.socket.sendMessage(ali.jid, { text: 'salut' });
  expect(steps.splice(0)).toEqual(['device-list session']);
  await ali.says('ensuite');
  await bot.reads('ensuite');
  expect(steps).toEqual(['session']);
});

test('libsignal prints whole sessions, private keys too, when a person begins a new session', async () => {
  const { whatsapp, bot } = await linkedBot();
  const ali = whatsapp.person('Ali');
  await ali.says('bonjour');
  await bot.reads('bonjour');
  const info = vi.spyOn(console, 'info').mockImplementation(() => undefined);
  try {
    await ali.losesSession();
    await ali.says('nouvelle session');
    await bot.reads('nouvelle session');
    expect(JSON.stringify(info.mock.calls)).toContain('privKey');
  } finally {
    info.mockRestore();
  }
});
