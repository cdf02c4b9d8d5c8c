/** Channels that seem to work and do not answer: who is told, and when it is over. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Context } from '../../src/app/ground/context.ts';
import { createChannelWatch } from '../../src/app/watch/channel-watch.ts';
import { createProbes } from '../../src/app/watch/probes.ts';
import type { AccountFault, Channel, SendResult } from '../../src/channels/channel.ts';
import { type Asked, createSendOnly } from '../../src/channels/send-only.ts';
import { minutes } from '../../src/kernel/time.ts';
import type { ChannelKind } from '../../src/kernel/vocabulary.ts';
import { type House, openHouse } from './house.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

/** A service with one further channel, looked at each minute; its other side answers as `answer` says. */
function serviceWith(kind: ChannelKind, can: Partial<Channel['can']> = {}) {
  const { ctx, clock, phones } = house;
  let answer: string | undefined;
  let nowMs = 0;
  const channel: Channel = {
    ...phones.channel,
    kind,
    can: { ...phones.channel.can, ...can },
    health: () => ({ state: 'up', since: new Date(0) }),
    probe: async () => answer,
  };
  const inside: Context = { ...ctx, channels: new Map([[kind, channel]]) };
  const probes = createProbes(inside);
  const look = createChannelWatch(inside, probes);
  return {
    probes,
    ctx: inside,
    answers(code: string | undefined): void {
      answer = code;
    },
    /** Asked each five minutes. */
    async isAsked(times: number): Promise<void> {
      for (let n = 0; n < times; n++) {
        await probes.ask();
        await look(nowMs);
        await house.deliver();
        clock.advance(minutes(5));
        nowMs += minutes(5);
      }
    },
  };
}

const about = (screen: string[], name: string) => screen.filter((text) => text.startsWith(name));

test('a mail server that does not answer twice is told to supervisors once, elsewhere, and its end', async () => {
  const moussa = await house.supervisor('Moussa');
  const email = serviceWith('email', { isOneWay: true });
  email.answers('smtp_auth');
  await email.isAsked(1);
  expect(about(moussa.screen(), 'E-mail')).toEqual([]);
  await email.isAsked(4);
  expect(about(moussa.screen(), 'E-mail')).toHaveLength(1);
  // Nobody writes to us by e-mail: nothing of theirs waits there.
  expect(moussa.last()).toContain("Les alertes n'y arrivent pas");
  expect(moussa.last()).not.toContain('écrit');
  email.answers(undefined);
  await email.isAsked(1);
  expect(moussa.last()).toMatch(/^E-mail marche de nouveau/);
  expect(moussa.last()).not.toContain('écrit');
});

/** The same, with an SMS account: what it says to a page and when it is asked. */
function accountOf(kind: ChannelKind, asked: Asked) {
  const { ctx, clock } = house;
  let says: SendResult = { ok: true, messageRef: '1' };
  const channel = createSendOnly(kind, { send: async () => says, ask: async () => asked });
  const inside: Context = { ...ctx, channels: new Map([...ctx.channels, [kind, channel]]) };
  let look = createChannelWatch(inside);
  let nowMs = 0;
  return {
    /** A page leaves, the account is asked, and time goes by. */
    async sends(as: SendResult): Promise<void> {
      says = as;
      await channel.send('+22370000000', { text: 'URGENT' }, AbortSignal.timeout(100));
      await this.isLookedAt();
    },
    async isAsked(): Promise<void> {
      await channel.probe?.(AbortSignal.timeout(100));
      await this.isLookedAt();
    },
    async isLookedAt(): Promise<void> {
      for (let n = 0; n < 3; n++) {
        await look(nowMs);
        clock.advance(minutes(2));
        nowMs += minutes(2);
      }
      await house.deliver();
    },
    /** Another process: it has sent nothing yet. */
    async restarts(): Promise<void> {
      look = createChannelWatch({
        ...inside,
        channels: new Map([[kind, createSendOnly(kind, { send: async () => says })]]),
      });
      await this.isLookedAt();
    },
  };
}

