import { describe, expect, test } from 'vitest';
import { channelOn, fakeTelegram, gate, says, service } from './story.ts';

describe('what a person wrote to the bot', () => {
  test('is confirmed to Telegram only after the service has committed it', async () => {
    const telegram = await fakeTelegram();
    const { open, opened } = gate();
    const lakana = service(() => opened);
    const { channel } = channelOn(telegram);
    const awa = telegram.person('Awa');
    await awa.says('SOS');
    await channel.start(lakana.receive);
    // Asked three times while the service is still at work: each time from the uncommitted update on.
    await telegram.until(() => telegram.callsOf('getUpdates').length >= 3);
    expect(telegram.unconfirmed()).toBe(1);
    open();
    await lakana.has(says('SOS'));
    await telegram.until(() => telegram.unconfirmed() === 0);
    expect(lakana.texts()).toEqual(['SOS']);
  });

  test('comes again after a crash before the commit', async () => {
    const telegram = await fakeTelegram();
    const begun = gate();
    const crashing = channelOn(telegram).channel;
    const awa = telegram.person('Awa');
    await awa.says('they are at the door');
    // The process dies here: what it began never ends, and it asks nothing more.
    let dead = false;
    await crashing.start(async () => {
      begun.open();
      if (!dead) await new Promise<void>((_resolve, reject) => setTimeout(reject, 100, new Error('killed')));
    });
    await begun.opened;
    dead = true;
    await crashing.stop();
    expect(telegram.unconfirmed()).toBe(1);
    const lakana = service();
    await channelOn(telegram).channel.start(lakana.receive);
    await lakana.has(says('they are at the door'));
  });

  test('is kept in order, also when the first of three cannot be committed at first', async () => {
    const telegram = await fakeTelegram();
    let refusals = 3;
    const lakana = service((message) => {
      if (says('one')(message) && refusals-- > 0) throw new Error('database down');
    });
    const awa = telegram.person('Awa');
    for (const word of ['one', 'two', 'three']) await awa.says(word);
    await channelOn(telegram).channel.start(lakana.receive);
    await lakana.has(says('three'));
    expect(lakana.texts()).toEqual(['one', 'two', 'three']);
    await telegram.until(() => telegram.unconfirmed() === 0);
  });

  test('reaches the service although another person’s message fails again and again', async () => {
    const telegram = await fakeTelegram();
    let poisoned = true;
    const lakana = service((message) => {
      if (says('poison')(message) && poisoned) throw new Error('poisoned');
    });
    const mallory = telegram.person('Moussa');
    const awa = telegram.person('Awa');
    await mallory.says('poison');
    await awa.says('SOS');
    await channelOn(telegram).channel.start(lakana.receive);
    await lakana.has(says('SOS'));
    await awa.says('still here');
    await lakana.has(says('still here'));
    expect(telegram.unconfirmed()).toBeGreaterThan(0);
    poisoned = false;
    await lakana.has(says('poison'));
    await telegram.until(() => telegram.unconfirmed() === 0);
    // What was done already is not handed on again while the poisoned one is retried.
    expect(lakana.texts().filter((text) => text === 'SOS')).toHaveLength(1);
  });

  test('does not wait for a slow chat, neither in the same batch nor in the next', async () => {
    const telegram = await fakeTelegram();
    const { open, opened } = gate();
    const lakana = service((message) => (says('slow')(message) ? opened : undefined));
    const slow = telegram.person('Ibrahim');
    const awa = telegram.person('Awa');
    await slow.says('slow');
    await slow.says('after slow');
    await awa.says('same batch');
    await channelOn(telegram).channel.start(lakana.receive);
    await lakana.has(says('same batch'));
    await awa.says('next batch');
    await lakana.has(says('next batch'));
    expect(lakana.texts()).toEqual(['same batch', 'next batch']);
    open();
    await lakana.has(says('after slow'));
    expect(lakana.texts()).toEqual(['same batch', 'next batch', 'slow', 'after slow']);
  });

  test('arrives whole when 500 people write 10 messages each', async () => {
    const telegram = await fakeTelegram();
    const lakana = service();
    const people = Array.from({ length: 500 }, (_, number) => telegram.person(`P${number}`));
    for (let number = 0; number < 10; number += 1)
      for (const person of people) await person.says(String(number));
    await channelOn(telegram).channel.start(lakana.receive);
    await lakana.has(says('9'), 500);
    expect(new Set(lakana.committed.map(({ id }) => id)).size).toBe(5000);
    expect(lakana.committed).toHaveLength(5000);
    const order = new Map<string, string>();
    for (const { address, content } of lakana.committed)
      order.set(address, (order.get(address) ?? '') + (content.kind === 'text' ? content.text : '?'));
    expect(new Set(order.values())).toEqual(new Set(['0123456789']));
  });
});

