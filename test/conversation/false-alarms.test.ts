/** What sounds like danger and is none wakes no one; what may be danger still does. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tellsGraveDanger } from '../../src/conversation/words/grave.ts';
import { hasDangerSign } from '../../src/conversation/words/heard.ts';
import { calmPerson, inBambara, type Person, texts, walkTo } from './person.ts';

const told = (account: string) => walkTo(calmPerson(), 'report.account').writes(account);

describe('a reporter who speaks of the mine where gold is dug', () => {
  it.each([
    'les orpailleurs sont partis à la mine ce matin',
    'la mine est fermée depuis ce matin, le maire refuse de nous recevoir',
    'on travaille à la mine, maintenant on nous demande des papiers',
    'aujourdhui la mine pollue leau du village',
    'ma mine dor ils ont fermé ce matin',
    'les travailleurs de la mine sont en grève depuis 2h',
  ])('"%s": no one is called, and SOS is not offered', (account) => {
    const awa = told(account);
    expect(awa.case).toBeUndefined();
    expect(tellsGraveDanger(texts, account)).toBe(false);
    expect(hasDangerSign(texts, account)).toBe(false);
  });

  it.each([
    'une mine a explosé ce matin mon frère est blessé',
    'ils ont enlevé deux jeunes à la mine ce matin',
    'u ye n balimakɛ minɛ ce matin',
    'u ye n balimake mine bi',
    'u ye n ce mine sisan',
  ])('"%s" is still heard as danger', (account) => {
    const heard = (of: typeof texts) => tellsGraveDanger(of, account) || hasDangerSign(of, account);
    expect(heard(texts) || heard(inBambara.texts)).toBe(true);
  });
});

describe('a reporter who told that they are followed', () => {
  const followed = () => told('on me suit depuis lundi').presses('done');

  it.each(['ici mais pas maintenant', 'ici ce soir', 'le soir maintenant', 'pas maintenant', 'pas ce matin'])(
    'and says when to reach them ("%s") has not said that it is now',
    (words) => {
      const awa = followed().writes(words);
      expect(awa.case).toBeUndefined();
      expect(JSON.stringify(awa.state)).toContain('suit');
    },
  );

  it.each([
    'on me suit maintenant, ils sont devant la porte',
    'ils sont devant la porte maintenant aidez moi',
  ])('and says there that it is now ("%s") is heard at once', (words) => {
    expect(followed().writes(words).case).toBeDefined();
  });

  it('and says so in the account in two messages is heard as in one', () => {
    expect(told('on me suit').writes('c’est maintenant').case).toBeDefined();
    expect(told('on me suit mais pas maintenant').case).toBeUndefined();
  });
});

const { hours } = parse(readFileSync('test/conversation/understanding/calm.yaml', 'utf8')) as {
  hours: string[];
};
const isOffered = (person: Person): boolean =>
  person.keys.includes('bot.sos_offer') || person.case !== undefined;

describe('a reporter who says when they can be reached', () => {
  it.each(['report.contact_how', 'report.contact_hours'])(
    'in fifty calm sentences at %s is never offered SOS for it, and the report is no graver by it',
    (path) => {
      expect(hours).toHaveLength(50);
      const offered = hours.filter((words) => {
        const person = walkTo(calmPerson(), path, { contact_how: 'call' }).writes(words);
        return isOffered(person) || person.state?.rules.some((rule) => rule === 'H9');
      });
      expect(offered).toEqual([]);
    },
  );

  it('and is in danger while they are asked is still offered it', () => {
    for (const words of ['ils sont devant la porte', 'il a un fusil', 'on me poursuit', 'il veut me tuer'])
      expect(isOffered(walkTo(calmPerson(), 'report.contact_how').writes(words)), words).toBe(true);
  });
});
