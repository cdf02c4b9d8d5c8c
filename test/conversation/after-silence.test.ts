import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/conversation/asking/turn.ts';
import { compileFlows } from '../../src/conversation/flows/compile.ts';
import type { Flow } from '../../src/conversation/flows/flow.ts';
import { calmPerson, conversation, Person, walkTo } from './person.ts';

const HALF_AN_HOUR = 31 * 60_000;
const WEEK = 7 * 86_400_000;

describe('somebody who comes back', () => {
  it('after a minute goes on as if nothing had been', () => {
    const person = walkTo(calmPerson(), 'report.group').writes('bonjour', 60_000);
    expect(person.keys).toEqual(['report.group.ask', 'bot.questions_left']);
  });

  it('after an hour goes on where they were, and is told so', () => {
    const person = walkTo(calmPerson(), 'report.group').writes('bonjour', 2 * HALF_AN_HOUR);
    expect(person.keys).toEqual(['bot.welcome_back', 'report.group.ask', 'bot.questions_left']);
    expect(person.state?.veiled).toBe(true);
  });

  it('after a week finds the draft erased and is told so once', () => {
    const person = walkTo(calmPerson(), 'report.group').does({ kind: 'silence_over' }, 3 * 86_400_000);
    expect(person.effects.map(({ type }) => type)).toEqual(['forget_draft']);
    expect(JSON.stringify(person.state)).not.toContain('On me suit');
    person.writes('bonjour', WEEK);
    expect(person.keys).toEqual(['bot.draft_forgotten', 'menu.home.ask']);
    expect(person.state?.language).toBe('fr');
    expect(person.writes('bonjour').keys).toEqual(['menu.home.ask']);
  });

  it('after a week finds it erased even if the timer never rang', () => {
    const person = walkTo(calmPerson(), 'report.group').writes('bonjour', WEEK);
    expect(person.forgotten).toBe(1);
    expect(person.keys[0]).toBe('bot.draft_forgotten');
  });

  it('finds an open case still open after a week', () => {
    const person = walkTo(new Person().writes('SOS'), 'report.account').writes('Ils sont deux');
    person.does({ kind: 'silence_over' }, 3 * 86_400_000);
    expect(person.forgotten).toBe(0);
    expect(person.state).toMatchObject({ isCaseOpen: true, caseId: 'case-1' });
    expect(person.writes('Je suis à Kati', WEEK).did('add_to_case')).toHaveLength(1);
  });

  it('keeps a half chosen answer over a silence, without showing it', () => {
    const person = walkTo(calmPerson(), 'report.needs').picks('legal').writes('bonjour', HALF_AN_HOUR);
    expect(person.keys).toContain('bot.chosen_count');
    expect(person.says.at(-1)?.choices?.some(({ label }) => label.startsWith('✓'))).toBe(false);
    expect(person.presses('done').state?.answers.needs).toEqual({ kind: 'choices', values: ['legal'] });
  });
});

/** The same questions after the CNDH changed the report. */
function changed(change: (report: Flow) => void): Conversation {
  const flows = [...conversation.flows.flows.values()].map((flow) => structuredClone(flow));
  for (const flow of flows) if (flow.flow === 'report') change(flow);
  const lists = [...conversation.flows.lists.values()];
  return {
    ...conversation,
    flows: compileFlows(
      flows.map((flow) => ({ name: flow.flow, content: flow })),
      lists.map((list) => ({ name: list.list, content: list })),
    ),
  };
}

describe('somebody whose questions were changed meanwhile', () => {
  it('is told once, keeps every answer, and goes on', () => {
    const person = walkTo(calmPerson(), 'report.group');
    person.deps = changed((report) => {
      delete report.steps.course;
    });
    person.writes('bonjour');
    expect(person.keys).toEqual(['bot.flows_changed', 'report.group.ask', 'bot.questions_left']);
    expect(person.writes('bonjour').keys).toEqual(['report.group.ask', 'bot.questions_left']);
    expect(walkTo(person, 'report.review').state?.answers.who).toEqual({ kind: 'choice', value: 'self' });
  });

  it('is asked again what no longer fits, and the old answer goes into the case too', () => {
    const person = walkTo(calmPerson(), 'report.group');
    person.deps = changed((report) => {
      report.steps.who = { ask: 'yes_no', required: true, sensitive: false, unknown: false };
    });
    person.writes('bonjour');
    expect(person.at).toBe('report.who');
    expect(person.state?.kept).toEqual([{ step: 'who', answer: { kind: 'choice', value: 'self' } }]);
    walkTo(person, 'report.review', { who: 'yes' }).picks('+send');
    expect(person.inCase('who')).toEqual([
      { kind: 'choice', value: 'yes' },
      { kind: 'choice', value: 'self' },
    ]);
  });

  it('stands at a question that is gone and finds the next open one', () => {
    const person = walkTo(calmPerson(), 'report.course');
    person.deps = changed((report) => {
      delete report.steps.course;
    });
    expect(person.writes('bonjour').at).toBe('report.before');
  });
});
