import { describe, expect, it } from 'vitest';
import { loadFlows } from '../../src/app/ground/load-flows.ts';
import { soundsGrave } from '../../src/conversation/reading/learned.ts';
import { tellsGraveDanger } from '../../src/conversation/words/grave.ts';
import { calmPerson, conversation, Person, texts, walkTo } from './person.ts';

/** In no list of phrases, and like accounts that are known. */
const LIKE_GRAVE = "ils m'ont enfermée au camp militaire, j'écris avec le téléphone d'un garde";
const CALM = 'le maire refuse de nous donner le récépissé de notre association';
const sounds = conversation.flows.soundsGrave ?? (() => false);

const sends = (account: string): Person => {
  const person = walkTo(calmPerson(), 'report.account').writes(account).presses('done');
  return walkTo(person, 'report.review').picks('+send');
};

describe('an account that sounds like grave ones', () => {
  it('is looked at before others, and no one is called by a guess', () => {
    expect(tellsGraveDanger(texts, LIKE_GRAVE)).toBe(false);
    expect(sends(LIKE_GRAVE).did('open_case')).toMatchObject([
      { reason: 'submitted', triage: { level: 'high', rules: expect.arrayContaining(['H9']) } },
    ]);
    expect(sends(CALM).did('open_case')).toMatchObject([{ triage: { level: 'medium', rules: ['M2'] } }]);
  });

  it('is offered SOS when it is told, also as the first message; that it goes unanswered calls no one', () => {
    const person = walkTo(calmPerson(), 'report.account').writes(LIKE_GRAVE);
    expect(person.keys[0]).toBe('bot.sos_offer');
    expect(person.commands[0]).toBe('sos');
    const first = new Person({ hint: 'fr' }).writes(LIKE_GRAVE);
    expect(first.keys[0]).toBe('bot.sos_offer');
    expect(first.at).toBe('report.danger');
    expect(first.state?.due?.what).toBe('silence_over');
    expect(walkTo(calmPerson(), 'report.account').writes(CALM).keys).not.toContain('bot.sos_offer');
  });

  it('is heard by the flows that a service loads', async () => {
    const loaded = await loadFlows({ flows: 'flows', locales: 'locales' }, { defaultLanguage: 'fr' });
    expect(loaded.flows.soundsGrave?.(LIKE_GRAVE)).toBe(true);
    expect(loaded.flows.soundsGrave?.(CALM)).toBe(false);
  });

  it('is heard in the middle of a long one', () => {
    const calm = `${CALM}. Nous avons attendu la réponse et rempli les papiers. `;
    expect(sounds(calm.repeat(6))).toBe(false);
    expect(sounds(`${calm.repeat(3)}${LIKE_GRAVE}. ${calm.repeat(3)}`)).toBe(true);
  });

  it('is more than a word or two', () => {
    for (const word of ['suivi', 'arrêté', 'la police', 'mon mari', 'on me suit'])
      expect(sounds(word), word).toBe(false);
  });

  it('is no question, and none to whom people are on their way is offered SOS by it again', () => {
    const asking = walkTo(calmPerson(), 'report.contact_how').writes(
      "qui peut m'aider si on m'enferme au camp ?",
    );
    expect(asking.keys).not.toContain('bot.sos_offer');
    const alarmed = walkTo(new Person({ hint: 'fr' }).writes('SOS'), 'report.account').writes(LIKE_GRAVE);
    expect(alarmed.keys).not.toContain('bot.sos_offer');
  });
});

describe('what is learned from accounts', () => {
  const grave = ['ils ont pris mon mari', 'ils ont pris ma fille', 'on a pris mon fils'];
  const calm = ['je veux une carte', 'je veux un rendez-vous', 'comment avoir une carte'];

  it('is the same each time, and new words are like those they share pieces with', () => {
    const told = ['ils ont pris mon frère', 'je veux une attestation', '', '🙂', 'x'.repeat(500)];
    const one = told.map(soundsGrave({ grave, calm }));
    expect(told.map(soundsGrave({ grave, calm }))).toEqual(one);
    expect(one.slice(0, 2)).toEqual([true, false]);
  });

  it('takes ten times as long for a text ten times as long, and no more', () => {
    const time = (text: string) => {
      const before = process.cpuUsage().user;
      for (let n = 0; n < 5; n++) sounds(text);
      return process.cpuUsage().user - before;
    };
    const text = 'le préfet a dit que la réunion est reportée à lundi prochain encore une fois ';
    sounds(text);
    time(text.repeat(60));
    expect(time(text.repeat(600))).toBeLessThan(40 * Math.max(time(text.repeat(60)), 2_000));
  });
});