describe('stopping', () => {
  test('finishes what it holds, begins nothing more, and tells Telegram how far it was', async () => {
    const telegram = await fakeTelegram();
    const begun = gate();
    const { open, opened } = gate();
    const lakana = service(async (message) => {
      if (!says('held')(message)) return;
      begun.open();
      await opened;
    });
    const { channel } = channelOn(telegram);
    const awa = telegram.person('Awa');
    await awa.says('held');
    await awa.says('for the next process');
    await channel.start(lakana.receive);
    await begun.opened;
    let stopped = false;
    const stopping = channel.stop().then(() => {
      stopped = true;
    });
    await telegram.until(() => true);
    expect(stopped).toBe(false);
    open();
    await stopping;
    expect(lakana.texts()).toEqual(['held']);
    expect(telegram.updates.pending.map((update) => (update.message as { text: string }).text)).toEqual([
      'for the next process',
    ]);
  });

  test('does not wait for a long poll to run out', async () => {
    const telegram = await fakeTelegram();
    const { channel } = channelOn(telegram);
    await channel.start(service().receive);
    const began = performance.now();
    await telegram.sawCall((call) => call.method === 'deleteWebhook');
    await channel.stop();
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});

describe('when things go wrong between the bot and Telegram', () => {
  for (const fault of [500, 429, 409, 401, 'html', 'drop', 'accept_then_drop'] as const) {
    test(`nothing is lost after getUpdates failed with ${fault}`, async () => {
      const telegram = await fakeTelegram();
      telegram.fail({ method: 'getUpdates', with: fault, times: 3, retryAfter: 0 });
      const lakana = service();
      const { channel, lines } = channelOn(telegram);
      const awa = telegram.person('Awa');
      await awa.says('SOS');
      await channel.start(lakana.receive);
      await lakana.has(says('SOS'));
      expect(channel.health().state).toBe('up');
      expect(lines.join('')).toContain(fault === 409 ? 'channel_conflict' : 'channel_failed');
    });
  }

  test('a refused token shows at once as down, with a code', async () => {
    const telegram = await fakeTelegram();
    telegram.fail({ method: '*', with: 401, times: Number.POSITIVE_INFINITY });
    const { channel } = channelOn(telegram);
    expect(channel.health().state).toBe('starting');
    await channel.start(service().receive);
    await telegram.until(() => channel.health().state === 'down');
    expect(channel.health()).toMatchObject({ lastError: 'telegram_401', fault: 'key' });
  });

  test('silence for more than 75 seconds shows as down', async () => {
    const telegram = await fakeTelegram();
    let time = Date.parse('2026-03-01T08:00:00Z');
    const { channel } = channelOn(telegram, { now: () => time });
    await channel.start(service().receive);
    await telegram.person('Awa').says('hello');
    await telegram.until(() => channel.health().state === 'up');
    time += 74_000;
    expect(channel.health().state).toBe('up');
    time += 2_000;
    expect(channel.health()).toMatchObject({ state: 'down', since: new Date('2026-03-01T08:01:15Z') });
  });

  test('a webhook that an operator left behind is removed without dropping what waits', async () => {
    const telegram = await fakeTelegram();
    const awa = telegram.person('Awa');
    telegram.updates.webhook = { url: 'http://127.0.0.1:9/nobody' };
    await awa.says('SOS');
    const lakana = service();
    await channelOn(telegram).channel.start(lakana.receive);
    await lakana.has(says('SOS'));
    expect(telegram.callsOf('deleteWebhook')[0]).toMatchObject({ drop_pending_updates: false });
  });

  test('a server that knows only getUpdates and sendMessage is enough', async () => {
    const telegram = await fakeTelegram({ methods: ['getUpdates', 'sendMessage'] });
    const lakana = service();
    const { channel } = channelOn(telegram, {
      commands: [{ commands: [{ command: 'start', description: 'Menu' }] }],
    });
    const awa = telegram.person('Awa');
    await channel.start(lakana.receive);
    await awa.says('SOS');
    await lakana.has(says('SOS'));
    expect(
      await channel.send(String(awa.id), { text: 'received' }, AbortSignal.timeout(30_000)),
    ).toMatchObject({ ok: true });
    await awa.seesText('received');
    expect(channel.health().state).toBe('up');
  });
});

describe('several processes', () => {
  test('only the one that holds the lease polls, and the other goes on when it has it', async () => {
    const telegram = await fakeTelegram();
    let holder = 'first';
    const lakana = { first: service(), second: service() };
    const lease = (name: string) => ({ kind: 'polling' as const, lease: { isHeld: () => holder === name } });
    const first = channelOn(telegram, { mode: lease('first') }).channel;
    const second = channelOn(telegram, { mode: lease('second') }).channel;
    await first.start(lakana.first.receive);
    await second.start(lakana.second.receive);
    const awa = telegram.person('Awa');
    await awa.says('one');
    await lakana.first.has(says('one'));
    await telegram.until(() => second.health().state === 'up');
    expect(lakana.second.texts()).toEqual([]);
    holder = 'second';
    await awa.says('two');
    await lakana.second.has(says('two'));
    expect(lakana.first.texts()).toEqual(['one']);
  });
});
