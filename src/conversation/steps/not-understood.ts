/**
 * What came was not understood as an answer.
 *
 * Invariants: nobody is kept at a question for ever, and no answer is put into anybody's mouth: it stays unsaid, with what came.
 * No understood answer to the danger question counts as "we do not know", which is at least urgent.
 */
import { UNCLEAR } from '../asking/case-work.ts';
import { DANGER, HOME, isChoosingLanguage, LANGUAGE, placedAt, say, type Turn } from '../asking/turn.ts';
import type { PlacedStep } from '../flows/compile.ts';
import type { Part } from '../values/answer.ts';
import type { Line } from '../values/effect.ts';
import { stampedParts } from '../values/stamp.ts';
import type { BotKey } from '../words/bot-keys.ts';
import { chooseLanguage } from './choosing.ts';
import { answerAndGoOn } from './keeping.ts';

/**
 * A try that was not understood. The question comes again; nobody is kept at it for ever, and no answer is put into
 * anybody's mouth: it stays unsaid, with what came.
 */
export function miss(
  turn: Turn,
  notice: BotKey,
  isBurst = false,
  parts: readonly Part[] = [],
  params?: Line['params'],
): void {
  const { state } = turn;
  const placed = placedAt(turn);
  if (!isBurst) state.misses += 1;
  if (parts.length > 0) state.tried = [...(state.tried ?? []), ...stampedParts(parts, turn.message)];
  say(turn, notice, params);
  if (state.misses < 2) return;
  if (placed.id === DANGER) {
    assumeDanger(turn);
    return;
  }
  if (isChoosingLanguage(turn) && state.resume === undefined) {
    chooseLanguage(turn, guessed(turn));
    return;
  }
  const isNarrow = ['choice', 'choices', 'yes_no', 'code'].includes(placed.step.ask);
  if (!isNarrow || placed.id === HOME || (placed.step.required && !mayStayOpen(turn, placed))) return;
  const chosen = state.picking === placed.id ? state.answers[placed.id] : undefined;
  if (chosen?.kind === 'choices' && chosen.values.length > 0) {
    say(turn, 'goes_on_chosen');
    answerAndGoOn(turn, chosen);
    return;
  }
  say(turn, 'goes_on_not_said');
  answerAndGoOn(turn, { kind: 'not_said', tried: state.tried ?? [] });
}

/**
 * Nobody who writes is kept for ever at a choice of the report: a person of the team reads what came, and nobody's yes is made up.
 * What was only said aloud waits, unless they hear the questions and may not read them; a consent then waits too.
 */
function mayStayOpen({ state }: Turn, { step, flow }: PlacedStep): boolean {
  if (step.ask !== 'choice') return false;
  const tried = state.tried ?? [];
  const isVoice = (part: Part) => part.kind === 'file' && (part.media === 'voice' || part.media === 'audio');
  if ((flow === 'report' || flow === 'told') && tried.some(({ kind }) => kind === 'text')) return true;
  return state.hears === true && !step.records && tried.length > 0 && tried.every(isVoice);
}

const guessed = (turn: Turn): string => turn.state.language ?? turn.deps.texts.defaultLanguage;

/** No understood answer to the danger question counts as "we do not know": at least urgent. */
export function assumeDanger(turn: Turn): void {
  const path = turn.deps.flows.pathsOf.get(DANGER)?.[0];
  if (path === undefined) return;
  if (turn.state.answers[LANGUAGE] === undefined) {
    turn.state.answers[LANGUAGE] = { kind: 'choice', value: guessed(turn) };
  }
  turn.state.at = path;
  answerAndGoOn(turn, { kind: 'choice', value: UNCLEAR });
}
