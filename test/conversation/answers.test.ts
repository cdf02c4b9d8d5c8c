import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

const at = (path: string, picks: Record<string, string> = {}): Person => walkTo(calmPerson(), path, picks);

describe('a reporter who answers', () => {
  it.each(['report.who', 'report.group'])(
    'and says only yes or no at %s, where that is no answer, is asked again, and it is no part of the account',
    (path) => {
      for (const word of ['oui', 'Non', 'yes', '👎']) {
        const person = walkTo(calmPerson(), path);
        const before = JSON.stringify(person.state?.answers.account);
        person.writes(word);
        expect(person.keys[0], word).toMatch(/^bot\.(not_understood|reaction_not_understood)$/);
        expect(person.at, word).toBe(path);
        expect(JSON.stringify(person.state?.answers.account), word).toBe(before);
      }
    },
  );

  it.each(['Non', '👎', 'nn'])('"%s" to sending sends nothing, and is no part of the account', (word) => {
    const person = walkTo(calmPerson(), 'report.review');
    const before = JSON.stringify(person.state?.answers.account);
    person.writes(word);
    expect(person.keys[0]).toMatch(/^bot\.(not_sent_yet|reaction_not_understood)$/);
    expect(person.at).toBe('report.review');
    expect(JSON.stringify(person.state?.answers.account)).toBe(before);
  });

  it('in words where a choice was asked is asked once more, and then it goes on', () => {
    const person = at('report.group').writes('Le préfet a refusé la salle');
    expect(person.at).toBe('report.group');
    expect(person.keys).toEqual(['bot.words_kept', 'report.group.ask', 'bot.questions_left']);
    person.writes('Ils étaient quatre');
    expect(person.at).not.toBe('report.group');
    expect(person.state?.answers.group).toMatchObject({
      kind: 'not_said',
      tried: [{ text: 'Le préfet a refusé la salle' }, { text: 'Ils étaient quatre' }],
    });
    expect(person.state?.answers.account).toMatchObject({
      parts: [{}, { text: 'Le préfet a refusé la salle' }, { text: 'Ils étaient quatre' }],
    });
  });

  it('chooses several by numbers, ticks, and takes one back', () => {
    const person = at('report.needs').writes('1 et 3');
    expect(person.state?.answers.needs).toEqual({ kind: 'choices', values: ['safe_place', 'legal'] });
    expect(person.says.at(-1)?.choices?.[0]?.label).toMatch(/^✓ /);
    person.picks('legal').picks('medical').writes("c'est tout");
    expect(person.state?.answers.needs).toEqual({ kind: 'choices', values: ['safe_place', 'medical'] });
    expect(person.at).toBe('report.spoken');
  });

  it('presses the same button twice and is counted once', () => {
    const person = at('report.needs').picks('legal');
    const { lastButton } = person.state ?? {};
    person.does({ kind: 'button', data: lastButton ?? '' });
    expect(person.keys).toContain('bot.double_tap');
    expect(person.state?.answers.needs).toEqual({ kind: 'choices', values: ['legal'] });
  });

  it('presses the button of an old question and is told so', () => {
    const person = at('report.needs').does({ kind: 'button', data: 'r:3:none' });
    expect(person.keys[0]).toBe('bot.stale_button');
    expect(person.at).toBe('report.needs');
    expect(person.state?.answers.danger).toEqual({ kind: 'choice', value: 'none' });
  });

  it('pages through a long list and names what is on another page', () => {
    const person = at('report.work');
    const first = person.choices;
    expect(first).toContain('+next');
    person.picks('+next');
    expect(person.choices).toContain('+prev');
    expect(person.choices).not.toEqual(first);
    person.writes('+prev');
    expect(person.at).toBe('report.work');
  });

  it.each([
    ["aujourd'hui", '2026-11-24', 'day'],
    ['Hier soir', '2026-11-23', 'day'],
    ['avant-hier', '2026-11-22', 'day'],
    ['il y a 3 jours', '2026-11-21', 'day'],
    ['three days ago', '2026-11-21', 'day'],
    ['12/03/2026', '2026-03-12', 'day'],
    ['le 3 mars', '2026-03-03', 'day'],
    ['en mars', '2026-03-01', 'month'],
    ['en décembre', '2025-12-01', 'month'],
    ['lundi', '2026-11-23', 'day'],
    ['la semaine dernière', '2026-11-11', 'week'],
    ['2024', '2024-01-01', 'year'],
    ['2', '2026-11-23', 'day'],
  ])('says when with "%s"', (words, date, precision) => {
    const person = at('report.happened').writes(words);
    expect(person.state?.answers.happened).toMatchObject({ kind: 'date', date, precision });
  });

  it('says when in words that are no date, and they are kept', () => {
    const person = at('report.happened').writes('pendant les récoltes');
    expect(person.state?.answers.happened).toEqual({
      kind: 'date',
      precision: 'unknown',
      words: 'pendant les récoltes',
    });
  });

  it('says where by zone, region, cercle and words', () => {
    const person = at('report.place').picks('nord').picks('07');
    expect(person.keys).toContain('bot.place_cercle');
    person.picks(person.choices[0] ?? '').writes('près du fleuve');
    expect(person.state?.answers.place).toMatchObject({
      zone: 'nord',
      region: '07',
      words: 'près du fleuve',
      done: true,
    });
  });

  it.each([
    ['Gao', '07'],
    ['kayes', '01'],
    ['TOMBOUCTOU', '06'],
  ])('says where by naming %s', (words, region) => {
    const person = at('report.place').writes(words);
    expect(person.state?.answers.place).toMatchObject({ region });
  });

  it('names a town in the last words about the place, and is not asked for them again', () => {
    const person = at('report.place').picks('nord').picks('07');
    person.picks(person.choices[0] ?? '').writes('Kati');
    expect(person.at).toBe('report.suspect');
    expect(person.state?.answers.place).toMatchObject({ region: '07', words: 'Kati', done: true });
  });

  it('says where in other words, or by location, and is not asked again', () => {
    expect(at('report.place').writes('derrière la mosquée').at).toBe('report.suspect');
    const person = at('report.place').does({ kind: 'location', latitude: 12.6, longitude: -8 });
    expect(person.state?.answers.place).toMatchObject({ parts: [{ kind: 'point', latitude: 12.6 }] });
  });

  it('sends 20,000 characters and every one is kept', () => {
    const long = 'é'.repeat(20_000);
    const person = at('report.account').writes(long);
    expect(person.state?.answers.account).toMatchObject({ parts: [{ text: long }] });
    expect(person.says).toMatchObject([{ coalesce: 'question', delay: 1500 }]);
  });

  it('edits a message and the change is kept as an addition', () => {
    const person = at('report.group').does({ kind: 'text', text: 'En fait c’était mardi', edited: true });
    expect(person.keys[0]).toBe('bot.edit_kept');
    expect(person.at).toBe('report.group');
  });

  it('puts a thumb under a yes-or-no question, or writes one', () => {
    const puts = (emoji: string) => {
      const person = calmPerson();
      return person.does({ kind: 'reaction', emoji, on: `r:${person.state?.turn}:yes` }).at;
    };
    expect(puts('👍🏿')).toBe('report.phone_safe');
    expect(puts('👎')).toBe('menu.home');
    expect(calmPerson().writes('👍🏿').at).toBe('report.phone_safe');
    expect(calmPerson().writes('👎').at).toBe('menu.home');
  });

  it('is no answer with a thumb or a number that belongs to something else, and asked again', () => {
    const thumb = { kind: 'reaction', emoji: '👍' } as const;
    const person = calmPerson();
    const turn = person.state?.turn ?? 0;
    // Telegram does not tell what we asked there.
    for (const on of [{}, { on: '' }])
      expect(person.does({ ...thumb, ...on }).keys[0]).toBe('bot.reaction_not_understood');
    // "Oui, maintenant" of the danger question, whichever way it is said.
    for (const late of [
      { ...thumb, on: `r:${turn - 1}:now` },
      { kind: 'button', data: `r:${turn - 1}:now` } as const,
    ])
      expect(person.does(late).keys.slice(0, 2)).toEqual(['bot.sos_offer', 'bot.stale_button']);
    expect(person.does({ kind: 'button', data: `r:${turn - 1}:#2` }).keys[0]).toBe('bot.stale_button');
    expect(person.at).toBe('report.consent');
    expect(person.does({ kind: 'button', data: `r:${turn}:#1` }).at).toBe('report.phone_safe');
  });

  it.each([
    [{ kind: 'unsupported', what: 'sticker' } as const, 'bot.unsupported'],
    [{ kind: 'unsupported', what: 'call' } as const, 'bot.call_declined'],
    [{ kind: 'unsupported', what: 'unreadable' } as const, 'bot.unreadable'],
    [{ kind: 'unsupported', what: 'view_once' } as const, 'bot.view_once'],
    [{ kind: 'text', text: ' \u200b ' } as const, 'bot.empty_text'],
    [{ kind: 'file_refused', limit: 20_000_000 } as const, 'bot.file_refused'],
    [{ kind: 'reaction', emoji: '🦓' } as const, 'bot.reaction_not_understood'],
    [{ kind: 'button', data: '%%%' } as const, 'bot.stale_button'],
    [{ kind: 'text', text: '77' } as const, 'bot.not_understood'],
  ])('does something that cannot be used: %o', (input, key) => {
    const person = calmPerson().does(input);
    expect(person.keys).toEqual([key, 'report.consent.ask']);
  });

  it('does not know: that is an answer, but not to the question of consent', () => {
    expect(calmPerson().writes('je ne sais pas').at).toBe('report.consent');
    expect(at('report.happened').writes('je ne sais pas').state?.answers.happened).toEqual({
      kind: 'unknown',
    });
  });
});

