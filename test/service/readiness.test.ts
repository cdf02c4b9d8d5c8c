import { expect, test } from 'vitest';
import type { Context } from '../../src/app/ground/context.ts';
import { createReadiness } from '../../src/service/readiness.ts';

type Broken = {
  isDatabaseAway?: boolean;
  channel?: 'up' | 'down';
  silent?: string;
  fault?: 'balance';
  cycleSeconds?: number;
  skewMs?: number;
};

/** Names of what makes the process useless, and of what is only to be looked at. */
async function found({
  isDatabaseAway,
  channel = 'up',
  silent,
  fault,
  cycleSeconds = 1,
  skewMs = 0,
}: Broken) {
  const execute = async () => {
    if (isDatabaseAway) throw new Error('away');
    return [{ ms: Date.now() + skewMs }];
  };
  const health = () => ({ state: channel, since: new Date(), ...(fault ? { fault } : {}) });
  const ctx = {
    db: { execute },
    channels: new Map([['telegram', { kind: fault ? 'sms' : 'telegram', health }]]),
  };
  const cycles = { ages: () => [{ name: 'pages', seconds: cycleSeconds }] };
  const probes = { silent: () => new Map(silent ? [['telegram' as const, silent]] : []) };
  const { checks } = await createReadiness(ctx as unknown as Context, cycles, probes)();
  const bad = checks.filter(({ ok }) => !ok);
  const names = (isVital: boolean) => bad.filter((each) => each.isVital === isVital).map(({ name }) => name);
  const details = fault ? { details: bad.map(({ detail }) => detail) } : {};
  return { useless: names(true), warnings: names(false), ...details };
}

test('only what makes this process useless takes it away; what a person should look at is said', async () => {
  expect(await found({})).toEqual({ useless: [], warnings: [] });
  expect(await found({ channel: 'down' })).toEqual({ useless: [], warnings: ['channel telegram'] });
  expect(await found({ silent: 'http_502' })).toEqual({ useless: [], warnings: ['channel telegram'] });
  expect(await found({ skewMs: 60_000 })).toEqual({ useless: [], warnings: ['clock'] });
  expect(await found({ isDatabaseAway: true })).toEqual({ useless: ['database'], warnings: ['clock'] });
  expect(await found({ cycleSeconds: 61 })).toEqual({ useless: ['cycle pages'], warnings: [] });
});

test('an account without money is named as that, with the mend', async () => {
  expect(await found({ channel: 'down', fault: 'balance' })).toEqual({
    useless: [],
    warnings: ['channel sms'],
    details: ['down, the account has no money left, charge the account'],
  });
});
