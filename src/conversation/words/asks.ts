/** Whether words ask for information, and tell nothing beside it; and what is asked of us that one line answers. */
import { plain } from '../reading/normalise.ts';
import type { HeardWord } from './bot-keys.ts';
import { holdsSos } from './cry.ts';
import { tellsGraveDanger } from './grave.ts';
import { asksFor, hasDangerSign, saysOf } from './heard.ts';
import type { Texts } from './texts.ts';

/** Longer texts tell something, whatever they ask besides. */
const MOST_WORDS = 16;

/**
 * They begin as a question does, have the words of one in them, or end with its mark; nothing in them tells what happened, of
 * danger, or cries for help: "who can help me" does not.
 */
export function isQuestion(texts: Texts, text: string): boolean {
  const said = begunWithout(texts, plain(text), 'greeting');
  if (said === '' || said.split(' ').length > MOST_WORDS) return false;
  if (hasDangerSign(texts, text) || tellsGraveDanger(texts, text) || saysOf(texts, said, 'tells'))
    return false;
  const rest = begunWithout(texts, said, 'asks_first');
  if (holdsSos(texts, rest)) return false;
  return rest !== said || /[?؟]\s*$/u.test(text) || saysOf(texts, said, 'asks_within');
}

/** Whether anything is asked: a mark, or the words of a question: "est-ce que c'est fini". */
export function isAsked(texts: Texts, text: string): boolean {
  if (/[?؟]/u.test(text)) return true;
  const said = begunWithout(texts, plain(text), 'greeting');
  return begunWithout(texts, said, 'asks_first') !== said || saysOf(texts, said, 'asks_within');
}

/** The words behind the longest phrase of these that they begin with. */
function begunWithout(texts: Texts, said: string, what: 'greeting' | 'asks_first'): string {
  const phrases = texts.languages.flatMap((language) => texts.heard(language).get(what) ?? []);
  const begun = phrases.filter(
    (phrase) => said.startsWith(phrase) && [' ', ''].includes(said.charAt(phrase.length)),
  );
  const longest = Math.max(0, ...begun.map((phrase) => phrase.length));
  return said.slice(longest).trimStart();
}

/** In this order: the price of the card is one of both, and "a person or a robot" is no wish for a person. */
const OF_US = {
  robot: 'asks_robot',
  police: 'asks_police',
  state: 'asks_state',
  card: 'asks_card',
  price: 'asks_price',
  reader: 'asks_reader',
  elsewhere: 'asks_elsewhere',
  when: 'asks_when',
  cndh: 'asks_cndh',
  who: 'asks_who',
} as const satisfies Record<string, HeardWord>;
export type AskedOfUs = keyof typeof OF_US;

/** Longer messages ask about something else, or tell. */
const MOST_OF_US = 9;
/** Without a question mark it shows in so many first words. */
const BEGINS = 5;

/**
 * What of us a short question asks: "vs ete la polis ?", "c'est payant ?". "C'est la police", with no mark and no word to us, is
 * none: it may answer who did it.
 */
export function askedOfUs(texts: Texts, text: string): AskedOfUs | undefined {
  const said = plain(text);
  if (said === '' || said.split(' ').length > MOST_OF_US) return undefined;
  if (hasDangerSign(texts, text) || holdsSos(texts, text) || saysOf(texts, said, 'tells')) return undefined;
  const kinds = Object.entries(OF_US) as [AskedOfUs, HeardWord][];
  const [kind] = kinds.find(([, what]) => asksFor(texts, said, what)) ?? [];
  const begun = said.split(' ', BEGINS).join(' ');
  // Help elsewhere is asked for in so many words.
  const isAsked = kind === 'elsewhere' || /[?؟]\s*$/u.test(text) || asksFor(texts, begun, 'asks_us');
  return isAsked ? kind : undefined;
}
