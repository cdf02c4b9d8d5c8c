/** When a contact of an officer is well. */
import { expect, it } from 'vitest';
import { type ContactState, contactState } from '../../src/app/duty/contact-state.ts';
import { days } from '../../src/kernel/time.ts';

const now = new Date('2026-11-29T12:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const sms = {
  channel: 'sms',
  verifiedAt: ago(days(90)),
  blockedAt: null,
  takenAt: ago(days(2)),
  refusal: null,
};

it.each<[string, ContactState, Partial<typeof sms | Record<string, unknown>>]>([
  ['something was taken there this week', 'works', {}],
  ['its code was typed just now', 'works', { takenAt: null, verifiedAt: ago(days(1)) }],
  ['nothing was taken there for longer than between two exercises', 'untried', { takenAt: ago(days(9)) }],
  ['nothing was ever taken there', 'untried', { takenAt: null }],
  [
    'its server is asked with the rights of a send, and no trouble is known',
    'works',
    { channel: 'ntfy', takenAt: null },
  ],
  ...['telegram', 'whatsapp'].flatMap((channel): [string, ContactState, Record<string, unknown>][] => [
    [`on ${channel} its officer wrote this week, and was answered there`, 'works', { channel }],
    [`on ${channel} its officer enrolled just now`, 'works', { channel, takenAt: null, verifiedAt: ago(1) }],
    [
      `on ${channel} nothing was taken since it was enrolled long ago`,
      'untried',
      { channel, takenAt: null, verifiedAt: ago(days(200)) },
    ],
    [`on ${channel} nothing was taken lately`, 'untried', { channel, takenAt: ago(days(9)) }],
  ]),
  ['its address was refused since', 'refused', { refusal: 'at_403' }],
  ['its browser unsubscribed', 'blocked', { channel: 'push', blockedAt: ago(1), refusal: 'blocked' }],
  ['its code was not typed', 'waiting', { verifiedAt: null }],
])('a contact is told apart: %s', (_why, state, more) => {
  expect(contactState({ ...sms, ...more } as never, new Set(), now)).toBe(state);
});

it('a contact whose way works for no one is not well, whatever was taken there before', () => {
  expect(contactState(sms, new Set(['sms']), now)).toBe('cut');
  expect(contactState({ ...sms, channel: 'ntfy' }, new Set(['ntfy']), now)).toBe('cut');
});
