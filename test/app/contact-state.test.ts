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
  ['its officer writes there', 'works', { channel: 'telegram', takenAt: null }],
  ['its address was refused since', 'refused', { refusal: 'at_403' }],
  ['its browser unsubscribed', 'blocked', { channel: 'push', blockedAt: ago(1), refusal: 'blocked' }],
  ['its code was not typed', 'waiting', { verifiedAt: null }],
])('a contact is told apart: %s', (_why, state, more) => {
  expect(contactState({ ...sms, ...more } as never, new Set(), now)).toBe(state);
});

it('a contact whose way works for nobody is not well, whatever was taken there before', () => {
  expect(contactState(sms, new Set(['sms']), now)).toBe('cut');
  expect(contactState({ ...sms, channel: 'ntfy' }, new Set(['ntfy']), now)).toBe('cut');
});
