/** Whether words ask for information, and tell nothing beside it. */
import { plain } from '../reading/normalise.ts';
import { holdsSos } from './cry.ts';
import { tellsGraveDanger } from './grave.ts';
import { hasDangerSign, saysOf } from './heard.ts';
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
