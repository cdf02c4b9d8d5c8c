import { describe, expect, it } from 'vitest';
import type { Answer, Answers } from '../../src/conversation/values/answer.ts';
import { termsAfter } from '../../src/conversation/values/contact-terms.ts';
import { Person } from './person.ts';

const is = (value: string): Answer => ({ kind: 'choice', value });
const at = (...values: string[]): Answer => ({ kind: 'choices', values });
const NOT_SAID: Answer = { kind: 'not_said', tried: [] };

describe('whether we may write to a person', () => {
  it.each<[string, string, Answers, unknown]>([
    ['"yes" after SOS: at any time', 'safe', { safe: is('yes') }, true],
    ['"no" after SOS: never', 'safe', { safe: is('no') }, { no: 'no' }],
    ['not understood after SOS: nothing by itself', 'safe', { safe: NOT_SAID }, 'unclear'],
    ['certain hours without any yet: never', 'safe', { safe: is('certain_hours') }, { no: 'hours_unsaid' }],
    [
      'certain hours, and which: at these',
      'safe_hours',
      { safe: is('certain_hours'), safe_hours: at('night', 'morning') },
      { hours: ['morning', 'night'] },
    ],
    [
      'certain hours, which was skipped: never',
      'safe_hours',
      { safe: is('certain_hours'), safe_hours: { kind: 'skipped' } },
      { no: 'hours_unsaid' },
    ],
    ['by a call: not here', 'contact_how', { contact_how: is('call') }, { no: 'call' }],
    [
      'by somebody they trust: not here',
      'contact_how',
      { contact_how: is('trusted_person') },
      { no: 'trusted_person' },
    ],
    ['not at all', 'contact_how', { contact_how: is('no_contact') }, { no: 'no_contact' }],
    [
      'here, at certain hours',
      'contact_hours',
      { contact_how: is('here_certain_hours'), contact_hours: at('evening') },
      { hours: ['evening'] },
    ],
    [
      'the hours of a call are for the call',
      'contact_hours',
      { contact_how: is('call'), contact_hours: at('evening') },
      { no: 'call' },
    ],
    ['a phone that is not safe: never', 'phone_safe', { phone_safe: is('no') }, { no: 'phone_unsafe' }],
    [
      'a phone of which they do not know it: never',
      'phone_safe',
      { phone_safe: { kind: 'unknown' } },
      { no: 'phone_unknown' },
    ],
    [
      'and whose answer was not understood: never',
      'phone_safe',
      { phone_safe: NOT_SAID },
      { no: 'phone_unknown' },
    ],
    [
      'a phone that is safe says nothing of being written to',
      'phone_safe',
      { phone_safe: is('yes') },
      undefined,
    ],
    [
      'a phone that is not safe, and "here, at any time": never',
      'contact_how',
      { phone_safe: is('no'), contact_how: is('here_any_time') },
      { no: 'phone_unsafe' },
    ],
    [
      'a phone that is not safe, and "here, at certain hours": never',
      'contact_hours',
      { phone_safe: { kind: 'unknown' }, contact_how: is('here_certain_hours'), contact_hours: at('night') },
      { no: 'phone_unknown' },
    ],
  ])('%s', (_, step, answers, wanted) => {
    expect(termsAfter(step, answers)).toEqual(wanted);
  });

  it('who corrects that the phone is safe may be written to as they said otherwise', () => {
    const corrected = {
      phone_safe: is('yes'),
      contact_how: is('here_certain_hours'),
      contact_hours: at('night'),
    };
    expect(termsAfter('phone_safe', corrected, { no: 'phone_unsafe' })).toEqual({ hours: ['night'] });
    expect(termsAfter('phone_safe', { phone_safe: is('yes') }, { no: 'phone_unknown' })).toBe(true);
    // What they chose for another reason is not undone by it.
    expect(termsAfter('phone_safe', { phone_safe: is('yes') }, { no: 'no' })).toBeUndefined();
  });

  it('who names hours after SOS is asked when, and nothing stands before they have said it', () => {
    const person = new Person().writes('SOS').writes('Kati').picks('certain_hours');
    expect(person.at).toBe('sos.safe_hours');
    expect(person.state?.mayWrite).toEqual({ no: 'hours_unsaid' });
    person.picks('night').presses('done');
    expect(person.state?.mayWrite).toEqual({ hours: ['night'] });
    expect(person.did('set_contact_safety')).toEqual([
      { type: 'set_contact_safety', mayWrite: { hours: ['night'] } },
    ]);
  });
});
