/** A reporter who hears the questions: chooses it, is heard through to the end, and nobody else ever hears it. */
import { describe, expect, test } from 'vitest';
import { heard as heardOf } from '../../src/conversation/asking/spoken.ts';
import type { Say } from '../../src/conversation/values/effect.ts';
import { createTexts } from '../../src/conversation/words/texts.ts';
import { projectContent } from '../content/content.ts';
import { neededKeys } from '../spoken.ts';
import { conversation, Person, texts } from './person.ts';

const deps = { ...conversation, isSpoken: (language: string) => language === 'fr' };
const needed = new Set(neededKeys(conversation.flows, texts).map((key) => `fr/${key}`));

const begins = (hint = 'fr') => new Person({ deps, hint }).writes('Bonjour');
const listens = (hint?: string) => begins(hint).writes('🔊');
const spokenIn = (says: readonly Say[]) => says.flatMap(({ spoken = [] }) => spoken);
/** What is heard of the last step where only what must be recorded is. */
const heard = ({ says }: Person): string[] | undefined => {
  const spoken = says.at(-1)?.spoken;
  if (!spoken || spoken.some(({ piece, isNeeded }) => isNeeded && !needed.has(piece))) return undefined;
  return spoken.filter(({ piece }) => needed.has(piece)).map(({ piece }) => piece.replace('fr/', ''));
};

describe('hearing the questions', () => {
  test('is never on by itself: a button with a loudspeaker offers it on the first screens', () => {
    const awa = begins();
    expect(spokenIn(awa.says)).toEqual([]);
    expect(awa.says.at(-1)?.commands?.find(({ id }) => id === 'voice')?.label).toBe('🔊 Voix');
    awa.picks('none');
    expect(awa.commands).toContain('voice');
    awa.picks('report');
    expect(awa.commands).toContain('voice');
    awa.picks('yes');
    expect(awa.commands).not.toContain('voice');
    expect(spokenIn(awa.says)).toEqual([]);
  });

  test.each(['🔊', '🔈', 'voix', 'Je ne sais pas lire.', 'kumakan', '/voix'])('is chosen by “%s”', (said) => {
    const awa = begins().writes(said);
    expect(awa.keys).toContain('bot.voice_on');
    expect(heard(awa)).toEqual([
      'report.danger.ask',
      ...['now', 'within_24h', 'within_days', 'none', 'unknown'].flatMap((code, index) => [
        `report.danger.options.${code}`,
        `voice.number_${index + 1}`,
      ]),
    ]);
  });

  test('is chosen by its button, and ended by the same, which stands under every question then', () => {
    const awa = begins().presses('voice').picks('none').picks('report').picks('yes');
    expect(awa.at).toBe('report.phone_safe');
    expect(awa.commands).toContain('voice');
    awa.presses('voice');
    expect(awa.keys).toContain('bot.voice_off');
    expect(spokenIn(awa.says)).toEqual([]);
    awa.picks('yes');
    expect(spokenIn(awa.says)).toEqual([]);
    expect(awa.commands).not.toContain('voice');
  });

  test('is said to be there in no language that has none', () => {
    const awa = begins('en').writes('english');
    expect(awa.state?.language).toBe('en');
    expect(awa.commands).not.toContain('voice');
    awa.writes('voice');
    expect(awa.keys).toContain('bot.voice_none');
    expect(awa.state?.hears).toBeUndefined();
  });

  test('is no answer to a question for words: there “écouter” is what they wrote', () => {
    const awa = listens().picks('none').picks('report').picks('yes').picks('yes').picks('self');
    awa.writes('écouter');
    expect(JSON.stringify(awa.state?.answers.account)).toContain('écouter');
    expect(awa.state?.hears).toBe(true);
  });
});

describe('who cannot read the question for the language', () => {
  const first = (isSpoken: (language: string) => boolean) =>
    new Person({ deps: { ...conversation, isSpoken } }).writes('🔊');

  test('is heard in the one language that there is a voice for', () => {
    const awa = first((language) => language === 'fr');
    expect(awa.at).toBe('report.danger');
    expect(awa.state?.language).toBe('fr');
    expect(heard(awa)).toContain('report.danger.ask');
  });

  test('hears the names of those that there are voices for, each with its number', () => {
    const awa = first(() => true);
    expect(awa.at).toBe('menu.language');
    expect(spokenIn(awa.says).map(({ piece }) => piece)).toEqual(
      expect.arrayContaining([
        'fr/menu.language.ask',
        'fr/language.name',
        'fr/voice.number_1',
        'en/language.name',
      ]),
    );
  });

  test('hears no name of a language that there is no voice for, and its number stays its own', () => {
    const languages = ['en', 'bm', 'fr'];
    const three = createTexts(projectContent().texts, { languages, defaultLanguage: 'fr', missing: 'throw' });
    const isSpoken = (language: string) => language !== 'en';
    const awa = new Person({ deps: { ...conversation, texts: three, isSpoken } }).writes('🔊');
    expect(awa.at).toBe('menu.language');
    const pieces = spokenIn(awa.says).map(({ piece }) => piece);
    expect(pieces).not.toContain('en/language.name');
    expect(pieces.slice(pieces.indexOf('bm/language.name'))).toEqual([
      ...['bm/language.name', 'fr/voice.number_2', 'fr/language.name', 'fr/voice.number_3'],
    ]);
  });

  test('says in which language by the word itself', () => {
    const awa = new Person({ deps: { ...conversation, isSpoken: () => true } }).writes('je ne sais pas lire');
    expect(awa.state?.language).toBe('fr');
    expect(awa.at).toBe('report.danger');
    expect(heard(awa)).toContain('report.danger.ask');
  });
});

