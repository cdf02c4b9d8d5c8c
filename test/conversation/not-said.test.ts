/** What was not understood is no answer: nothing is put into anybody's mouth, at any question. */
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/conversation/values/answer.ts';
import type { Input } from '../../src/conversation/values/input.ts';
import { Person } from './person.ts';
import { choice, NOW, paths, standing } from './standing.ts';

/** None of these says any option of any question. */
const TRIES: Record<string, Input> = {
  'a voice note': { kind: 'file', evidence: 'voice-1', media: 'voice' },
  'words about something else': { kind: 'text', text: 'la pluie tombe sur le fleuve' },
  'a photo': { kind: 'file', evidence: 'photo-1', media: 'photo' },
  'a place on the map': { kind: 'location', latitude: 16.27, longitude: -0.04 },
  'a sticker': { kind: 'unsupported', what: 'sticker' },
  'a voice note that cannot be kept': { kind: 'file_refused', limit: 20, because: 'no_room', media: 'voice' },
  'a number that is none': { kind: 'text', text: '777' },
  'a sign': { kind: 'reaction', emoji: '🦓' },
  // A thumb under "we have your SOS" says that it was read.
  'a thumb under no known message': { kind: 'reaction', emoji: '👍' },
  'a thumb down under no known message': { kind: 'reaction', emoji: '👎🏿' },
  'a thumb under what asks nothing': { kind: 'reaction', emoji: '👍', on: '' },
  'a thumb under a menu of commands': { kind: 'reaction', emoji: '✅', on: 'c:sos' },
  'an old button': { kind: 'button', data: 'r:1:yes' },
};

const situations = {
  'with a draft': {},
  'with an open alert': {
    isCaseOpen: true,
    caseId: 'case-0',
    reference: 'REF-0',
    level: 'urgent',
  } as const,
};

/** What the service notes by itself: that danger is not clear, the language it goes on in, and which way a story leads. */
const isItsOwn = (step: string, answer: Answer): boolean =>
  answer.kind === 'choice' && (answer.value === 'unclear' || step === 'language' || step === 'ways');

/** Every answer that stands, put by or in the case. */
function said(person: Person): [string, Answer][] {
  const { answers = {}, kept = [] } = person.state ?? {};
  const elsewhere = [...kept, ...person.cases.flatMap(({ entries }) => entries)];
  return [
    ...Object.entries(answers),
    ...elsewhere.map(({ step, answer }): [string, Answer] => [step, answer]),
  ];
}

function personAt(path: string, situation: Parameters<typeof standing>[1]): Person {
  const person = new Person({ at: NOW });
  person.state = standing(path, situation);
  if (situation.isCaseOpen)
    person.cases.push({ entries: [], level: 'urgent', reason: 'danger', isSubmitted: false, isBare: false });
  return person;
}

describe.each(Object.entries(situations))('a reporter who is not understood %s', (_name, situation) => {
  it.each(paths)('at %s has chosen nothing', (path) => {
    for (const [name, input] of Object.entries(TRIES)) {
      const person = personAt(path, situation);
      const before = JSON.stringify(said(person));
      for (let n = 0; n < 3; n++) {
        person.does(input, 10_000);
        expect(person.did('set_contact_safety'), `${name} at ${path}`).not.toContainEqual(
          expect.objectContaining({ mayWrite: expect.any(Boolean) }),
        );
      }
      const chosen = said(person).filter(
        ([step, answer]) =>
          ['choice', 'choices', 'unknown'].includes(answer.kind) &&
          !isItsOwn(step, answer) &&
          !before.includes(JSON.stringify([step, answer])),
      );
      expect(chosen, `${name} at ${path}`).toEqual([]);
      // What came is there all the same.
      if (input.kind === 'file') expect(JSON.stringify(said(person))).toContain(input.evidence);
    }
  });
});

