/**
 * Compiles all flow files into one XState machine whose states are `flow.step`.
 *
 * The machine only knows where to go next; what is said and kept is decided around it. Nothing runs in it: no
 * timers, no actors, no clock. State is restored with `resolveState` and moved with the pure `transition`.
 */
import { createHash } from 'node:crypto';
import { createMachine, transition } from 'xstate';
import { LakanaError } from '../../kernel/errors.ts';
import { type Examples, soundsGrave } from '../reading/learned.ts';
import type { Answers } from '../values/answer.ts';
import { type Grounds, holds, type Lists } from './condition.ts';
import { type Knowledge, NOTHING_KNOWN } from './facts.ts';
import {
  type CodeList,
  type Condition,
  type Flow,
  type FlowFile,
  flowSchema,
  listSchema,
  type Step,
} from './flow.ts';

/** A step with its place: `path` is `flow.step`, `order` counts through all files. */
export type PlacedStep = { path: string; flow: string; id: string; step: Step };

/** One way on from a step. */
type Way = { to: string; when?: Condition };

export type Flows = {
  /** Hash over the content of all flows and lists; stands in every conversation's state. */
  readonly hash: string;
  readonly flows: ReadonlyMap<string, Flow>;
  readonly lists: Lists;
  /** Facts that pages state, and where they are from. */
  readonly knowledge: Knowledge;
  /** Whether an account sounds like grave ones that are known; absent: none are. */
  readonly soundsGrave?: (text: string) => boolean;
  /** By `flow.step`. */
  readonly steps: ReadonlyMap<string, PlacedStep>;
  /** Paths of a step id: the same id in two flows is the same question. */
  readonly pathsOf: ReadonlyMap<string, readonly string[]>;
  /** Ways on by `flow.step`, in order; the last one has no condition. */
  readonly ways: ReadonlyMap<string, readonly Way[]>;
  /** Where a first contact begins: first step of `menu`. */
  readonly entry: string;
  readonly machine: FlowMachine;
  /** List that the codes of a step come from. */
  listOf(step: string): string | undefined;
};

/** What of them is values alone: it can be handed to another thread. */
export type FlowValues = Pick<
  Flows,
  'hash' | 'flows' | 'lists' | 'knowledge' | 'steps' | 'pathsOf' | 'ways' | 'entry'
>;

export const valuesOf = ({
  hash,
  flows,
  lists,
  knowledge,
  steps,
  pathsOf,
  ways,
  entry,
}: FlowValues): FlowValues => ({ hash, flows, lists, knowledge, steps, pathsOf, ways, entry });

type MachineContext = { answers: Answers; now: Date };
type NextEvent = { type: 'next' };
type FlowMachine = ReturnType<typeof buildMachine>;

/** Checks and compiles. Throws `flow_invalid` with file, step and mend in one line. */
export function compileFlows(
  flowFiles: readonly FlowFile[],
  listFiles: readonly FlowFile[] = [],
  knowledge: Knowledge = NOTHING_KNOWN,
  examples?: Examples,
): Flows {
  const lists = new Map(listFiles.map((file) => [parseList(file).list, parseList(file)]));
  const files = flowFiles.map((file) => ({ name: file.name, flow: parseFlow(file) }));
  const flows = new Map(files.map(({ flow }) => [flow.flow, flow]));
  const steps = placeSteps(files);
  for (const required of ['menu', 'report', 'sos']) {
    if (!flows.has(required))
      throw broken('flows', undefined, `flow "${required}" is missing`, `add flows/${required}.yaml`);
  }
  for (const { name, flow } of files) checkFlow(name, flow, lists);
  const ways = findWays(files, flows, steps);
  const pathsOf = new Map<string, string[]>();
  for (const placed of steps.values())
    pathsOf.set(placed.id, [...(pathsOf.get(placed.id) ?? []), placed.path]);
  const listOf = (id: string): string | undefined => {
    const step = steps.get(pathsOf.get(id)?.[0] ?? '')?.step;
    return step && 'list' in step ? step.list : undefined;
  };
  const machine = buildMachine(flows, ways, { lists, listOf });
  const entry = `menu.${Object.keys(flows.get('menu')?.steps ?? {})[0]}`;
  return {
    hash: hashOf([...flows.values()], [...lists.values()]),
    flows,
    lists,
    ...(examples ? { soundsGrave: soundsGrave(examples) } : {}),
    knowledge,
    steps,
    pathsOf,
    ways,
    entry,
    machine,
    listOf,
  };
}