describe('a person who finds their way', () => {
  it('goes back, changes an answer and lands where they were', () => {
    const person = at('report.account').presses('back');
    expect(person.at).toBe('report.who');
    expect(person.picks('organisation').at).toBe('report.account');
    expect(person.state?.answers.who).toEqual({ kind: 'choice', value: 'organisation' });
  });

  it('cannot go back before the first question', () => {
    const person = calmPerson();
    for (let i = 0; i < 6; i++) person.writes('retour');
    expect(person.keys).toContain('bot.nothing_before');
  });

  it('skips what may be skipped and nothing else', () => {
    expect(calmPerson().writes('passer').keys).toEqual(['bot.yes_or_no', 'report.consent.ask']);
    expect(at('report.account').writes('passer').keys).toEqual(['bot.cannot_skip', 'report.account.ask']);
    expect(at('report.happened').writes('passer').state?.answers.happened).toEqual({ kind: 'skipped' });
  });

  it('changes the language in the middle of a question', () => {
    const person = at('report.group').writes('english');
    expect(person.state?.language).toBe('en');
    expect(person.at).toBe('report.group');
    expect(person.presses('language').state?.language).toBe('fr');
  });

  it('leaves at once with neutral words and nothing else on the screen', () => {
    const person = at('report.group').writes('partir');
    expect(person.keys).toEqual(['bot.left']);
    expect(person.effects.map(({ type }) => type)).toEqual(['retract_messages', 'say']);
    expect(person.says[0]?.commands).toBeUndefined();
    expect(person.writes('bonjour').at).toBe('report.group');
  });

  it('erases a draft with one word', () => {
    const person = at('report.group').writes('tout effacer');
    expect(person.forgotten).toBe(1);
    expect(Object.keys(person.state?.answers ?? {})).toEqual(['language']);
    expect(person.keys).toContain('bot.erased');
  });

  it('refuses consent and nothing is kept', () => {
    const person = calmPerson().picks('no');
    expect(person.forgotten).toBe(1);
    expect(Object.keys(person.state?.answers ?? {})).toEqual(['language']);
    expect(person.at).toBe('menu.home');
  });
});

it('lets a reporter leave where "partir" stands in an option', () => {
  const awa = walkTo(new Person(), 'report.kind', { group: 'violence' }).writes('partir');
  expect(awa.keys).toContain('bot.left');
  expect(awa.at).toBe('report.kind');
});
