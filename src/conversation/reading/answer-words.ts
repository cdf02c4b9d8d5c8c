/** Small words around what people answer. They stand in `locales/<language>/small_words.yaml`. */
import { type SmallWords, type SmallWordsByLanguage, setOf } from './small-words.ts';

export type AnswerWords = {
  /** Before what is meant: "pour moi", "par un appel". */
  before: ReadonlySet<string>;
  /** Whether an answer, or a label, says no. `words`: plain. */
  saysNo(words: string): boolean;
  /** What may follow a "not in danger" and undo it. */
  undoing: ReadonlySet<string>;
  /** Whether they begin with "I" or "me" and go on. `words`: plain. */
  beginsWithSelf(words: string): boolean;
  /** Beside "I" these speak of another person as well. */
  ofOthers: ReadonlySet<string>;
};

export function answerWords(all: SmallWordsByLanguage): AnswerWords {
  const set = (of: (answers: SmallWords['answers']) => readonly string[]) =>
    setOf(all, ({ answers }) => of(answers));
  const negation = [...set(({ negation }) => negation)].map((word) => ` ${word} `);
  const self = [...set(({ self }) => self)].map((word) => `${word} `);
  return {
    before: set(({ before }) => before),
    saysNo: (words) => negation.some((word) => ` ${words} `.includes(word)),
    undoing: set(({ undoing }) => undoing),
    beginsWithSelf: (words) => self.some((word) => words.startsWith(word)),
    ofOthers: set(({ of_others }) => of_others),
  };
}
