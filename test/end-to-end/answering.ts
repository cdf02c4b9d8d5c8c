import type { StoredMessage } from '../fakes/telegram/chats.ts';
import type { Person } from '../fakes/telegram/person.ts';

type Way = {
  /** What is pressed where the shortest way is not wanted: part of the question, then of the button. */
  picks?: Readonly<Record<string, string>>;
  /** What is written where no options are offered. Default: only what must be told, shortly. */
  words?: string;
};

const USUAL: Readonly<Record<string, string>> = {
  'Êtes-vous en danger maintenant': 'Non, pas en ce moment',
  'Que voulez-vous faire ?': 'Signaler',
};

/** Somebody new who chose French and is asked whether there is danger. */
export async function greets(person: Person): Promise<Person> {
  await person.says('/start');
  await person.presses('Français');
  await person.seesText('Êtes-vous en danger maintenant');
  return person;
}

/** Answers whatever is asked in the shortest way until a question like this one comes; returns that. */
export async function answersUntil(person: Person, wanted: RegExp, way: Way = {}): Promise<StoredMessage> {
  for (let screens = 0; screens < 80; screens++) {
    const seen = await person.seesText(/./, { buttons: true });
    if (wanted.test(seen.text)) return seen;
    await answers(person, seen, way);
  }
  throw new Error(`never asked ${wanted}:\n${person.screen().slice(-3).join('\n')}`);
}

async function answers(person: Person, seen: StoredMessage, { picks, words }: Way): Promise<void> {
  const buttons = seen.rows.flat();
  const labelled = (label: string) => buttons.find((button) => button.text.includes(label));
  const pick = Object.entries({ ...USUAL, ...picks }).find(([asked]) => seen.text.includes(asked))?.[1];
  const hasOptions = labelled('1. ') !== undefined;
  const mustTell = /Racontez/.test(seen.text);
  if (!hasOptions && (words || mustTell)) {
    await person.says(words ?? 'On me suit depuis lundi.');
    if (labelled('Terminé')) await person.presses('Terminé');
    return;
  }
  const button = (pick && labelled(pick)) || labelled('Passer') || buttons[0];
  if (!button) throw new Error(`nothing to press under:\n${seen.text}`);
  await person.pressesData(String(button.callback_data), seen);
}
