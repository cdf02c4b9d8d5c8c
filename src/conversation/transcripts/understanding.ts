/**
 * Whether people are understood: messages as they write them (`flows/understanding/messages.yaml`) are played to the engine one by
 * one, and what came of each is told. Pure; `./lakana flows check --understanding` prints it.
 */
import { z } from 'zod';
import { type Conversation, PERSON, WAYS } from '../asking/turn.ts';
import { isPage } from '../chapters/chapters.ts';
import type { Flows, PlacedStep } from '../flows/compile.ts';
import { normalise } from '../reading/normalise.ts';
import { step } from '../steps/step.ts';
import type { Answer } from '../values/answer.ts';
import type { Effect } from '../values/effect.ts';
import type { ConversationState } from '../values/state.ts';

export const understandingSchema = z.strictObject({
  openings: z.array(
    z.strictObject({
      says: z.string(),
      means: z.enum(['greeting', 'story', 'danger', 'information', 'person', 'sos', 'language']),
      language: z.string(),
    }),
  ),
  answers: z.array(z.strictObject({ at: z.string(), says: z.string(), means: z.string() })),
});
export type Said = z.infer<typeof understandingSchema>;

/** `understood`: at once, as it was meant. `kept`: the words are kept, and the question comes again. */
export type Fate = 'understood' | 'kept' | 'asked again' | 'lost';
export type Tried = { at: string; says: string; means: string; fate: Fate };

/** What becomes of each message. Throws for a question that the flows no longer have. */
export function tryAll(deps: Conversation, said: Said, now: Date): Tried[] {
  return [
    ...said.openings.map((each) => ({
      at: 'first',
      says: each.says,
      means: each.means,
      fate: openingFate(deps, each, now),
    })),
    ...said.answers.map((each) => ({ ...each, fate: answerFate(deps, each, now) })),
  ];
}

/** One file of messages, and what is on offer to those who write them. */
export type Try = { file: string; languages: readonly string[]; defaultLanguage: string };

/**
 * What is tried: `messages.yaml` as the signed languages are on offer, and again with the drafts; a language's own
 * (`bm.yaml`) with all of them, by people who are spoken to in it.
 */
export function understandingTries(
  signed: readonly string[],
  all: readonly string[],
  files: readonly string[],
): Try[] {
  const [defaultLanguage = 'fr'] = signed.includes('fr') ? ['fr'] : signed;
  const file = 'messages.yaml';
  return [
    { file, languages: signed, defaultLanguage },
    ...(all.length > signed.length ? [{ file, languages: all, defaultLanguage }] : []),
    ...all
      .filter((language) => files.includes(`${language}.yaml`))
      .map((language) => ({ file: `${language}.yaml`, languages: all, defaultLanguage: language })),
  ];
}

/** How many of each, and those that were not understood at once, as lines to print. */
export function understandingTable(tried: readonly Tried[]): string {
  const count = (fate: Fate) => tried.filter((each) => each.fate === fate).length;
  const fates = ['understood', 'kept', 'asked again', 'lost'] as const;
  const others = tried.filter(({ fate }) => fate !== 'understood');
  return [
    `messages      ${tried.length}`,
    ...fates.map((fate) => `${fate.padEnd(13)} ${count(fate)}`),
    ...others.map(({ at, says, means, fate }) => `  ${fate}: at ${at} "${says}" (${means})`),
  ].join('\n');
}

type Stepped = { state: ConversationState; effects: Effect[] };

function openingFate(deps: Conversation, each: Said['openings'][number], now: Date): Fate {
  const after = step(deps, undefined, { kind: 'text', text: each.says }, now);
  const isInLanguage = after.state.language === spokenTo(deps, each.language);
  const isWords = !['greeting', 'sos', 'language'].includes(each.means);
  if (isInLanguage && isMeant(deps.flows, each, after)) return 'understood';
  if (!isWords) return 'asked again';
  return isKept(after, each.says) ? 'kept' : 'lost';
}

/** Who writes a language that is not on offer is answered in what they read sooner. */
const spokenTo = ({ texts }: Conversation, language: string): string =>
  texts.languages.includes(language) ? language : texts.t(language, 'language.fallback');

