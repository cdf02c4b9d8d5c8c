/** What more is said about a question that has an answer: the answer grows, and nothing of it is replaced unseen. */

import type { Step } from '../flows/flow.ts';
import { readDate } from '../reading/dates.ts';
import type { Answer, Part } from '../values/answer.ts';
import { finished } from './place.ts';
import type { Turn } from './turn.ts';

/** The answer with more in it; `aside`: what cannot be part of such an answer, and is for the account. */
export type Grown = { answer: Answer; aside?: Part[] };

/** Undefined: such an answer does not grow by words or files. */
export function grown(turn: Turn, before: Answer | undefined, more: readonly Part[]): Grown | undefined {
  const words = textOf(more);
  const files = more.filter(({ kind }) => kind !== 'text');
  const aside = files.length > 0 ? { aside: files } : {};
  switch (before?.kind) {
    case 'text':
      return {
        answer:
          files.length > 0 ? asAccount(before.text, more) : { ...before, text: joined(before.text, words) },
      };
    case 'account':
      return { answer: { ...before, parts: [...before.parts, ...more] } };
    case 'code':
      return { answer: { ...before, text: [before.text, words].filter(Boolean).join(' ') }, ...aside };
    case 'date':
      return { answer: withWords(turn, before, words), ...aside };
    case 'place':
      return {
        answer: finished({
          ...before,
          ...(words ? { words: joined(before.words ?? '', words) } : {}),
          ...(files.length > 0 ? { parts: [...(before.parts ?? []), ...files] } : {}),
        }),
      };
    default:
      return undefined;
  }
}

/** A first answer in words or files. */
export function fresh(turn: Turn, ask: Step['ask'], parts: readonly Part[]): Grown {
  if (parts.some(({ kind }) => kind !== 'text'))
    return { answer: { kind: 'account', parts: [...parts], done: true } };
  const words = textOf(parts);
  switch (ask) {
    case 'date': {
      const read = readDate(turn.deps.texts.reading.dates, words, turn.now, turn.deps.timeZone);
      return { answer: read ?? { kind: 'date', precision: 'unknown', words } };
    }
    case 'place':
      return { answer: { kind: 'place', words, done: true } };
    case 'code':
      return { answer: { kind: 'code', text: words } };
    default:
      return { answer: { kind: 'text', text: words } };
  }
}

/** "lundi" and then "il y a une semaine": both are read together, and if that is no day the first one stands. */
function withWords(turn: Turn, date: Extract<Answer, { kind: 'date' }>, words: string): Answer {
  if (words === '') return date;
  const all = joined(date.words ?? '', words);
  const { texts, timeZone } = turn.deps;
  const dayIn = (said: string) => readDate(texts.reading.dates, said, turn.now, timeZone);
  const read = dayIn(all) ?? dayIn(words);
  return { ...(date.precision === 'unknown' && read ? read : date), words: all };
}

function asAccount(text: string, more: readonly Part[]): Answer {
  return { kind: 'account', parts: [{ kind: 'text', text }, ...more], done: true };
}

const textOf = (parts: readonly Part[]): string =>
  parts
    .map((part) => (part.kind === 'text' ? part.text : ''))
    .filter(Boolean)
    .join('\n');

const joined = (one: string, other: string): string => [one, other].filter(Boolean).join('\n');
