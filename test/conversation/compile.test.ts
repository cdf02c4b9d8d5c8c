import { describe, expect, it } from 'vitest';
import { loadFlows } from '../../src/app/ground/load-flows.ts';
import { compileFlows, nextPath } from '../../src/conversation/flows/compile.ts';
import { flowsDiagram } from '../../src/conversation/flows/diagram.ts';
import { conversation } from './person.ts';

const small = (steps: object) => [
  {
    name: 'flows/menu.yaml',
    content: {
      flow: 'menu',
      version: 1,
      steps: { home: { ask: 'choice', options: ['report'], next: 'report' } },
    },
  },
  { name: 'flows/sos.yaml', content: { flow: 'sos', version: 1, steps: { where: { ask: 'text' } } } },
  { name: 'flows/report.yaml', content: { flow: 'report', version: 1, steps } },
];
const NOW = new Date('2026-11-24T10:00:00Z');

describe('a member of staff who changes a questionnaire', () => {
  it.each([
    [{ a: { ask: 'chioce' } }, 'flows/report.yaml, step a'],
    [{ a: { ask: 'text', nxt: 'b' } }, 'flows/report.yaml, step a'],
    [{ a: { ask: 'text', next: 'nowhere' } }, '"nowhere" is no step'],
    [{ a: { ask: 'choice', list: 'unknown_list' } }, 'flows/lists/unknown_list.yaml'],
    [{ a: { ask: 'choice' } }, 'step a: no options'],
    [{ a: { ask: 'choice', options: ['x'], offered_when: { y: { b: 'yes' } } } }, 'names no option: "y"'],
    [{}, 'add at least one step'],
  ])('wrongly (%j) is told in one line where', (steps, line) => {
    const attempt = () => compileFlows(small(steps));
    expect(attempt).toThrow(line);
    try {
      attempt();
    } catch (error) {
      expect((error as Error).message).not.toContain('\n');
    }
  });

  it('leads people on by the conditions they wrote, in their order', () => {
    const flows = compileFlows(
      small({
        a: { ask: 'choice', options: ['x', 'y'], next: [{ to: 'c', when: { a: 'y' } }] },
        b: { ask: 'text', next: 'menu' },
        c: { ask: 'text' },
      }),
    );
    const answers = (value: string) => ({ a: { kind: 'choice', value } as const });
    expect(nextPath(flows, 'report.a', answers('y'), NOW)).toBe('report.c');
    expect(nextPath(flows, 'report.a', answers('x'), NOW)).toBe('report.b');
    expect(nextPath(flows, 'report.c', {}, NOW)).toBe('menu.home');
  });

  it('gets another hash for any other content, and the same for the same', () => {
    const one = compileFlows(small({ a: { ask: 'text' } }));
    expect(compileFlows(small({ a: { ask: 'text' } })).hash).toBe(one.hash);
    expect(compileFlows([...small({ a: { ask: 'text' } })].reverse()).hash).toBe(one.hash);
    expect(compileFlows(small({ a: { ask: 'text', required: true } })).hash).not.toBe(one.hash);
  });

  it('can look at a picture of it', () => {
    const picture = flowsDiagram(conversation.flows);
    expect(picture).toMatch(/^flowchart TD/);
    for (const path of conversation.flows.steps.keys()) expect(picture).toContain(path.replace('.', '__'));
  });

  it('is told about a folder that is not there', async () => {
    const missing = loadFlows(
      { flows: 'flows', locales: 'locales' },
      { languages: ['fr', 'xx'], defaultLanguage: 'fr' },
    );
    await expect(missing).rejects.toThrow('locales/xx');
  });
});