test.each<[ChannelKind, AccountFault, string, string]>([
  ['ntfy', 'key', 'refuse notre clé', 'NTFY_TOKEN'],
  ['ntfy', 'right', 'pas le droit', 'NTFY_TOKEN'],
  ['sms', 'balance', "plus d'argent", 'AFRICASTALKING_API_KEY'],
  ['sms', 'sender', "nom d'expéditeur", 'AFRICASTALKING_SMS_FROM'],
  ['call', 'caller', 'le numéro qui appelle', 'AFRICASTALKING_CALL_FROM'],
  ['email', 'sender', "nom d'expéditeur", 'SMTP_FROM'],
])(
  'an account of %s whose fault is its %s is told to supervisors at once, with its setting',
  async (kind, fault, words, setting) => {
    const moussa = await house.supervisor('Moussa');
    const account = accountOf(kind, { ok: true, proves: [] });
    await account.sends({ ok: false, reason: 'account', fault, code: 'x' });
    expect(moussa.last()).toContain(words);
    expect(moussa.last()).toContain(setting);
    expect(moussa.last()).toContain('À faire');
    const counted = await house.ctx.metrics.registry.metrics();
    expect(counted).toContain(`lakana_channel_fault{channel="${kind}",fault="${fault}"} 1`);
  },
);

test('an account is well again once a page was accepted: not when it answers, nor after a restart', async () => {
  const moussa = await house.supervisor('Moussa');
  const before = moussa.screen().length;
  const account = accountOf('sms', { ok: true, proves: ['key', 'balance'] });
  await account.sends({ ok: false, reason: 'account', fault: 'sender', code: 'at_402' });
  await account.isAsked();
  await account.restarts();
  expect(moussa.screen()).toHaveLength(before + 1);
  const again = accountOf('sms', { ok: true, proves: ['key', 'balance'] });
  await again.isAsked();
  expect(moussa.screen()).toHaveLength(before + 1);
  await again.sends({ ok: true, messageRef: '2' });
  expect(moussa.last()).toContain('SMS marche de nouveau');
  const counted = await house.ctx.metrics.registry.metrics();
  expect(counted).not.toContain('lakana_channel_fault{channel="sms"');
});

test('an account that was charged is told to be well by being asked', async () => {
  const moussa = await house.supervisor('Moussa');
  const account = accountOf('sms', { ok: true, proves: ['key', 'balance'] });
  await account.sends({ ok: false, reason: 'account', fault: 'balance', code: 'at_405' });
  expect(moussa.last()).toContain("SMS : notre compte n'a plus d'argent");
  await account.isAsked();
  expect(moussa.last()).toContain('SMS marche de nouveau');
});

test('once is nothing: networks hiccup', async () => {
  const moussa = await house.supervisor('Moussa');
  const email = serviceWith('email', { isOneWay: true });
  for (const code of ['timeout', undefined, 'timeout', undefined]) {
    email.answers(code);
    await email.isAsked(1);
  }
  expect(about(moussa.screen(), 'E-mail')).toEqual([]);
  expect(email.probes.silent().size).toBe(0);
});

test('a number that looks connected and does not answer is told to be so: people may write in vain', async () => {
  const moussa = await house.supervisor('Moussa');
  const whatsapp = serviceWith('whatsapp');
  whatsapp.answers('no_answer');
  await whatsapp.isAsked(2);
  expect(moussa.last()).toContain('WhatsApp ne répond pas comme il faut');
  expect(moussa.last()).toContain("n'arrive peut-être pas ici");
});

test('a channel that breaks when it is asked holds up no other, and is counted', async () => {
  const email = serviceWith('email', { isOneWay: true });
  const broken: Channel = {
    ...house.phones.channel,
    kind: 'ntfy',
    probe: () => Promise.reject(new Error('the adapter broke')),
  };
  const channels = new Map([...email.ctx.channels, ['ntfy' as const, broken]]);
  const probes = createProbes({ ...email.ctx, channels });
  await probes.ask();
  await probes.ask();
  expect([...probes.silent()]).toEqual([['ntfy', 'failed']]);
  const counted = await house.ctx.metrics.registry.metrics();
  expect(counted).toContain('lakana_channel_answers{channel="ntfy"} 0');
  expect(counted).toContain('lakana_channel_answers{channel="email"} 1');
});