/** Where the conversation stands after the step at `path` has been answered or passed by. */
export function nextPath(flows: Flows, path: string, answers: Answers, now: Date): string {
  const [flow = '', step = ''] = path.split('.');
  const snapshot = flows.machine.resolveState({ value: { [flow]: step }, context: { answers, now } });
  const [after] = transition(flows.machine, snapshot, { type: 'next' });
  const [[flowAfter, stepAfter] = ['', '']] = Object.entries(after.value as Record<string, string>);
  return `${flowAfter}.${stepAfter}`;
}

/** The same for a question that is only thought of: which way holds, without the machine. */
export function wayOn(flows: Flows, path: string, answers: Answers, now: Date): string | undefined {
  const grounds = groundsAt(flows, now);
  return flows.ways.get(path)?.find((way) => way.when === undefined || holds(way.when, answers, grounds))?.to;
}

/** What conditions are judged on, for these flows at this time. */
export function groundsAt(flows: Flows, now: Date): Grounds {
  return { lists: flows.lists, listOf: flows.listOf, now };
}

/** First step of a flow, as a path. */
export function firstStep(flows: Flows, flow: string): string {
  return `${flow}.${Object.keys(flows.flows.get(flow)?.steps ?? {})[0]}`;
}

function buildMachine(
  flows: ReadonlyMap<string, Flow>,
  ways: ReadonlyMap<string, readonly Way[]>,
  grounds: Omit<Grounds, 'now'>,
) {
  const toTransition = (way: Way) => {
    const target = `#lakana.${way.to}`;
    const { when } = way;
    if (when === undefined) return { target };
    const guard = ({ context }: { context: MachineContext }) =>
      holds(when, context.answers, { ...grounds, now: context.now });
    return { target, guard };
  };
  const states = Object.fromEntries(
    [...flows.values()].map((flow) => [
      flow.flow,
      {
        initial: Object.keys(flow.steps)[0] ?? '',
        states: Object.fromEntries(
          Object.keys(flow.steps).map((id) => [
            id,
            { on: { next: (ways.get(`${flow.flow}.${id}`) ?? []).map(toTransition) } },
          ]),
        ),
      },
    ]),
  );
  return createMachine({
    id: 'lakana',
    types: {} as { context: MachineContext; events: NextEvent },
    context: { answers: {}, now: new Date(0) },
    initial: 'menu',
    states,
  });
}

type NamedFlow = { name: string; flow: Flow };

function placeSteps(files: readonly NamedFlow[]): Map<string, PlacedStep> {
  const steps = new Map<string, PlacedStep>();
  for (const { name, flow } of files) {
    if (Object.keys(flow.steps).length === 0)
      throw broken(name, undefined, 'no steps', 'add at least one step');
    for (const [id, step] of Object.entries(flow.steps)) {
      const path = `${flow.flow}.${id}`;
      if (steps.has(path))
        throw broken(name, id, 'this flow stands in two files', 'give each file its own flow name');
      steps.set(path, { path, flow: flow.flow, id, step });
    }
  }
  return steps;
}