describe('a reporter who answers "may we write to you?" by voice', () => {
  const atSafe = () => new Person().writes('SOS').writes('Kati, près du marché');
  const twice = (person: Person) => person.sends('voice', 'voice-1').sends('voice', 'voice-2');

  it('has said neither yes nor no, and the officer has what came', () => {
    const person = twice(atSafe());
    expect(person.inCase('safe')).toEqual([
      {
        kind: 'not_said',
        tried: [
          { kind: 'file', evidence: 'voice-1', media: 'voice' },
          { kind: 'file', evidence: 'voice-2', media: 'voice' },
        ],
      },
    ]);
    expect(person.did('set_contact_safety')).toEqual([{ type: 'set_contact_safety', mayWrite: 'unclear' }]);
    expect(person.screen).toContain('Nous n’avons pas compris cette réponse'.replace('’', "'"));
    expect(person.at).toBe('sos.go_on');
  });

  it('who skips it, or does not know, has not said no either', () => {
    for (const words of ['passer', 'je ne sais pas'])
      expect(atSafe().writes(words).did('set_contact_safety')).toEqual([
        { type: 'set_contact_safety', mayWrite: 'unclear' },
      ]);
  });

  it('and had said no before: the no stands', () => {
    const person = atSafe().picks('no').picks('continue').writes('SOS').writes('toujours à Kati');
    expect(twice(person).did('set_contact_safety')).toEqual([]);
    expect(person.state?.mayWrite).toEqual({ no: 'no' });
  });

  it('and had said yes before: that is unclear now', () => {
    const person = twice(atSafe().picks('yes').picks('continue').writes('SOS').writes('toujours à Kati'));
    expect(person.state?.mayWrite).toBe('unclear');
  });
});

describe('a reporter who is not understood', () => {
  it('at the question of consent has neither consented nor refused, however often', () => {
    const person = personAt('report.consent', {});
    for (let n = 0; n < 6; n++) person.sends('voice', `voice-${n}`);
    expect(person.state?.answers.consent).toBeUndefined();
    expect(person.at).toBe('report.consent');
    expect(person.forgotten).toBe(0);
  });

  it('after choosing some of several has chosen those', () => {
    const person = personAt('report.course', {}).writes('bonjour').writes('2');
    person.sends('voice', 'v1').sends('voice', 'v2');
    expect(person.state?.answers.course).toMatchObject({ kind: 'choices', values: ['in_progress'] });
    expect(person.keys).toContain('bot.goes_on_chosen');
  });

  it('sees that it was not understood in the read-back, and can say it there', () => {
    const person = personAt('report.phone_safe', {}).sends('voice', 'v1').sends('voice', 'v2');
    person.state = { ...person.state, at: 'report.review' } as NonNullable<Person['state']>;
    expect(person.writes('?').screen).toContain('Pas dit (réponse pas comprise)');
  });

  it('and deletes the voice note on their phone: it is gone from what was not understood too', () => {
    const person = personAt('report.phone_safe', {});
    person.message = 'm1';
    person.sends('voice', 'v1');
    person.message = 'm2';
    person.sends('voice', 'v2');
    person.message = undefined;
    person.does({ kind: 'deleted', message: 'm1' });
    expect(person.did('forget_evidence')).toEqual([{ type: 'forget_evidence', evidence: 'v1' }]);
    expect(JSON.stringify(person.state)).not.toContain('"v1"');
    expect(person.state?.answers.phone_safe).toMatchObject({ kind: 'not_said', tried: [{ evidence: 'v2' }] });
  });

  it('says a secret word by voice twice: the question is passed, and the voice is there', () => {
    const person = personAt('report.contact_code', {
      answers: { ...standing('report.contact_code', {}).answers, contact_how: choice('call') },
    });
    person.sends('voice', 'v1').sends('voice', 'v2');
    expect(person.state?.answers.contact_code).toMatchObject({ kind: 'not_said' });
  });
});
