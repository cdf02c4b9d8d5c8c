/** Whether the questions hang together: reached, left again, and complete where the service relies on them. */

import { CONTACT_HOURS } from '../../kernel/vocabulary.ts';
import { PLACE_LISTS } from '../flows/code-lists.ts';
import type { Flows, PlacedStep } from '../flows/compile.ts';
import type { Problem } from './problem.ts';
import { fileOf } from './problem.ts';

/** Steps that the engine knows by name, with the options it sets or reads. */
const RELIED_ON: Readonly<Record<string, readonly string[]>> = {
  'menu.language': [],
  'menu.home': [],
  'sos.where': [],
  'sos.safe': ['yes', 'no', 'certain_hours'],
  'sos.safe_hours': CONTACT_HOURS,
  'report.danger': ['now', 'within_24h', 'none', 'unknown', 'unclear', 'sos'],
  'report.consent': ['yes', 'no'],
  'report.phone_safe': ['yes', 'no'],
  'report.account': [],
  'report.contact_how': ['here_any_time', 'here_certain_hours', 'call', 'trusted_person', 'no_contact'],
  'report.contact_hours': CONTACT_HOURS,
  'report.review': [],
};
/** Without these a report helps nobody or harms the reporter: they may not be skipped. */
const REQUIRED = ['danger', 'consent', 'who', 'account', 'contact_how', 'review'];

export function checkFlowGraph(flows: Flows): Problem[] {
  return [
    ...reliedOn(flows),
    ...unreached(flows),
    ...trapped(flows),
    ...filters(flows),
    ...placeLists(flows),
    ...recipients(flows),
  ];
}

/** Every code that can be the answer to a step: offered, of its list, hidden, or yes and no. */
export function codesOfStep(flows: Flows, { step }: PlacedStep): string[] {
  if (step.ask === 'yes_no') return ['yes', 'no'];
  if (step.ask === 'review') return ['send', 'more'];
  if (step.ask !== 'choice' && step.ask !== 'choices') return [];
  const listed = step.list ? Object.keys(flows.lists.get(step.list)?.entries ?? {}) : [];
  return [...(step.options ?? []), ...listed, ...(step.hidden ?? [])];
}

function reliedOn(flows: Flows): Problem[] {
  const steps = Object.entries(RELIED_ON).flatMap(([path, codes]): Problem[] => {
    const placed = flows.steps.get(path);
    const [flow = '', id = ''] = path.split('.');
    const file = fileOf({ flow });
    if (!placed)
      return [{ file, key: id, problem: 'this step is missing', mend: 'the service needs it: put it back' }];
    const known = codesOfStep(flows, placed);
    return codes
      .filter((code) => !known.includes(code))
      .map((code) => ({
        file,
        key: id,
        problem: `the option "${code}" is missing`,
        mend: 'the service needs it: put it back',
      }));
  });
  const required = REQUIRED.map((id) => flows.steps.get(`report.${id}`))
    .filter((placed) => placed !== undefined && !placed.step.required)
    .map((placed) => ({
      file: 'flows/report.yaml',
      key: placed?.id ?? '',
      problem: 'this question may be skipped',
      mend: 'write required: true',
    }));
  return [...steps, ...required];
}

function reach(
  flows: Flows,
  from: readonly string[],
  onward: (path: string) => readonly string[],
): Set<string> {
  const seen = new Set(from.filter((path) => flows.steps.has(path)));
  for (const path of seen) for (const to of onward(path)) seen.add(to);
  return seen;
}

function unreached(flows: Flows): Problem[] {
  // The SOS word leads to the sos flow from anywhere, and a new number from the menu to its own.
  const firstOf = (flow: string) =>
    Object.keys(flows.flows.get(flow)?.steps ?? {})
      .slice(0, 1)
      .map((step) => `${flow}.${step}`);
  const roots = [flows.entry, ...firstOf('sos'), ...firstOf('number')];
  const reached = reach(flows, roots, (path) => (flows.ways.get(path) ?? []).map((way) => way.to));
  return [...flows.steps.values()]
    .filter((placed) => !reached.has(placed.path))
    .map((placed) => ({
      file: fileOf(placed),
      key: placed.id,
      problem: 'no way leads to this step',
      mend: 'name it in a "next", or take it out',
    }));
}

/** From every step there must be a way back to the menu. */
function trapped(flows: Flows): Problem[] {
  const back = new Map<string, string[]>();
  for (const [path, ways] of flows.ways) {
    for (const way of ways) back.set(way.to, [...(back.get(way.to) ?? []), path]);
  }
  const free = reach(flows, ['menu.home'], (path) => back.get(path) ?? []);
  return [...flows.steps.values()]
    .filter((placed) => !free.has(placed.path))
    .map((placed) => ({
      file: fileOf(placed),
      key: placed.id,
      problem: 'from here no way leads back to the menu',
      mend: 'change its "next"',
    }));
}

/** A filtered list must have entries for what can be answered, and no entry that is never offered. */
function filters(flows: Flows): Problem[] {
  return [...flows.steps.values()].flatMap((placed): Problem[] => {
    const { step, id } = placed;
    if ((step.ask !== 'choice' && step.ask !== 'choices') || !step.filter || !step.list) return [];
    const list = flows.lists.get(step.list);
    return Object.entries(step.filter).flatMap(([attribute, source]): Problem[] => {
      const from = flows.steps.get(flows.pathsOf.get(source)?.[0] ?? '');
      if (!from) {
        const mend = 'name the step whose answer filters the list';
        return [{ file: fileOf(placed), key: id, problem: `the filter names no step "${source}"`, mend }];
      }
      const codes = codesOfStep(flows, from);
      return Object.entries(list?.entries ?? {})
        .filter(([, attributes]) => !codes.includes(attributes?.[attribute] ?? ''))
        .map(([code]) => ({
          file: `flows/lists/${step.list}.yaml`,
          key: code,
          problem: `its ${attribute} is no answer to "${source}", so it is never offered`,
          mend: `give it one of: ${codes.join(', ')}`,
        }));
    });
  });
}

function placeLists(flows: Flows): Problem[] {
  const missing = PLACE_LISTS.filter((name) => !flows.lists.has(name)).map((name) => ({
    file: `flows/lists/${name}.yaml`,
    key: name,
    problem: 'this list is missing',
    mend: 'the questions about places need it: put it back',
  }));
  return [
    ...missing,
    ...inList(flows, 'regions', 'zone', 'zones'),
    ...inList(flows, 'cercles', 'region', 'regions'),
  ];
}

function inList(flows: Flows, name: string, attribute: string, other: string): Problem[] {
  const known = flows.lists.get(other)?.entries ?? {};
  return Object.entries(flows.lists.get(name)?.entries ?? {})
    .filter(([, attributes]) => known[attributes?.[attribute] ?? ''] === undefined)
    .map(([code]) => ({
      file: `flows/lists/${name}.yaml`,
      key: code,
      problem: `its ${attribute} stands in no entry of ${other}`,
      mend: `correct the ${attribute}`,
    }));
}

/** Those who may see what is recorded by a code that stays. */
function recipients(flows: Flows): Problem[] {
  const known = Object.keys(flows.lists.get('sharing_scopes')?.entries ?? {});
  return [...flows.steps.values()].flatMap((placed): Problem[] => {
    const to = 'records' in placed.step ? placed.step.records?.to : undefined;
    if (to === undefined || known.includes(to)) return [];
    const mend = `write one of: ${known.join(', ')}`;
    return [{ file: fileOf(placed), key: placed.id, problem: `there is no recipient "${to}"`, mend }];
  });
}
