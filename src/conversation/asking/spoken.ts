/**
 * What is said, to be heard: which recordings, in which order. Made of the same lines and options of which the text is made.
 *
 * Invariants: what stands in a text of a person's own (a reference, a time, their answers) is not spoken; a question is heard
 * whole, with every option and its number, or not at all.
 */

import { DONE_NAME, numberName } from '../flows/voice-keys.ts';
import type { Choice, Line, SpokenPiece } from '../values/effect.ts';
import { isChoosingLanguage, languageOf, pieceOf, placedAt, type Turn, type View } from './turn.ts';

type Heard = {
  /** Said before the question: heard where there is a recording. */
  before: readonly Line[];
  /** The question. */
  asking?: readonly Line[];
  choices?: readonly Choice[];
  /** The answer has as many parts as they want: how to end it is said too. */
  isOpen?: boolean;
};

/** What is heard by a reporter who chose it; what nobody has just asked for is never played. */
export function heard(turn: Pick<Turn, keyof View | 'isUnasked'>, what: Heard): { spoken?: SpokenPiece[] } {
  return turn.state.hears && !turn.isUnasked ? { spoken: spokenOf(turn, what) } : {};
}

function spokenOf(view: View, { before, asking = [], choices = [], isOpen = false }: Heard): SpokenPiece[] {
  const language = languageOf(view);
  const own = (key: string, isNeeded: boolean): SpokenPiece => ({ piece: pieceOf(language, key), isNeeded });
  return [
    ...before.map(({ key }) => own(key, false)),
    ...asking.map(({ key, params }) => own(key, !params && isWhole(view, key))),
    ...choices.flatMap(({ id, piece }, index): SpokenPiece[] =>
      isForEars(view, id)
        ? [{ piece: piece ?? '', isNeeded: true }, own(`voice.${numberName(index + 1)}`, true)]
        : [],
    ),
    ...(isOpen ? [own(`voice.${DONE_NAME}`, true)] : []),
  ];
}

/** Whether nothing is filled in: what is, no recording can say. */
const isWhole = (view: View, key: string): boolean => {
  const { texts } = view.deps;
  const written = texts.template(languageOf(view), key);
  return written !== undefined && !written.includes('{{');
};

/** Whether the answer has parts already, and is ended by "done". */
export function isOpenQuestion(view: View): boolean {
  const { id, step } = placedAt(view);
  const answer = view.state.answers[id];
  if (step.ask === 'choices') return view.state.picking === id;
  const isAccount = step.ask === 'account' || step.ask === 'evidence';
  return isAccount && answer?.kind === 'account' && answer.parts.length > 0;
}

/** Whether the language of this conversation can be heard up to where a report is sent. */
export const canHear = (view: View): boolean => view.deps.isSpoken?.(languageOf(view)) ?? false;

/** Signs that ask to hear the questions, whole messages of them. */
export const isLoudspeaker = (text: string): boolean => /^[\s🔈🔉🔊👂🎧]+$/u.test(text) && /\S/.test(text);

/** A thumb, or a nought, of one who listens and may not read the word on the button: "that is all". */
export const saysAll = (view: View, text: string): boolean =>
  view.state.hears === true && isOpenQuestion(view) && /^(?:👍|👌|✅|0)$/u.test(text);

/** Among languages those are named aloud that can be heard; what is said otherwise is named whole. */
const isForEars = (view: View, id: string): boolean =>
  !isChoosingLanguage(view) || view.deps.isSpoken?.(id) === true;
