import type { Person, Seen } from './messengers/messenger.ts';

type Way = {
  /** What is chosen where the shortest way is not wanted: part of the question, then of the option. */
  picks?: Readonly<Record<string, string>>;
  /** What is written where no options are offered. Default: only what must be told, shortly. */
  words?: string;
};

const USUAL: Readonly<Record<string, string>> = {
  'Êtes-vous en danger maintenant': 'Non, pas en ce moment',
  'Que voulez-vous faire ?': 'Signaler',
  'Comment pouvons-nous vous aider ?': 'Signaler',
  // A story that looks for another question goes on after the read-back.
  'Voici ce que vous avez dit': 'Encore',
  'Acceptez-vous': 'Oui',
};

/** What is said to words of an account: it asks nothing new. */
const KEPT = "C'est noté. Vous pouvez continuer.";
const ASKING = /^(?!C'est noté\. Vous pouvez|Reçu\. Vous pouvez)/;

/** A new reporter who writes French and is asked whether there is danger. */
export async function greets<P extends Person>(person: P): Promise<P> {
  await person.says('Bonjour');
  await person.seesText('Êtes-vous en danger maintenant');
  return person;
}

/** Answers whatever is asked in the shortest way until a question like this one comes; returns that. */
export async function answersUntil(person: Person, wanted: RegExp, way: Way = {}): Promise<Seen> {
  for (let screens = 0; screens < 80; screens++) {
    const seen = await person.seesText(ASKING, { choices: true });
    if (wanted.test(seen.text)) return seen;
    await answers(person, seen, way);
  }
  throw new Error(`never asked ${wanted}:\n${person.screen().slice(-3).join('\n')}`);
}

async function answers(person: Person, seen: Seen, { picks, words }: Way): Promise<void> {
  const reading = (label: string) => seen.choices.find((choice) => choice.includes(label));
  const pick = Object.entries({ ...USUAL, ...picks }).find(([asked]) => seen.text.includes(asked))?.[1];
  const hasOptions = reading('1. ') !== undefined;
  const mustTell = /Racontez/.test(seen.text);
  if (mustTell || (!hasOptions && words)) {
    await person.says(words ?? 'On me suit depuis lundi.');
    if (!reading('Terminé')) return;
    // Pressed before it is acknowledged, the acknowledgement may come behind the next question on a busy machine.
    await person.seesText(KEPT);
    await person.chooses('Terminé');
    return;
  }
  const choice = (pick && reading(pick)) || reading('Passer') || seen.choices[0];
  if (!choice) throw new Error(`nothing to choose under:\n${seen.text}`);
  await person.chooses(choice, { in: seen });
}
