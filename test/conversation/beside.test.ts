/** What stands beside a file or a place, and what comes as a card: nothing of it is lost, and a cry for help is one. */
import { describe, expect, it } from 'vitest';
import type { Input } from '../../src/conversation/values/input.ts';
import { calmPerson, Person, walkTo } from './person.ts';

const photo = (caption: string, more: Partial<Extract<Input, { kind: 'file' }>> = {}): Input => ({
  kind: 'file',
  evidence: 'file-1',
  media: 'photo',
  caption,
  ...more,
});
const place = (words: string): Input => ({ kind: 'location', latitude: 12.6, longitude: -8, words });
const card: Input = { kind: 'card', what: 'contact', words: 'SOS Moussa, +223 70 00 00 00' };

const everything = (person: Person): string => JSON.stringify([person.state, person.cases]);

describe('a reporter who writes beside a photo or a place', () => {
  it.each(['SOS', 'au secours !', 'SOS ils sont devant la porte', 'Au secours ils sont là', '🆘'])(
    'that they need help (%s) has called for help, and the team has the photo',
    (words) => {
      for (const input of [photo(words), place(words)]) {
        const awa = calmPerson().does(input);
        expect(awa.at).toBe('sos.where');
        expect(awa.case).toMatchObject({ reason: 'sos', level: 'critical' });
        const kept = JSON.stringify(awa.inCase('account'));
        expect(kept).toContain(input.kind === 'file' ? 'file-1' : '12.6');
        if (/ils sont/.test(words)) expect(kept).toContain(words);
      }
    },
  );

  it('as the first thing of all has called for help too', () => {
    const awa = new Person().does(photo('sos'));
    expect(awa.case).toMatchObject({ reason: 'sos', level: 'critical' });
  });

  it('that help was called for is offered SOS, and asked on', () => {
    const binta = calmPerson().does(photo('hier ils ont crié au secours'));
    expect(binta.cases).toEqual([]);
    expect(binta.keys).toContain('bot.sos_offer');
    expect(binta.commands).toContain('sos');
  });

  it('what place that is has its name kept beside it, at whatever question', () => {
    const coumba = calmPerson().does(place('Mosquée, Kati'));
    expect(coumba.keys).toContain('bot.point_kept');
    expect(everything(coumba)).toContain('Mosquée, Kati');
    const djeneba = walkTo(new Person(), 'report.place').does(place('Mosquée, Kati'));
    expect(JSON.stringify(djeneba.state?.answers.place)).toContain('Mosquée, Kati');
  });

  it('and changes these words into a call for help has called for help', () => {
    const fanta = calmPerson().does(photo('la porte'));
    fanta.does(photo('SOS', { edited: true }));
    expect(fanta.case).toMatchObject({ reason: 'sos' });
  });

  it('of a file that is too big that they need help has called for help', () => {
    const hawa = calmPerson().does({ kind: 'text', text: 'aidez-moi ils tirent', isBeside: true });
    expect(hawa.case).toMatchObject({ reason: 'sos' });
    expect(everything(hawa)).toContain('aidez-moi ils tirent');
  });
});

describe('a reporter who sends a contact card', () => {
  it('where a number is asked has given it', () => {
    const awa = walkTo(new Person(), 'report.contact_number', { contact_how: 'call' }).does(card);
    expect(awa.state?.answers.contact_number).toMatchObject({
      kind: 'text',
      text: 'SOS Moussa, +223 70 00 00 00',
    });
  });

  it.each(['report.consent', 'report.group', 'report.course', 'report.happened', 'report.place'])(
    'at %s is asked on; the card is kept, is no command, and other people’s names are spoken of',
    (path) => {
      const binta = walkTo(new Person(), path).does(card);
      expect(binta.at).toBe(path);
      expect(binta.keys).toContain('bot.card_kept');
      expect(binta.cases).toEqual([]);
      expect(JSON.stringify(binta.state?.answers.account)).toContain('SOS Moussa, +223');
    },
  );

  it('in the middle of their account has it in the account', () => {
    const coumba = walkTo(new Person(), 'report.account').does(card);
    expect(JSON.stringify(coumba.state?.answers.account)).toContain('Moussa');
    expect(coumba.keys).toEqual(['bot.account_text_kept']);
  });

  it('or a place after an officer asked something has answered the officer', () => {
    for (const input of [card, place('Kati')]) {
      const djeneba = new Person().writes('SOS').isAsked().does(input);
      expect(djeneba.keys).toContain('bot.reply_passed_on');
      expect(djeneba.inCase('reply_to_officer')).toHaveLength(1);
    }
  });

  it('once more and once more has tried once to answer', () => {
    const emma = calmPerson().does(card).does(card, 500).does(card, 500);
    expect(emma.at).toBe('report.consent');
    expect(emma.state?.misses).toBe(1);
  });
});

describe('a message that is changed afterwards', () => {
  it('is no answer to the question that stands now, and what it says is kept', () => {
    const awa = walkTo(calmPerson(), 'report.who').does({ kind: 'text', text: '3', edited: true });
    expect(awa.keys).toContain('bot.edit_kept');
    expect(awa.at).toBe('report.who');
    expect(awa.state?.answers.who).toBeUndefined();
    expect(JSON.stringify(awa.state?.answers.account)).toContain('"3"');
  });

  it('beside a file is none either', () => {
    const binta = walkTo(calmPerson(), 'report.contact_number', { contact_how: 'call' });
    binta.does({ kind: 'file', evidence: 'f1', media: 'photo', caption: 'la porte', edited: true });
    expect(binta.keys).toContain('bot.edit_kept');
    expect(binta.at).toBe('report.contact_number');
    expect(binta.state?.answers.contact_number).toBeUndefined();
    expect(JSON.stringify(binta.state?.answers.account)).toContain('la porte');
  });
});
