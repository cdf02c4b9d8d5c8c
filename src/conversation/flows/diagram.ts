import type { Flows } from './compile.ts';
import type { Condition } from './flow.ts';

/** Mermaid text of every flow, one box each: for people who change the questions. */
export function flowsDiagram(flows: Flows): string {
  const lines = ['flowchart TD'];
  for (const flow of flows.flows.values()) {
    lines.push(`  subgraph ${flow.flow}`);
    for (const [id, step] of Object.entries(flow.steps)) {
      const mark = step.required ? ' *' : '';
      lines.push(`    ${node(`${flow.flow}.${id}`)}["${id}${mark}<br/><i>${step.ask}</i>"]`);
    }
    lines.push('  end');
  }
  for (const [path, ways] of flows.ways) {
    for (const way of ways) {
      const label = way.when ? `|"${quoted(inWords(way.when))}"|` : '';
      lines.push(`  ${node(path)} -->${label} ${node(way.to)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const node = (path: string): string => path.replace('.', '__');
const quoted = (words: string): string => words.replaceAll('"', "'");

/** A condition in a few words: `danger = now / within_24h and not consent = yes`. */
function inWords(condition: Condition): string {
  if ('all' in condition && Array.isArray(condition.all)) return joined(condition.all, ' and ');
  if ('any' in condition && Array.isArray(condition.any)) return joined(condition.any, ' or ');
  if ('not' in condition && typeof condition.not === 'object')
    return `not ${inWords(condition.not as Condition)}`;
  return Object.entries(condition)
    .map(([step, test]) => `${step} = ${testInWords(test)}`)
    .join(' and ');
}

function joined(conditions: readonly unknown[], word: string): string {
  return conditions.map((each) => inWords(each as Condition)).join(word);
}

function testInWords(test: unknown): string {
  if (typeof test === 'string') return test;
  if (Array.isArray(test)) return test.join(' / ');
  return Object.entries(test as Record<string, unknown>)
    .map(([name, value]) => `${name} ${testInWords(typeof value === 'number' ? String(value) : value)}`)
    .join(', ');
}
