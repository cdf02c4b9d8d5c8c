/**
 * Whether an account sounds like the grave ones of `flows/understanding/grave.yaml`, or like the calm ones: what lists of
 * phrases (`grave.ts`) do not know. A weight for each word, pair of words and piece of a word, learned from these accounts when
 * it is first asked for; `docs/decisions/grave-by-examples.md` has the figures.
 *
 * Invariants: the same accounts give the same weights on every machine; it only ever adds to what the lists hear; work is linear
 * in the text.
 */
import { plain } from './normalise.ts';

export type Examples = { grave: readonly string[]; calm: readonly string[] };

/** Weights; what falls on the same one shares it. */
const SIZE = 2 ** 15;
/** Characters of a piece of a word. */
const PIECE = 4;
const ROUNDS = 40;
const STEP = 0.5;
const SLOWER = 0.1;
/** So much of a weight is forgotten each time: what one account says alone tells little. */
const FORGET = 0.002;
/** From here on it is grave. Of calm accounts that nobody had looked at, one in six lay above it. */
const GRAVE = 0.8;
/** One sentence may be all that is grave: each is looked at alone, and of a long one so many words, each part half over the one before. */
const PART = 20;
/** Fewer words in a sentence of several tell too little. */
const FEW = 5;
/** Of fewer words that stand in any of the accounts nothing is known. */
const LEAST = 4;
/** A step that meets each account once before any twice, in no order; prime, and no divisor of a number of accounts. */
const STRIDE = 7_919;

/** Tells whether an account sounds grave. The learning, some hundredths of a second, waits for the first one. */
export function soundsGrave(examples: Examples): (text: string) => boolean {
  let learned: { weigh: (marks: readonly number[]) => number; known: ReadonlySet<string> } | undefined;
  return (text) => {
    learned ??= { weigh: learn(examples), known: wordsIn(examples) };
    const { weigh, known } = learned;
    const isTold = (words: readonly string[]) => words.filter((word) => known.has(word)).length >= LEAST;
    return sentencesOf(text)
      .flatMap(partsOf)
      .some((words) => isTold(words) && weigh(marksOf(words)) >= GRAVE);
  };
}

const wordsIn = ({ grave, calm }: Examples): ReadonlySet<string> =>
  new Set([...grave, ...calm].flatMap((each) => plain(each).split(' ')));

function learn({ grave, calm }: Examples): (marks: readonly number[]) => number {
  const known = [
    ...grave.map((text) => ({ marks: marksOf(plain(text).split(' ')), is: 1 })),
    ...calm.map((text) => ({ marks: marksOf(plain(text).split(' ')), is: 0 })),
  ];
  const weights = new Float64Array(SIZE);
  let bias = 0;
  const weigh = (marks: readonly number[]): number =>
    marks.reduce((sum, mark) => sum + (weights[mark] ?? 0), 0) / Math.sqrt(marks.length) + bias;
  for (let round = 0; round < ROUNDS; round++) {
    const step = STEP / (1 + round * SLOWER);
    for (let n = 0; n < known.length; n++) {
      const example = known[(n * STRIDE) % known.length];
      if (!example) continue;
      const { marks, is } = example;
      const off = is - 1 / (1 + Math.exp(-weigh(marks)));
      bias += step * 0.1 * off;
      for (const mark of marks)
        weights[mark] = (weights[mark] ?? 0) * (1 - step * FORGET) + (step * off) / Math.sqrt(marks.length);
    }
  }
  return weigh;
}

function sentencesOf(text: string): string[][] {
  const all = text.split(/[.!?…;\n]/).map((sentence) => plain(sentence).split(' '));
  const told = all.filter((words) => words.length >= FEW);
  return told.length > 0 ? told : [plain(text).split(' ')];
}

function partsOf(words: readonly string[]): string[][] {
  const halves: string[][] = [];
  words.forEach((word, at) => {
    if (at % (PART / 2) === 0) halves.push([]);
    halves.at(-1)?.push(word);
  });
  return halves.flatMap((half, n) =>
    n === 0 || n < halves.length - 1 ? [[...half, ...(halves[n + 1] ?? [])]] : [],
  );
}

/** Each word, each with the one before it, and its pieces. */
function marksOf(words: readonly string[]): number[] {
  const marks = new Set<number>();
  words.forEach((word, at) => {
    marks.add(markOf(`w${word}`));
    if (at > 0) marks.add(markOf(`b${words[at - 1]} ${word}`));
    const whole = ` ${word.slice(0, LONGEST)} `;
    for (let from = 0; from + PIECE <= whole.length; from++)
      marks.add(markOf(`c${whole.slice(from, from + PIECE)}`));
  });
  return [...marks];
}
/** Longer ones are no words. */
const LONGEST = 60;

/** FNV-1a. */
function markOf(text: string): number {
  let hash = 2_166_136_261;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  return (hash >>> 0) % SIZE;
}
