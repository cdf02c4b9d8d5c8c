/** Where a person can stand: every question of the machine, and how. */
import { chaptersOf, contentsOf, isPage } from '../../src/conversation/chapters/chapters.ts';
import type { ConversationState } from '../../src/conversation/values/state.ts';
import { conversation } from './person.ts';

export const NOW = '2026-11-24T10:00:00Z';

/** Pages to read are alike: the contents, the first of a chapter and one behind it stand for all. */
const isOneOfMany = (path: string): boolean => {
  const chapters = chaptersOf(conversation.flows);
  const [first] = chapters.filter(({ pages }) => pages.length > 1);
  return (
    isPage(conversation.flows, path) &&
    ![contentsOf(conversation.flows), ...(first?.pages ?? [])].includes(path)
  );
};

/** Every question. */
export const paths = [...conversation.flows.steps.values()]
  .filter(({ step, path }) => step.ask !== 'statement' && !isOneOfMany(path))
  .map(({ path }) => path);

export const choice = (value: string) => ({ kind: 'choice', value }) as const;

/** In the middle of a report, at this question. */
export function standing(path: string, situation: Partial<ConversationState>): ConversationState {
  return {
    flows: conversation.flows.hash,
    language: 'fr',
    at: path,
    turn: 7,
    answers: {
      language: choice('fr'),
      ...(path === 'report.danger' || path.startsWith('menu') ? {} : { danger: choice('within_days') }),
      group: choice('threats'),
      account: { kind: 'account', parts: [{ kind: 'text', text: 'quelques mots' }], done: true },
    },
    trail: ['menu.language', 'report.account', 'report.group'],
    kept: [],
    consents: [],
    misses: 0,
    page: 0,
    veiled: false,
    isCaseOpen: false,
    rules: [],
    sealed: [],
    isSubmitted: false,
    sosCount: 0,
    isBare: false,
    lastAt: NOW,
    ...situation,
  };
}
