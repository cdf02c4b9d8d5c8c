/**
 * Words that must never reach a person at risk: asking for reasons, making little of it, promising what nobody can keep,
 * speaking as "I", pictures on hard screens. Which words these are is said by each language, in its `wording.yaml`; a
 * net, not a judge: people read the texts too.
 */
import { remembered } from '../../kernel/remembered.ts';
import type { FlowValues } from '../flows/compile.ts';
import type { TextFiles } from '../words/texts.ts';
import type { FlatTexts } from './check-plurals.ts';
import { flatten } from './check-texts.ts';
import type { Problem } from './problem.ts';
import { fileOfKey } from './problem.ts';
import { WORDING_RULES, type WordingRule } from './wording-rules.ts';

const PICTURE = /\p{Extended_Pictographic}/u;
/** Said between these, words are not the service's own: an answer to give, a button, a message to come. */
const QUOTES: Readonly<Record<string, string>> = { '«': '»', '“': '”', '"': '"' };
/** Buttons and answers: a reporter speaks in them, not the service. */
const SAID_BY_REPORTERS = [
  /\.options\./,
  /^lists\./,
  /^bot\.(review_|date_|page_|place_not_said)/,
  /^[a-z_]+\.[a-z_]+\.(short|officer)$/,
];
const isSaidByReporters = (key: string): boolean => SAID_BY_REPORTERS.some((each) => each.test(key));
/** By which chapters are looked for: nobody reads them. */
const LOOKED_FOR = /\.(words|small_words|asking_words)$/;
const SAID_BY_OFFICERS = /^officer\.(button|words)\./;

/** Looks through every text that a reporter may be shown, and for how they are spoken to also through officers' texts. */
export function checkWording(flows: FlowValues, files: TextFiles): Problem[] {
  const ofReporters = new Set([
    ...['bot', 'facts', 'lists', 'status', 'service', 'voice'],
    ...flows.flows.keys(),
  ]);
  return Object.keys(files).flatMap((language) => {
    const texts = flatten(files[language]);
    const known = checkedBy(flows)(texts);
    const problems = known.get(language) ?? checkLanguage(language, texts, ofReporters);
    known.set(language, problems);
    return problems;
  });
}

/** By the flows, the texts, and whose they are: while one language is worked on, the others stay as they are. */
const checkedBy = remembered((_flows: FlowValues) =>
  remembered((_texts: FlatTexts) => new Map<string, readonly Problem[]>()),
);

function checkLanguage(language: string, texts: FlatTexts, ofReporters: ReadonlySet<string>): Problem[] {
  const rules = Object.entries(WORDING_RULES).map(([name, rule]) => ({
    ...rule,
    words: wordsOf(texts, name),
  }));
  const allowed = wordsOf(texts, 'allowed');
  return [...texts].flatMap(([key, text]): Problem[] => {
    const file = key.split('.')[0] ?? '';
    const isForOfficers = file === 'officer';
    if ((!ofReporters.has(file) && !isForOfficers) || LOOKED_FOR.test(key)) return [];
    const place = { file: fileOfKey(language, key), key };
    const ours = compared(withoutQuoted(String(text)), allowed);
    const whole = compared(String(text), allowed);
    const broken = rules.filter(
      (rule) => concerns(rule, key, isForOfficers) && has(rule.of === 'our voice' ? ours : whole, rule.words),
    );
    return [
      ...broken.map(({ problem, mend }) => ({ ...place, problem, mend })),
      ...(isForOfficers ? [] : [...pictures(String(text)), ...long(String(text), key, texts)]).map(
        (each) => ({
          ...place,
          ...each,
        }),
      ),
    ];
  });
}

/** The words of a rule, as they are compared. */
function wordsOf(texts: FlatTexts, name: string): string[] {
  const words = texts.get(`wording.${name}`) ?? [];
  return (typeof words === 'string' ? [words] : words).map(plain).filter((word) => word !== '');
}

function concerns({ of }: WordingRule, key: string, isForOfficers: boolean): boolean {
  if (of === 'texts') return !isForOfficers;
  return !isSaidByReporters(key) && !SAID_BY_OFFICERS.test(key);
}

/** Lower case, no punctuation, nothing that is filled in; accents stay: "menace" is not "menacé". */
function plain(text: string): string {
  const words = text
    .replace(/\{\{[^{}]*\}\}/g, ' ')
    .normalize('NFC')
    .toLowerCase();
  return words.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/** What is said, as it is compared with the words of a rule, without what is allowed. */
function compared(text: string, allowed: readonly string[]): string {
  return allowed.reduce((left, each) => left.replaceAll(` ${each} `, ' – '), ` ${plain(text)} `);
}

const has = (said: string, words: readonly string[]): boolean =>
  words.some((word) => said.includes(` ${word} `));

type What = Pick<Problem, 'problem' | 'mend'>;

function pictures(text: string): What[] {
  return PICTURE.test(text)
    ? [{ problem: 'holds an emoji', mend: 'take it out: these are hard screens' }]
    : [];
}

function long(text: string, key: string, texts: FlatTexts): What[] {
  const most = Number(texts.get('wording.longest_sentence') ?? Number.POSITIVE_INFINITY);
  const sentences = text.split(/[.!?:;…](?:\s|$)|\n/u);
  const longest = Math.max(...sentences.map((each) => each.split(/\s+/).filter(Boolean).length));
  if (longest <= most || isSaidByReporters(key)) return [];
  return [{ problem: `has a sentence of ${longest} words, more than ${most}`, mend: 'make two of it' }];
}

/** A quotation that is not ended is none. */
function withoutQuoted(text: string): string {
  let rest = '';
  for (let at = 0; at < text.length; at++) {
    const end = QUOTES[text.charAt(at)];
    const close = end === undefined ? -1 : text.indexOf(end, at + 1);
    rest += close < 0 ? text.charAt(at) : ' – ';
    if (close >= 0) at = close;
  }
  return rest;
}
