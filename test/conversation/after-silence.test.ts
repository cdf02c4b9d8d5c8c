import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/conversation/asking/turn.ts';
import { compileFlows } from '../../src/conversation/flows/compile.ts';
import type { Flow } from '../../src/conversation/flows/flow.ts';
import { conversationStateSchema } from '../../src/conversation/values/state.ts';
import { calmPerson, conversation, Person, walkTo } from './person.ts';

const HALF_AN_HOUR = 31 * 60_000;
const WEEK = 7 * 86_400_000;

describe('a person who comes back', () => {
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

describe('a person who read about the mechanism', () => {
  const reader = () => new Person().writes('bonjour').picks('none').picks('understand');

  it('and reports at once is not asked about danger again', () => {
    expect(reader().picks('report').at).toBe('report.consent');
  });

  it('and reports hours later is asked first whether there is danger now', () => {
    const person = reader().writes('bonjour', 5 * HALF_AN_HOUR);
    expect(person.picks('report').at).toBe('report.danger');
    expect(person.picks('now').at).toBe('sos.where');
  });
});

/** As it was stored before reports could be sent early: in the middle of the questions about sharing. */
const OLD = {
  flows: 'another',
  language: 'fr',
  at: 'report.share_any',
  turn: 31,
  answers: {
    language: { kind: 'choice', value: 'fr' },
    danger: { kind: 'choice', value: 'none' },
    consent: { kind: 'choice', value: 'yes' },
    unsent: { kind: 'choice', value: 'seal' },
    phone_safe: { kind: 'choice', value: 'yes' },
    who: { kind: 'choice', value: 'self' },
    account: { kind: 'account', parts: [{ kind: 'text', text: 'On me suit depuis lundi.' }], done: true },
    group: { kind: 'choice', value: 'arrested' },
    person_found: { kind: 'choice', value: 'yes' },
    taken_from: { kind: 'text', text: 'au marché' },
    suspect: { kind: 'choice', value: 'state_security' },
    perpetrator: { kind: 'choice', value: 'police' },
    contact_how: { kind: 'choice', value: 'here_any_time' },
    situation: { kind: 'choices', values: ['alone'] },
  },
  trail: [
    'menu.language',
    'report.danger',
    'report.consent',
    'report.unsent',
    'report.who',
    'report.account',
  ],
  lastAt: '2026-11-24T09:59:00Z',
};

describe('a reporter in the middle of a report of before', () => {
  it('finds the read-back, sends, and every answer of then is in the case', () => {
    const person = new Person();
    person.state = conversationStateSchema.parse(OLD);
    expect(person.writes('bonjour').keys[0]).toBe('bot.flows_changed');
    expect(person.at).toBe('report.review');
    person.writes('envoyer');
    for (const [step, answer] of Object.entries(OLD.answers))
      if (step !== 'language') expect(person.inCase(step), step).toEqual([answer]);
    expect(person.case?.level).toBe('high');
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
      conversation.flows.knowledge,
    ),
  };
}

describe('a reporter whose questions were changed meanwhile', () => {
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
