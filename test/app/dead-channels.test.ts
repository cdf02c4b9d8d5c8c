/** Of which channels it is known that nothing leaves there. */
import { describe, expect, it } from 'vitest';
import { createDeadChannels } from '../../src/app/watch/dead-channels.ts';
import type { ChannelHealth } from '../../src/channels/channel.ts';

describe('a messenger that is dead', () => {
  it.each<[string, Partial<ChannelHealth>, boolean]>([
    ['whose token is refused', { state: 'down', lastError: 'refused' }, true],
    ['that was logged out', { state: 'down', lastError: 'logged_out' }, true],
    ['whose connection another process took (440)', { state: 'down', lastError: 'replaced' }, true],
    ['whose account is refused', { state: 'up', lastError: 'http_401', fault: 'key' }, true],
    ['whose number is restricted', { state: 'up', lastError: 'restricted' }, true],
    ['that works', { state: 'up' }, false],
    ['that hiccups', { state: 'up', lastError: 'ECONNRESET' }, false],
    ['that another process has', { state: 'up', isStandby: true }, false],
  ])('is known at once: one %s', (_which, health, isDead) => {
    const dead = createDeadChannels(channelWith(health));
    expect([...dead(0)]).toEqual(isDead ? ['whatsapp'] : []);
  });

  it('is known three seconds after its connection is cut, and so is its return, at once', () => {
    const health: Partial<ChannelHealth> = { state: 'starting' };
    const dead = createDeadChannels(channelWith(health));
    expect([...dead(0), ...dead(2_900)]).toEqual([]);
    expect([...dead(3_000)]).toEqual(['whatsapp']);
    health.state = 'up';
    expect([...dead(3_100)]).toEqual([]);
  });
});

function channelWith(health: Partial<ChannelHealth>): never {
  const channel = { kind: 'whatsapp', health: () => ({ since: new Date(0), ...health }) };
  return new Map([['whatsapp', channel]]) as never;
}
