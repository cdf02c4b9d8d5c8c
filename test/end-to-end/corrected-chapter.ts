/** A sentence that is corrected in the stories about texts, and a person who reads the chapter in which it stands. */
import type { Person } from './messengers/messenger.ts';

/** The key of the sentence is `mechanism.defender.examples`. */
export const EXAMPLES = 'Par exemple : journaliste, avocate, mère qui cherche son enfant.';

/** Reads the chapter; returns all that they have read. */
export async function reads(person: Person): Promise<string> {
  await person.says('comprendre');
  await person.seesText('Choisissez un chapitre');
  await person.chooses('Qui défend');
  await person.seesText('Son titre ne compte pas');
  return person.screen().join('\n');
}