function isMeant(flows: Flows, { says, means }: Said['openings'][number], after: Stepped): boolean {
  const { effects, state } = after;
  const keys = effects.flatMap((effect) => (effect.type === 'say' ? effect.lines.map(({ key }) => key) : []));
  const isAskedAboutDanger = keys.includes('report.danger.ask');
  const way = state.answers[WAYS]?.kind === 'choice' ? state.answers[WAYS].value : undefined;
  switch (means) {
    case 'sos':
      return effects.some((effect) => effect.type === 'open_case' && effect.reason === 'sos');
    case 'greeting':
    case 'language':
      return isAskedAboutDanger && keys[0] === 'bot.greeting' && state.answers.account === undefined;
    case 'danger':
      return keys[0] === 'bot.sos_offer' && isKept(after, says) && state.due?.what === 'danger_unanswered';
    case 'story':
      return keys.includes('bot.story_kept') && isKept(after, says) && isAskedAboutDanger && way === 'report';
    // A page that is named by what they ask, or the answer in one line, and nothing of it kept.
    case 'information':
      return (
        (isPage(flows, state.at) || keys.some(isShortAnswer)) &&
        !isKept(after, says) &&
        state.answers.account === undefined
      );
    default:
      return keys.includes('bot.question_first') && isAskedAboutDanger && way === PERSON;
  }
}

const isShortAnswer = (key: string): boolean => key.startsWith('bot.answer_') || key === 'menu.outside.say';

function answerFate(deps: Conversation, { at, says, means }: Said['answers'][number], now: Date): Fate {
  const placed = placedCalled(deps, at);
  const before = standingAt(deps, placed, now);
  const after = step(deps, before, { kind: 'text', text: says }, new Date(now.getTime() + 20_000));
  if (isAnswered(placed, after, { says, means })) return 'understood';
  if (isKept(after, says)) return means === 'kept' ? 'understood' : 'kept';
  const isWords = ['words', 'kept', 'date', 'place'].includes(means);
  return !isWords && after.state.at === placed.path ? 'asked again' : 'lost';
}

function isAnswered(
  { id, path }: PlacedStep,
  { state, effects }: Stepped,
  { says, means }: { says: string; means: string },
): boolean {
  const answer = state.answers[id];
  if (means.startsWith('/')) return isCommanded(means, path, { state, effects });
  switch (means) {
    case 'words':
      return answer !== undefined && holdsWords(answer, says);
    case 'date':
      return answer?.kind === 'date' && answer.date !== undefined;
    case 'place':
      return answer?.kind === 'place' && answer.region !== undefined;
    case 'unknown':
      return answer?.kind === 'unknown' || (answer?.kind === 'choice' && answer.value === 'unknown');
    default: {
      // Who says no to consent is forgotten, answer and all.
      const isRefusal = means === 'no' && effects.some((effect) => effect.type === 'forget_draft');
      return isRefusal || (answer?.kind === 'choice' && answer.value === means);
    }
  }
}

/** A command shows in what it does: helps, leaves, skips, ends an account. */
function isCommanded(means: string, path: string, { state, effects }: Stepped): boolean {
  const keys = effects.flatMap((effect) => (effect.type === 'say' ? effect.lines.map(({ key }) => key) : []));
  if (means === '/help') return keys.includes(`${path}.help`);
  if (means === '/leave') return keys.includes('bot.left');
  if (means === '/skip') return state.answers[path.split('.')[1] ?? '']?.kind === 'skipped';
  return state.at !== path || keys.includes('bot.account_empty');
}

function holdsWords(answer: Answer, says: string): boolean {
  return JSON.stringify(answer).includes(JSON.stringify(says).slice(1, -1));
}

/** Whether the words lie anywhere in what the person said, or in what goes into their case. */
function isKept({ state, effects }: Stepped, says: string): boolean {
  const entries = effects.flatMap((effect) => ('entries' in effect ? effect.entries : []));
  const held = JSON.stringify([state.answers, state.kept, state.tried ?? [], entries]);
  return normalise(says) === '' || held.includes(JSON.stringify(says).slice(1, -1));
}

function placedCalled({ flows }: Conversation, id: string): PlacedStep {
  const placed = flows.steps.get(flows.pathsOf.get(id)?.[0] ?? '');
  if (!placed)
    throw new Error(`flows/understanding/messages.yaml: no question is called "${id}"; correct its name`);
  return placed;
}

/** In the middle of a calm report, at this question. */
function standingAt(deps: Conversation, { id, path }: PlacedStep, now: Date): ConversationState {
  const language = deps.texts.defaultLanguage;
  const { state } = step(deps, undefined, { kind: 'text', text: '/start' }, now, { language });
  const isAtDanger = id === 'danger';
  return {
    ...state,
    at: path,
    turn: 5,
    answers: {
      ...state.answers,
      ...(isAtDanger ? {} : { danger: { kind: 'choice', value: 'none' } }),
    },
    lastAt: now.toISOString(),
  };
}
