/** A thought in two messages is one answer, and the question after it waits for the second one. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

const soon = 2_000;
const voice = { kind: 'file', evidence: 'voice-1', media: 'voice' } as const;

/** Asked where the person is held: a question for words, with a choice after it. */
const atWords = () =>
  walkTo(new Person(), 'report.held_place', { group: 'arrested', held_place_known: 'yes' });

describe('a reporter who answers a question for words', () => {
  it('in two messages has given one answer, and is asked the next question once', () => {
    const awa = atWords().writes('à la brigade');
    const { at } = awa;
    expect(at).not.toBe('report.held_place');
    expect(awa.says).toHaveLength(1);
    expect(awa.says[0]).toMatchObject({ coalesce: 'question', delay: 3_000 });
    awa.writes('près du fleuve', soon);
    expect(awa.state?.answers.held_place).toMatchObject({
      kind: 'text',
      text: 'à la brigade\nprès du fleuve',
    });
    expect(awa.at).toBe(at);
    expect(awa.says[0]).toMatchObject({ coalesce: 'question', delay: 3_000 });
    awa.writes('à droite', soon);
    expect(awa.state?.answers.held_place).toMatchObject({
      text: 'à la brigade\nprès du fleuve\nà droite',
    });
  });

  it('and then writes a number has not answered a question that no one has seen', () => {
    const binta = atWords().writes('à la brigade');
    expect(binta.choices.length).toBeGreaterThan(0);
    binta.writes('2', soon);
    expect(binta.state?.answers.held_place).toMatchObject({ text: 'à la brigade\n2' });
    expect(binta.state?.answers.lawyer).toBeUndefined();
  });

  it('and answers the next one when it has come has answered that one', () => {
    const coumba = atWords().writes('à la brigade').writes('2', 3_100);
    expect(coumba.state?.answers.held_place).toMatchObject({ text: 'à la brigade' });
    expect(coumba.state?.answers.lawyer).toMatchObject({ kind: 'choice' });
  });

  it('and sends a voice note, a place or a card at once has said one thing', () => {
    const point = { kind: 'location', latitude: 12, longitude: -8 } as const;
    const card = { kind: 'card', what: 'contact', words: 'Moussa, +223 70' } as const;
    const djeneba = atWords().writes('à la brigade').does(voice, soon).does(point, soon).does(card, soon);
    expect(djeneba.state?.answers.held_place).toMatchObject({
      kind: 'account',
      parts: [
        { text: 'à la brigade' },
        { evidence: 'voice-1' },
        { latitude: 12 },
        { text: 'Moussa, +223 70' },
      ],
    });
  });

  it('by a voice note and then in words has said one thing', () => {
    const emma = atWords().does(voice).writes('près du fleuve', soon);
    expect(emma.state?.answers.held_place).toMatchObject({
      parts: [{ evidence: 'voice-1' }, { text: 'près du fleuve' }],
    });
  });

  it('with "I don’t know" and then something after all has said both', () => {
    const fanta = atWords().writes('je ne sais pas').writes('peut-être à la brigade', soon);
    expect(fanta.state?.answers.held_place).toMatchObject({ text: 'peut-être à la brigade' });
  });

  it('with a day in two messages has named the day', () => {
    const hawa = walkTo(new Person(), 'report.happened').writes('je crois').writes('hier soir', soon);
    expect(hawa.state?.answers.happened).toMatchObject({
      kind: 'date',
      date: '2026-11-23',
      words: 'je crois\nhier soir',
    });
  });

  it('with a place in two messages has named the place', () => {
    const issa = walkTo(new Person(), 'report.place').writes('derrière la mosquée').writes('à droite', soon);
    expect(issa.state?.answers.place).toMatchObject({ words: 'derrière la mosquée\nà droite', done: true });
    expect(issa.at).not.toBe('report.place');
  });

  it.each(['SOS', 'partir', 'aide'])('and then gives a command (%s) has given it', (word) => {
    const kadia = atWords().writes('à la brigade').writes(word, soon);
    expect(kadia.state?.answers.held_place).toMatchObject({ text: 'à la brigade' });
    if (word === 'SOS') {
      expect(kadia.case?.reason).toBe('sos');
      // What waits to be said is not said any more: it would stand under the new question.
      expect(kadia.says.some(({ replaces }) => replaces === 'question')).toBe(true);
    }
  });

  it('and cries for help in the first of two messages is offered SOS under the question that comes', () => {
    const mariam = atWords().writes('on criait au secours').writes('dans la cour', soon);
    expect(mariam.keys).toContain('bot.sos_offer');
    expect(mariam.commands).toContain('sos');
  });

  it('that raises the alarm is told so at once; only the question waits', () => {
    const oumou = new Person().writes('SOS').writes('à Kati');
    expect(oumou.at).toBe('sos.safe');
    oumou.writes('près du fleuve', soon);
    expect(oumou.inCase('where').at(-1)).toMatchObject({ text: 'à Kati\nprès du fleuve' });
    expect(oumou.at).toBe('sos.safe');
  });

  it('and has everything erased has no thought that goes on', () => {
    const safi = atWords().writes('à la brigade').writes('tout effacer', soon);
    expect(safi.state?.thought).toBeUndefined();
  });
});

