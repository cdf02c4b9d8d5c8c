/** How the present question is put: its lines, its options, and the universal commands that help here. */
import type { Choice, Line } from '../values/effect.ts';
import { isFurther, maySend } from './ahead.ts';
import { foresee } from './foreseeing.ts';
import { shownChoices } from './options.ts';
import { partOf, placeLines, placeSoFar } from './place.ts';
import { reviewLines } from './review.ts';
import { pageLines } from './room-page.ts';
import { canHear } from './spoken.ts';
import {
  askKey,
  bot,
  CONSENT,
  choice,
  DANGER,
  isAtHome,
  LANGUAGE,
  placedAt,
  text,
  type View,
} from './turn.ts';

export type Prompt = { lines: Line[]; choices: Choice[]; commands: Choice[] };

export function promptOf(view: View, offer: readonly string[] = []): Prompt {
  const names = [...new Set([...offer, ...commandsAt(view)])];
  return {
    lines: [...questionLines(view), ...leftLines(view)],
    choices: shownChoices(view),
    commands: names.map((name) => commandButton(view, name)),
  };
}

export function commandButton(view: View, name: string): Choice {
  return choice(name, text(view, `commands.${name}.label`));
}

function questionLines(view: View): Line[] {
  const placed = placedAt(view);
  const answer = view.state.answers[placed.id];
  const ask: Line = { key: askKey(view, placed) };
  switch (placed.step.ask) {
    case 'account':
    case 'evidence':
      return answer?.kind === 'account' && answer.parts.length > 0 ? [ask, bot('account_so_far')] : [ask];
    case 'choices':
      return [ask, ...chosenLines(view)];
    case 'date':
      return [ask, bot('date_hint')];
    case 'place':
      return placeLines(view);
    case 'review':
      return reviewLines(view);
    case 'screen':
      return pageLines(view);
    default:
      return [ask];
  }
}

/** To those who go on after the read-back: how much is left at most. It only falls; if an answer of theirs opened more, that is said. */
function leftLines(view: View): Line[] {
  const left = leftAt(view);
  if (left === undefined) return [];
  const opened = view.state.left !== undefined && left > view.state.left ? [bot('more_opened')] : [];
  if (placedAt(view).step.ask === 'review') return opened;
  return [...opened, left === 0 ? bot('last_question') : bot('questions_left', { count: left })];
}

/** How many questions come after this one at most, where that is told. */
function leftAt(view: View): number | undefined {
  const isToldOf =
    placedAt(view).step.ask === 'review'
      ? view.state.page === 0
      : isFurther(view, placedAt(view)) && maySend(view);
  return isToldOf ? foresee(view).most : undefined;
}

/** Remembers what was told, so that more is never told without a word. */
export function noteLeft({ deps, now, state }: View): void {
  const left = leftAt({ deps, now, state });
  if (left !== undefined) state.left = left;
}

function chosenLines(view: View): Line[] {
  const placed = placedAt(view);
  const answer = view.state.answers[placed.id];
  const values = answer?.kind === 'choices' ? answer.values : [];
  if (view.state.picking !== placed.id || values.length === 0) return [bot('choices_hint')];
  if (view.state.veiled) return [bot('chosen_count', { count: values.length })];
  const labels = shownLabels(view, values);
  return [bot('chosen', { list: labels.join(', ') })];
}

function shownLabels(view: View, values: readonly string[]): string[] {
  const placed = placedAt(view);
  const list = 'list' in placed.step ? placed.step.list : undefined;
  return values.map((code) => text(view, list ? `lists.${list}.${code}` : `${placed.path}.options.${code}`));
}

/** Few buttons: "done" where they decide when it is enough, and what helps at every question. SOS stands at each, but after one. */
function commandsAt(view: View): string[] {
  const { id, flow, step } = placedAt(view);
  // A person who hears the questions finds everywhere how to end it.
  const isFirst = flow === 'menu' || id === DANGER || id === CONSENT;
  const voice = view.state.hears || (isFirst && canHear(view)) ? ['voice'] : [];
  if (flow === 'menu' && id === LANGUAGE) return ['sos', ...voice];
  if (isAtHome(view)) return ['language', ...voice, 'leave'];
  // What a page leads to stands on it; back goes to the page before.
  if (step.ask === 'screen') return ['sos', 'person', 'back', ...voice, 'leave'];
  return commandsOfQuestion(view, voice);
}

function commandsOfQuestion(view: View, voice: readonly string[]): string[] {
  const { id, flow, step } = placedAt(view);
  const open = step.ask === 'account' || step.ask === 'evidence' || step.ask === 'choices';
  const isLastOfPlace = step.ask === 'place' && partOf(placeSoFar(view)) === 'words';
  return [
    ...(id === DANGER ? ['sos'] : []),
    ...(open ? ['done'] : []),
    ...(step.ask !== 'review' && maySend(view) ? ['send'] : []),
    ...(view.state.trail.length > 0 ? ['back'] : []),
    ...(step.required || (step.ask === 'place' && !isLastOfPlace) ? [] : ['skip']),
    ...(id === DANGER ? ['language'] : []),
    ...(flow === 'sos' || id === DANGER ? [] : ['sos']),
    ...voice,
    'help',
    'leave',
  ];
}
