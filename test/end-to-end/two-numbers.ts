/** Stories in which a number is cut off and the one that stands by takes over. */
import type { WhatsApp } from './messengers/whatsapp.ts';
import { referenceIn, type World } from './world.ts';

export type Someone = ReturnType<WhatsApp['person']>;

/** What a person who may be written to is told. */
export const WORDS = /Vos deux mots : « (.+) »/;
export const wordsIn = (text: string): string => WORDS.exec(text)?.[1] ?? 'none';

/** What the other number says to them, once. */
export const lineWith = (words: string): string =>
  `Ce numéro remplace l'ancien, qui ne marche plus. Vos deux mots : « ${words} ».\nSi ce ne sont pas les vôtres, ne répondez pas.`;

export const twoNumbers = (world: () => World<WhatsApp>) => ({
  /** An SOS, and what they answer to "may we write to you here?"; empty: nothing. */
  async cries(name: string, answer: string): Promise<{ person: Someone; reference: string }> {
    const person = world().person(name);
    await person.says('SOS');
    const reference = referenceIn((await person.seesText('Nous avons reçu votre SOS')).text);
    await person.says('Kati, derrière le marché');
    await person.seesText('écrire ici sans danger', { choices: true });
    if (answer !== '') await person.chooses(answer);
    return { person, reference };
  },
  /** What the second number said to them. */
  bySecond({ phone }: Someone): string[] {
    const { number } = world().messenger.fake.other.account;
    return phone
      .shown()
      .filter(({ by }) => by === number)
      .map(({ text }) => text);
  },
});
