/**
 * Whether people who have sent a report are given what they ask for by right: messages as they write them
 * (`flows/understanding/wishes.yaml`), played to the engine one by one. Pure; `./lakana flows check --understanding` prints it.
 */
import { z } from 'zod';
import { REPORTER_RIGHTS } from '../../kernel/vocabulary.ts';
import type { Conversation } from '../asking/turn.ts';
import { step } from '../steps/step.ts';
import type { Effect, ToldOfficer } from '../values/effect.ts';
import { type ConversationState, conversationStateSchema } from '../values/state.ts';

const MEANINGS = [
  'erase',
  'keep',
  ...REPORTER_RIGHTS,
  'person',
  'number',
  'mistake',
  'quiet',
  'courtesy',
  'nothing',
] as const;
type Meaning = (typeof MEANINGS)[number];
/** By language, by what they mean. `nothing`: it tells something, and asks for nothing. */
export const wishesSchema = z.record(z.string(), z.partialRecord(z.enum(MEANINGS), z.array(z.string())));
export type Wishes = z.infer<typeof wishesSchema>;

/** `understood`: done at once. `offered`: the words are kept, and the button stands beneath them. `kept`: only that. */
type Fate = 'understood' | 'offered' | 'kept' | 'wrong';
export type TriedWish = { language: string; says: string; means: Meaning; fate: Fate; did: string };

const TOLD: Partial<Record<ToldOfficer, Meaning>> = {
  erase_requested: 'erase',
  keep_asked: 'keep',
  access: 'access',
  correction: 'correction',
  objection: 'objection',
  wants_person: 'person',
  mistake: 'mistake',
};

/** What becomes of each, at the menu of a person whose report is with the team. */
export function tryWishes(deps: Conversation, wishes: Wishes, now: Date): TriedWish[] {
  return Object.entries(wishes).flatMap(([language, byMeaning]) =>
    MEANINGS.flatMap((means) =>
      (byMeaning[means] ?? []).map((says) => {
        const { did, offered } = outcome(deps, language, says, now);
        return { language, says, means, fate: fateOf(means, did, offered), did: did.join(', ') };
      }),
    ),
  );
}

function outcome(deps: Conversation, language: string, says: string, now: Date) {
  const { effects, state } = step(deps, sentIn(deps, language, now), { kind: 'text', text: says }, now);
  return { did: effects.flatMap(meaningOf), offered: state.offered ?? [] };
}

function meaningOf(effect: Effect): Meaning[] {
  if (effect.type === 'tell_officer') return [TOLD[effect.what] ?? 'nothing'];
  if (effect.type === 'set_contact_safety') return ['quiet'];
  const said = effect.type === 'say' ? effect.lines.map(({ key }) => key) : [];
  if (said.includes('bot.calling_stopped')) return ['quiet'];
  return said.some((key) => /^number\..*\.ask$/.test(key)) ? ['number'] : [];
}

function fateOf(means: Meaning, did: readonly Meaning[], offered: readonly string[]): Fate {
  const isNothing = means === 'nothing' || means === 'courtesy';
  if (isNothing) return did.length > 0 ? 'wrong' : offered.length > 0 ? 'offered' : 'understood';
  if (did.includes(means)) return 'understood';
  if (did.length > 0) return 'wrong';
  return offered.includes(means) ? 'offered' : 'kept';
}

/** A calm report of theirs is with the team, and they may be written to. */
function sentIn(deps: Conversation, language: string, now: Date): ConversationState {
  return conversationStateSchema.parse({
    flows: deps.flows.hash,
    language,
    at: 'menu.home',
    turn: 9,
    answers: { language: { kind: 'choice', value: language } },
    trail: [],
    caseId: 'case',
    reference: 'KORO-4827',
    isCaseOpen: true,
    isSubmitted: true,
    level: 'medium',
    mayWrite: true,
    lastAt: now.toISOString(),
  });
}

/** Nine in ten are done at once; nobody is given what they did not ask for. */
export const areGiven = (tried: readonly TriedWish[]): boolean =>
  tried.every(({ fate }) => fate !== 'wrong') &&
  tried.filter(({ fate }) => fate === 'understood').length >= 0.9 * tried.length;

/** How many of each, and those that were not done at once, as lines to print. */
export function wishesTable(tried: readonly TriedWish[]): string {
  const count = (some: readonly TriedWish[], fate: Fate) =>
    String(some.filter((each) => each.fate === fate).length).padStart(11);
  const fates = ['understood', 'offered', 'kept', 'wrong'] as const;
  return [
    `${'asked for after Send'.padEnd(22)}${fates.map((fate) => fate.padStart(11)).join('')}`,
    ...MEANINGS.map((means) => {
      const some = tried.filter((each) => each.means === means);
      return `${means.padEnd(22)}${fates.map((fate) => count(some, fate)).join('')}`;
    }),
    ...tried
      .filter(({ fate }) => fate !== 'understood')
      .map(
        ({ fate, says, means, did }) =>
          `  ${fate}: "${says}" (${means}${did === '' ? '' : `; taken as ${did}`})`,
      ),
  ].join('\n');
}
