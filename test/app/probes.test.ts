/** Channels that seem to work and do not answer: who is told, and when it is over. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createChannelWatch } from '../../src/app/channel-watch.ts';
import type { Context } from '../../src/app/context.ts';
import { createProbes } from '../../src/app/probes.ts';
import type { Channel, ChannelKind } from '../../src/channels/channel.ts';
import { minutes, seconds } from '../../src/kernel/time.ts';
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

async function supervisor(name: string) {
  const phone = await house.officer(name);
  await house.database.sql`update officers set role = 'supervisor' where id = (
    select officer_id from officer_contacts order by verified_at desc limit 1)`;
  house.clock.advance(seconds(1));
  return phone;
}

const about = (screen: string[], name: string) => screen.filter((text) => text.startsWith(name));

test('a mail server that does not answer twice is told to supervisors once, elsewhere, and its end', async () => {
  const moussa = await supervisor('Moussa');
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

test('once is nothing: networks hiccup', async () => {
  const moussa = await supervisor('Moussa');
  const email = serviceWith('email', { isOneWay: true });
  for (const code of ['timeout', undefined, 'timeout', undefined]) {
    email.answers(code);
    await email.isAsked(1);
  }
  expect(about(moussa.screen(), 'E-mail')).toEqual([]);
  expect(email.probes.silent().size).toBe(0);
});

test('a number that looks connected and does not answer is told to be so: people may write in vain', async () => {
  const moussa = await supervisor('Moussa');
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
