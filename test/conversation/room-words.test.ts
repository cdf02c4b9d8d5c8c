import { describe, expect, it } from 'vitest';
import { calmPerson, inBambara, Person, walkTo } from './person.ts';

const reader = () => new Person().writes('bonjour').picks('none').picks('understand');
const story = 'ils ont fermé notre bureau hier';

describe('a reporter who tells something in the room to read in', () => {
  it('is told of the button that stands below: a report, or back to the question', () => {
    const person = reader().writes(story);
    expect(person.keys).toContain('bot.room_story');
    expect(person.screen).toContain('choisissez « Signaler une menace ou une violence » ou');
    expect(person.choices).toContain('report');
    const reporting = walkTo(calmPerson(), 'report.contact_how').writes('comprendre').writes(story);
    expect(reporting.keys).toContain('bot.room_story_report');
    expect(reporting.screen).toContain('« Revenir à la question »');
    expect(reporting.screen).not.toContain('« Signaler');
    expect(JSON.stringify(reporting.state)).not.toContain('bureau');
  });

  it('and has a case is told how to add it there', () => {
    const person = walkTo(calmPerson(), 'report.review').picks('+send').picks('understand').writes(story);
    expect(person.keys).toContain('bot.room_story_case');
    expect(person.screen).toContain('« Revenir au menu »');
    person.picks('+out').writes(story);
    expect(person.keys).toContain('bot.added_to_case');
  });

  it('"signaler" is the way to the report there, and to the question that was left', () => {
    expect(reader().writes('signaler').at).toBe('report.consent');
    const reporting = walkTo(calmPerson(), 'report.contact_how').writes('comprendre');
    expect(reporting.writes('signaler').at).toBe('report.contact_how');
    expect(reporting.state?.answers.account).toMatchObject({ parts: [{ text: 'On me suit depuis lundi.' }] });
  });
});

describe('a reporter who says something small in the room to read in', () => {
  it.each(['merci', 'ok', 'merci bien', 'd’accord'])(
    '"%s" is answered in a line, and the page stands',
    (words) => {
      const person = reader().picks('mechanism.refer');
      const before = person.choices;
      person.writes(words);
      expect(person.keys).toEqual(['bot.room_nod']);
      expect(person.at).toBe('mechanism.refer');
      expect(person.writes('1').at).toBe(before[0]);
    },
  );

  it.each(['en anglais', 'je voudrais lire en anglais', 'english please', 'can i read in english'])(
    '"%s" changes the language of the page',
    (words) => {
      const person = reader().picks('mechanism.refer').writes(words);
      expect(person.state?.language).toBe('en');
      expect(person.at).toBe('mechanism.refer');
    },
  );

  it.each(['bm', 'bamanankan na', 'je veux lire en bambara'])(
    '"%s" too, once Bambara is on offer',
    (words) => {
      const person = new Person({ deps: inBambara }).writes('comprendre').writes(words);
      expect(person.state?.language).toBe('bm');
      expect(person.at).toBe('mechanism.chapters');
      expect(person.keys).toContain('bot.language_changed');
      // As long as it is not, that is said; it is nothing to look for, and no beginning of a report.
      for (const at of [reader(), new Person().writes('bonjour'), reader().picks('+out')]) {
        const before = at.at;
        at.writes(words);
        expect(at.keys).toContain('bot.language_not_here');
        expect(at.at).toBe(before);
        expect(at.state?.answers.account).toBeUndefined();
      }
    },
  );
});

describe('a reader who asks in few words', () => {
  it.each([
    ['combien ça coûte', 'mechanism.refer'],
    ['how much does it cost', 'mechanism.refer'],
    ["c'est quoi une personne qui défend des droits", 'mechanism.defender'],
  ])('"%s" is offered the chapter on it first', (words, chapter) => {
    expect(reader().writes(words).choices[0]).toBe(chapter);
  });

  it('and writes a number is offered no chapter on it, and told how to give it', () => {
    const person = walkTo(calmPerson(), 'report.contact_number', { contact_how: 'call' });
    person.writes('comprendre').writes('76 12 34 56');
    expect(person.keys).toContain('bot.room_story_report');
    expect(person.choices).toEqual(['mechanism.chapters', '+out']);
  });
});

describe('a voice note in the room, where a question for words was left', () => {
  it('is kept, and nothing is said of answers that do not stand below', () => {
    const person = walkTo(calmPerson(), 'report.contact_number', { contact_how: 'call' });
    person.writes('comprendre').sends('voice');
    expect(person.at).toBe('report.contact_number');
    expect(person.keys).toEqual(['bot.room_kept', 'report.contact_number.ask']);
    expect(JSON.stringify(person.state)).toContain('file-1');
  });
});