describe('when the next question is late', () => {
  it('as long as it has not left no one can have answered it, however much time goes by', () => {
    const awa = atWords().writes('à la brigade');
    awa.isUnread = true;
    awa.writes('2', 60_000);
    expect(awa.state?.answers.held_place).toMatchObject({ text: 'à la brigade\n2' });
    awa.isUnread = false;
    awa.writes('2', 100);
    expect(awa.state?.answers.lawyer).toMatchObject({ kind: 'choice' });
  });

  it('what was written before it counts as that, also when it is handled minutes later', () => {
    const binta = atWords().writes('à la brigade');
    binta.isUnread = false;
    binta.writtenAt = new Date(binta.now.getTime() + 1_000);
    binta.writes('2', 300_000);
    expect(binta.state?.answers.held_place).toMatchObject({ text: 'à la brigade\n2' });
  });
});

describe('a reporter whom an officer asked something', () => {
  it('and who answers in two messages has told both to the officer', () => {
    const awa = new Person().writes('SOS').isAsked();
    awa.writes('oui').writes('mais à voix basse', soon);
    expect(awa.inCase('reply_to_officer')).toHaveLength(2);
    expect(awa.keys).toContain('bot.reply_passed_on');
    expect(awa.state?.answers.where).toBeUndefined();
    awa.writes('à Kati', 10_000);
    expect(awa.state?.answers.where).toMatchObject({ text: 'à Kati' });
  });
});

describe('what follows at once', () => {
  it('is a number that goes on with the day, and answers no question that was not read yet', () => {
    const awa = walkTo(new Person(), 'report.happened', { group: 'threats', kind: 'death_threat' });
    awa.writes('lundi').writes('2', soon);
    expect(awa.at).toBe('report.course');
    expect(awa.state?.answers.course).toBeUndefined();
    expect(awa.state?.answers.happened).toMatchObject({ words: 'lundi\n2' });
  });

  it('is a file that a day cannot hold, and stands with the account', () => {
    const binta = walkTo(new Person(), 'report.happened', { group: 'threats', kind: 'death_threat' });
    binta.writes('lundi').sends('photo', 'photo-9', soon);
    expect(binta.state?.answers.happened).toMatchObject({ words: 'lundi' });
    expect(JSON.stringify(binta.state?.answers.account)).toContain('photo-9');
  });

  it('is a word that beside buttons would be a command', () => {
    const coumba = atWords().writes('à la brigade').writes('info', soon);
    expect(coumba.state?.answers.held_place).toMatchObject({ text: 'à la brigade\ninfo' });
  });
});

describe('a reporter at a choice', () => {
  it('is asked the next question at once', () => {
    expect(calmPerson().picks('yes').says[0]?.delay).toBeUndefined();
  });
});