function findWays(
  files: readonly NamedFlow[],
  flows: ReadonlyMap<string, Flow>,
  steps: ReadonlyMap<string, PlacedStep>,
): Map<string, Way[]> {
  const ways = new Map<string, Way[]>();
  for (const { name, flow } of files) {
    const ids = Object.keys(flow.steps);
    const resolve = (to: string, step: string): string => {
      if (flow.steps[to]) return `${flow.flow}.${to}`;
      if (steps.has(to)) return to;
      const first = Object.keys(flows.get(to)?.steps ?? {})[0];
      if (first) return `${to}.${first}`;
      throw broken(name, step, `"${to}" is no step, flow.step or flow`, 'correct the name');
    };
    for (const [index, id] of ids.entries()) {
      const step = flow.steps[id];
      if (step?.ask === 'screen') {
        ways.set(
          `${flow.flow}.${id}`,
          step.leads_to.map((to) => ({ to: resolve(to, id) })),
        );
        continue;
      }
      const next = step?.next;
      const listed = next === undefined ? [] : typeof next === 'string' ? [next] : next;
      const found: Way[] = listed.map((way) =>
        typeof way === 'string' ? { to: resolve(way, id) } : { to: resolve(way.to, id), when: way.when },
      );
      // What no way leads on from goes to the next step of the file, and after the last one to the flow's end.
      if (found.every((way) => way.when)) found.push({ to: resolve(ids[index + 1] ?? flow.end, id) });
      ways.set(`${flow.flow}.${id}`, found);
    }
  }
  return ways;
}

function checkFlow(name: string, flow: Flow, lists: Lists): void {
  for (const [id, step] of Object.entries(flow.steps)) {
    checkScreen(name, flow, id, step);
    if (step.ask !== 'choice' && step.ask !== 'choices') continue;
    if (step.options && step.list) throw broken(name, id, 'both options and list', 'keep one of them');
    if (!step.options?.length && !step.list) throw broken(name, id, 'no options', 'add options or a list');
    const unknown = Object.keys(step.offered_when ?? {}).find((code) => !step.options?.includes(code));
    if (unknown)
      throw broken(name, id, `offered_when names no option: "${unknown}"`, 'name one of its options');
    if (step.list && !lists.has(step.list)) {
      throw broken(
        name,
        id,
        `list "${step.list}" is unknown`,
        `add flows/lists/${step.list}.yaml or correct the name`,
      );
    }
    if (step.filter && !step.list) throw broken(name, id, 'filter without a list', 'name the list');
  }
}

/** A room has pages and nothing else, since an answer would be kept; and pages stand in a room alone. */
function checkScreen(name: string, flow: Flow, id: string, step: Step): void {
  const isRoom = flow.keeps === 'nothing';
  if (isRoom !== (step.ask === 'screen'))
    throw broken(
      name,
      id,
      isRoom ? 'asks something in a flow that keeps nothing' : 'a screen in a flow that keeps answers',
      'write "ask: screen" in flows with "keeps: nothing", and only there',
    );
  if (step.ask === 'screen' && (step.when || step.next || step.required))
    throw broken(name, id, 'a screen has no when, next or required', 'its buttons stand in leads_to');
}

function parseFlow(file: FlowFile): Flow {
  const parsed = flowSchema.safeParse(file.content);
  if (parsed.success) return parsed.data;
  throw fromIssue(file.name, parsed.error.issues[0]);
}

function parseList(file: FlowFile): CodeList {
  const parsed = listSchema.safeParse(file.content);
  if (parsed.success) return parsed.data;
  throw fromIssue(file.name, parsed.error.issues[0]);
}

/** One line for a person: file, where in it, what is wrong and what to write instead. */
function fromIssue(name: string, issue: { path: PropertyKey[]; message: string } | undefined): LakanaError {
  const path = (issue?.path ?? []).map(String);
  const [top, id, ...rest] = path;
  const where = top === 'steps' && id ? id : undefined;
  const key = (where ? rest : path).join('.');
  return broken(
    name,
    where,
    `${key ? `${key}: ` : ''}${issue?.message ?? 'not readable'}`,
    'see docs/flows.md',
  );
}

function broken(file: string, step: string | undefined, what: string, mend: string): LakanaError {
  return new LakanaError('flow_invalid', `${file}${step ? `, step ${step}` : ''}: ${what}; ${mend}`);
}

function hashOf(flows: readonly Flow[], lists: readonly CodeList[]): string {
  // A room keeps no answers that would have to be asked again.
  const asking = flows.filter(({ keeps }) => keeps === undefined);
  const sorted = asking.sort((a, b) => a.flow.localeCompare(b.flow));
  const sortedLists = [...lists].sort((a, b) => a.list.localeCompare(b.list));
  return createHash('sha256')
    .update(JSON.stringify([sorted, sortedLists]))
    .digest('base64url')
    .slice(0, 22);
}