describe('what is heard ends', () => {
  test('after half an hour of silence: the phone may be in other hands', () => {
    const awa = listens();
    awa.writes('4', 31 * 60_000);
    expect(awa.at).toBe('menu.ways');
    expect(spokenIn(awa.says)).toEqual([]);
    expect(awa.state?.hears).toBeUndefined();
    awa.writes('🔊');
    expect(heard(awa)).toContain('menu.ways.ask');
  });

  test('when the reporter leaves', () => {
    const awa = listens().writes('partir');
    expect(spokenIn(awa.says)).toEqual([]);
    expect(awa.writes('bonjour').state?.hears).toBeUndefined();
  });

  test('and what no one has just asked for is never played', () => {
    const awa = listens().sends('voice');
    const later = awa.does({ kind: 'danger_unanswered' }, 120_000);
    expect(later.keys).toContain('bot.passed_on');
    expect(spokenIn(later.says)).toEqual([]);
  });
});

describe('who only listens and never reads', () => {
  test('is asked every question aloud until the report is sent, and answers by thumb, digit, keycap and voice', () => {
    const awa = listens();
    const asked: string[] = [];
    const answers = (does: () => unknown) => {
      expect([awa.at, heard(awa) !== undefined]).toEqual([awa.at, true]);
      asked.push(awa.at);
      does();
    };
    answers(() => awa.writes('4'));
    answers(() => awa.writes('1️⃣'));
    answers(() => awa.writes('👍🏿'));
    answers(() => awa.writes('1'));
    answers(() => awa.writes('1'));
    expect(awa.at).toBe('report.account');
    answers(() => awa.sends('voice'));
    // How to end it is said aloud too.
    expect(heard(awa)).toEqual(['voice.done']);
    answers(() => awa.writes('👍'));
    answers(() => awa.writes('2'));
    expect(awa.at).toBe('report.contact_hours');
    answers(() => awa.writes('1'));
    answers(() => awa.writes('👍'));
    expect(awa.at).toBe('report.review');
    answers(() => awa.writes('1'));
    expect(awa.cases).toHaveLength(1);
    expect(awa.cases[0]?.isSubmitted).toBe(true);
    expect(new Set(asked).size).toBeGreaterThan(8);
  });

  test('is heard after an SOS of one voice note and silence, when they write again', () => {
    const awa = listens().writes('SOS');
    expect(heard(awa)).toContain('sos.where.ask');
    awa.sends('voice');
    expect(heard(awa)).toContain('sos.safe.ask');
    awa.writes('👍');
    expect(heard(awa)).toContain('sos.go_on.ask');
  });

  test('answers a choice aloud twice: it stays unsaid, with the voice notes, and the next question comes', () => {
    const awa = listens().picks('none').picks('report').picks('yes').picks('yes');
    expect(awa.at).toBe('report.who');
    awa.sends('voice', 'file-1');
    expect(awa.at).toBe('report.who');
    expect(heard(awa)).toContain('report.who.ask');
    awa.sends('voice', 'file-2');
    expect(awa.at).toBe('report.account');
    expect(awa.state?.answers.who).toMatchObject({ kind: 'not_said' });
    expect(JSON.stringify(awa.state?.answers.account)).toContain('file-2');
  });

  test('is not taken to have agreed by what no one has heard yet', () => {
    const awa = listens().picks('none').picks('report');
    for (const n of [1, 2, 3, 4]) awa.sends('voice', `file-${n}`);
    expect(awa.at).toBe('report.consent');
    expect(awa.state?.answers.consent).toBeUndefined();
    expect(heard(awa)).toContain('report.consent.ask');
  });

  test('is not taken to speak for another person by what no one has heard yet', () => {
    const awa = listens().picks('none').picks('report').picks('yes').picks('yes').picks('other_defender');
    awa.picks('no');
    expect(awa.at).toBe('report.who_agrees');
    for (const n of [1, 2, 3]) awa.sends('voice', `file-${n}`);
    expect(awa.at).toBe('report.who_agrees');
    expect(awa.state?.answers.who_agrees).toBeUndefined();
  });

  test('who did not choose to listen is asked a required question again, as everybody is', () => {
    const awa = begins().picks('none').picks('report').picks('yes').picks('yes');
    for (const n of [1, 2, 3]) awa.sends('voice', `file-${n}`);
    expect(awa.at).toBe('report.who');
  });

  test('a thumb ends nothing for who reads: there it says nothing', () => {
    const awa = begins()
      .picks('none')
      .picks('report')
      .picks('yes')
      .picks('yes')
      .picks('self')
      .writes('Menacé.');
    expect(awa.writes('👍').at).toBe('report.account');
  });
});

test('what the service says by itself is not heard, whatever it is', () => {
  const { state, deps: own, now } = listens();
  if (!state) throw new Error('nothing was said');
  const view = { state, deps: own, now };
  const before = [{ key: 'bot.passed_on' }];
  expect(heardOf({ ...view, isUnasked: false }, { before }).spoken).toHaveLength(1);
  expect(heardOf({ ...view, isUnasked: true }, { before })).toEqual({});
});

test('what is filled in is not spoken, and a read-back is heard without what they said', () => {
  const awa = listens().picks('none').picks('report').picks('yes').picks('yes').picks('self');
  awa.writes('Menacé par écrit.').writes('👍').picks('here_any_time');
  expect(awa.at).toBe('report.review');
  expect(awa.screen).toContain('Menacé par écrit.');
  const pieces = spokenIn(awa.says);
  expect(JSON.stringify(pieces)).not.toContain('Menacé');
  expect(
    pieces.filter(({ piece }) => piece === 'fr/bot.review_line').every(({ isNeeded }) => !isNeeded),
  ).toBe(true);
  expect(heard(awa)?.[0]).toBe('report.review.ask');
});
