/** Finds answers that a person can really give: what makes a condition true, and what leads to its questions. */
import { type Flows, groundsAt, nextPath } from '../../src/conversation/flows/compile.ts';
import { holds } from '../../src/conversation/flows/condition.ts';
import type { Condition, Step } from '../../src/conversation/flows/flow.ts';
import type { Answer, Answers } from '../../src/conversation/values/answer.ts';

type Test = string | string[] | { within_days: number } | { [attribute: string]: string | string[] };

/** All ways, one per combination of alternatives, to make a condition true. `not` is left to chance. */
export function solutions(flows: Flows, condition: Condition, now: Date): Answers[] {
  const { all, any, not } = condition as { all?: Condition[]; any?: Condition[]; not?: Condition };
  if (Array.isArray(any) && typeof any[0] === 'object')
    return any.flatMap((each) => solutions(flows, each, now));
  if (Array.isArray(all) && typeof all[0] === 'object') {
    return all.reduce<Answers[]>((found, each) => join(found, solutions(flows, each, now)), [{}]);
  }
  if (not !== undefined && typeof not === 'object' && !Array.isArray(not)) return [{}];
  return Object.entries(condition as Record<string, Test>).reduce<Answers[]>(
    (found, [step, test]) =>
      join(
        found,
        answersFor(flows, step, test, now).map((answer) => ({ [step]: answer })),
      ),
    [{}],
  );
}

/** Combinations that do not give one question two answers (several choices are put together). */
function join(left: readonly Answers[], right: readonly Answers[]): Answers[] {
  return left.flatMap((a) =>
    right.flatMap((b) => {
      const merged: Record<string, Answer> = { ...a };
      for (const [step, answer] of Object.entries(b)) {
        const before = merged[step];
        if (before?.kind === 'choices' && answer.kind === 'choices') {
          merged[step] = { kind: 'choices', values: [...new Set([...before.values, ...answer.values])] };
        } else if (before !== undefined && JSON.stringify(before) !== JSON.stringify(answer)) return [];
        else merged[step] = answer;
      }
      return [merged];
    }),
  );
}

function answersFor(flows: Flows, id: string, test: Test, now: Date): Answer[] {
  // What the service hears in the account: no question asks for it.
  if (id === 'heard') return [test].flat().map((value) => ({ kind: 'choice', value: String(value) }));
  const step = flows.steps.get(flows.pathsOf.get(id)?.[0] ?? '')?.step;
  if (!step) return [];
  const today = now.toISOString().slice(0, 10);
  if (typeof test === 'object' && !Array.isArray(test) && typeof test.within_days === 'number') {
    return [{ kind: 'date', date: today, precision: 'day' }];
  }
  if (typeof test === 'object' && !Array.isArray(test)) {
    const entries = flows.lists.get(flows.listOf(id) ?? '')?.entries ?? {};
    return Object.entries(entries)
      .filter(([, has]) =>
        Object.entries(test).every(([name, wanted]) => [wanted].flat().includes(has?.[name] ?? '')),
      )
      .map(([value]) => ({ kind: 'choice', value }));
  }
  return [test].flat().flatMap((code): Answer[] => {
    if (code === 'skipped') return [{ kind: 'skipped' }];
    if (code === 'unknown' && step.ask !== 'choice') return [{ kind: 'unknown' }];
    if (code === 'answered') return anyAnswer(flows, step);
    return [step.ask === 'choices' ? { kind: 'choices', values: [code] } : { kind: 'choice', value: code }];
  });
}

function anyAnswer(flows: Flows, step: Step): Answer[] {
  if (step.ask === 'account') return [{ kind: 'account', parts: [{ kind: 'text', text: 'x' }], done: true }];
  if (step.ask === 'date') return [{ kind: 'date', date: '2020-01-01', precision: 'day' }];
  const listed =
    'list' in step && step.list ? Object.keys(flows.lists.get(step.list)?.entries ?? {}) : ['yes'];
  return listed.map((value) => ({ kind: 'choice', value }));
}

/** Adds the answers that are needed for these questions to be asked at all. */
export function completed(flows: Flows, answers: Answers, now: Date, depth = 8): Answers[] {
  const open = Object.keys(answers).flatMap((id) => {
    const step = flows.steps.get(flows.pathsOf.get(id)?.[0] ?? '')?.step;
    const needed = [filterOf(flows, id, answers), step?.when].filter((each) => each !== undefined);
    return needed.filter((condition) => !holds(condition, answers, groundsAt(flows, now)));
  });
  const [first] = open;
  if (first === undefined) return [answers];
  if (depth === 0) return [];
  return solutions(flows, first, now).flatMap((more) =>
    join([answers], [more]).flatMap((each) => completed(flows, each, now, depth - 1)),
  );
}

/** What must be answered before so that a filtered list offers this code. */
function filterOf(flows: Flows, id: string, answers: Answers): Condition | undefined {
  const step = flows.steps.get(flows.pathsOf.get(id)?.[0] ?? '')?.step;
  const answer = answers[id];
  if (!step || (step.ask !== 'choice' && step.ask !== 'choices') || !step.filter) return undefined;
  if (answer?.kind !== 'choice') return undefined;
  const has = flows.lists.get(step.list ?? '')?.entries[answer.value];
  return Object.fromEntries(Object.entries(step.filter).map(([name, source]) => [source, has?.[name] ?? '']));
}

/** Walks from the first question with these answers; everything else is answered as shortly as possible. */
export function walk(
  flows: Flows,
  given: Answers,
  now: Date,
  shortest: Answers,
): { asked: string[]; answers: Answers } {
  const answers: Record<string, Answer> = {};
  const asked: string[] = [];
  let at = flows.entry;
  for (let steps = 0; steps < 500 && !asked.includes(at); steps++) {
    const placed = flows.steps.get(at);
    if (!placed) throw new Error(`no step ${at}`);
    const isAsked = !placed.step.when || holds(placed.step.when, answers, groundsAt(flows, now));
    if (isAsked && placed.step.ask !== 'statement') {
      asked.push(at);
      answers[placed.id] = given[placed.id] ?? shortest[placed.id] ?? { kind: 'skipped' };
    }
    at = nextPath(flows, at, answers, now);
    if (at === 'menu.home' && given.home === undefined) break;
  }
  return { asked, answers };
}
