/** Options that were chosen, by button, number or name. */
import { isCodeOf } from '../asking/codes.ts';
import { CHOOSE_INSTEAD, PAGE_NEXT, PAGE_PREVIOUS, READ_MORE } from '../asking/options.ts';
import { withPart } from '../asking/place.ts';
import { CORRECT, GO_ON, RETURN, reviewedSteps, SEND } from '../asking/review.ts';
import { canHear } from '../asking/spoken.ts';
import {
  isChoosingLanguage,
  LANGUAGE,
  languageOf,
  leaveTrail,
  placedAt,
  REVIEW,
  say,
  setAnswer,
  type Turn,
} from '../asking/turn.ts';
import type { PlacedStep } from '../flows/compile.ts';
import { DATE_CHOICES, dateOfChoice } from '../values/day.ts';
import { answerAndGoOn, takePlace } from './keeping.ts';
import { goOn, revisit } from './moving.ts';

/** Options were chosen, by button, number or name. */
export function choose(turn: Turn, ids: readonly string[]): void {
  const placed = placedAt(turn);
  const [id = ''] = ids;
  if (id === PAGE_NEXT || id === PAGE_PREVIOUS) {
    turnPage(turn, id === PAGE_NEXT ? 1 : -1);
    return;
  }
  if (id === READ_MORE) {
    turnPage(turn, 1);
    return;
  }
  switch (placed.step.ask) {
    case 'choices':
      toggle(turn, placed, ids);
      return;
    case 'date': {
      const picked = DATE_CHOICES.find((each) => each === id);
      if (picked) answerAndGoOn(turn, dateOfChoice(picked, turn.now, turn.deps.timeZone));
      return;
    }
    case 'place':
      takePlace(turn, withPart(turn, id));
      return;
    case 'review':
      review(turn, id);
      return;
    case 'account':
      if (id === CHOOSE_INSTEAD) answerAndGoOn(turn, { kind: 'skipped' });
      return;
    default:
      if (isChoosingLanguage(turn)) {
        chooseLanguage(turn, id);
        return;
      }
      if (isCodeOf(turn, placed, id)) answerAndGoOn(turn, { kind: 'choice', value: id });
  }
}

function turnPage(turn: Turn, by: number): void {
  turn.state.page = Math.max(placedAt(turn).step.ask === 'review' ? 1 : 0, turn.state.page + by);
  turn.isNewQuestion = true;
}

/** One button on or off; several numbers in one message are all meant. */
function toggle(turn: Turn, placed: PlacedStep, ids: readonly string[]): void {
  const { state } = turn;
  const codes = ids.filter((id) => isCodeOf(turn, placed, id));
  const before = state.answers[placed.id];
  const isGoingOn = state.picking === placed.id && before?.kind === 'choices';
  const chosen = isGoingOn ? before.values : [];
  const [only] = codes;
  const values =
    codes.length === 1 && only !== undefined && chosen.includes(only)
      ? chosen.filter((code) => code !== only)
      : [...new Set([...chosen, ...codes])];
  const max = placed.step.ask === 'choices' ? placed.step.max : undefined;
  if (max !== undefined && values.length >= max) {
    answerAndGoOn(turn, { kind: 'choices', values });
    return;
  }
  state.picking = placed.id;
  setAnswer(turn, placed.id, { kind: 'choices', values });
  turn.isNewQuestion = true;
}

function review(turn: Turn, id: string): void {
  turn.isNewQuestion = true;
  if (id === SEND || id === GO_ON) {
    turn.state.answers[REVIEW] = { kind: 'choice', value: id === SEND ? 'send' : 'more' };
    leaveTrail(turn, placedAt(turn).path);
    goOn(turn);
    return;
  }
  if (id === CORRECT || id === RETURN) {
    turn.state.page = id === CORRECT ? 1 : 0;
    return;
  }
  const placed = reviewedSteps(turn).find((each) => each.id === id);
  if (placed) revisit(turn, placed.path);
}

/** The language is chosen, at the question or by its name: the conversation goes on where it was. */
export function chooseLanguage(turn: Turn, language: string): void {
  const { state } = turn;
  state.language = language;
  delete state.languageBy;
  state.answers[LANGUAGE] = { kind: 'choice', value: language };
  const { resume } = state;
  delete state.resume;
  turn.isNewQuestion = true;
  if (!isChoosingLanguage(turn)) {
    say(turn, 'language_changed');
    return;
  }
  leaveTrail(turn, state.at);
  if (resume === undefined) {
    goOn(turn);
    return;
  }
  state.at = resume;
  say(turn, 'language_changed');
}

/**
 * To hear the questions too, or no more; the question is said again. Never switched on by itself, since it may play aloud; it
 * also ends when the reporter leaves, and with a silence. `language`: the one in which it was asked for, if only one has the
 * word.
 */
export function toggleHearing(turn: Turn, language: string | undefined): void {
  const { state } = turn;
  const isAsked = state.answers[LANGUAGE] === undefined;
  const meant = language ?? (isAsked ? onlySpoken(turn) : undefined);
  if (meant !== undefined && (isAsked || (state.languageBy === 'phone' && meant !== languageOf(turn))))
    chooseLanguage(turn, meant);
  if (state.hears) {
    delete state.hears;
    say(turn, 'voice_off');
  } else if (canHear(turn)) {
    state.hears = true;
    say(turn, 'voice_on');
  } else say(turn, 'voice_none');
}

/** The one language that can be heard: a person who cannot read the question for it means that one. */
function onlySpoken({ deps }: Turn): string | undefined {
  const spoken = deps.texts.languages.filter((each) => deps.isSpoken?.(each));
  return spoken.length === 1 ? spoken[0] : undefined;
}
