/** How long a report is: the table of `./lakana flows check --screens`, and the same people talking to the real engine. */
import { describe, expect, it } from 'vitest';
import { JOURNEYS, type Journey, screensOf, screensTable } from '../../src/conversation/checks/screens.ts';
import { compileFlows } from '../../src/conversation/flows/compile.ts';
import { projectContent } from '../content/content.ts';
import { Person } from './person.ts';

const { flows, triage } = projectContent();
const NOW = new Date('2026-11-24T10:00:00Z');
const journey = (words: string): Journey => {
  const found = JOURNEYS.find(({ who }) => who.includes(words));
  if (!found) throw new Error(`no journey "${words}"`);
  return found;
};

describe('an adult who reports about themselves', () => {
  it.each(JOURNEYS)('$who: at most $most screens', (each) => {
    expect(screensOf(flows, triage, each, NOW).length).toBeLessThanOrEqual(each.most);
  });

  it('is promised no more than the table says', () => {
    const bounds = JOURNEYS.map(({ most }) => most);
    expect(bounds).toEqual([8, 9, 16, 20, 3]);
    expect(screensTable(flows, triage, NOW).isKept).toBe(true);
  });

  it('is over the bound as soon as one more question is asked of everybody', () => {
    const changed = [...flows.flows.values()].map((flow) => structuredClone(flow));
    for (const { flow, steps } of changed)
      if (flow === 'report' && steps.contact_number) delete steps.contact_number.when;
    const longer = compileFlows(
      changed.map((content) => ({ name: content.flow, content })),
      [...flows.lists.values()].map((content) => ({ name: content.list, content })),
      flows.knowledge,
    );
    expect(screensOf(longer, triage, journey('calm'), NOW)).toHaveLength(9);
    expect(screensTable(longer, triage, NOW).isKept).toBe(false);
  });

  it('with a death threat is asked everything that can still make it more urgent', () => {
    const asked = screensOf(flows, triage, journey('death threat'), NOW).map((path) => path.split('.')[1]);
    for (const id of ['threat_signs', 'safe_place', 'colleague_attacked', 'course'])
      expect(asked).toContain(id);
  });

  it('cries SOS: the alert goes out with the first message, and three questions follow', () => {
    const person = new Person().writes('SOS');
    expect(person.did('open_case')).toMatchObject([{ triage: { level: 'critical' } }]);
    const asked = [person.at];
    asked.push(person.writes('Kati').at, person.picks('yes').at);
    expect(asked).toEqual(screensOf(flows, triage, journey('SOS'), NOW));
  });

  it.each(['calm report', 'death threat', 'detention'])('meets these screens and no other: %s', (words) => {
    const told = journey(words);
    const expected = screensOf(flows, triage, told, NOW);
    const person = new Person().writes('bonjour');
    const seen: string[] = [];
    for (let moves = 0; moves < 100 && !person.state?.isSubmitted; moves++) {
      if (seen.at(-1) !== person.at) seen.push(person.at);
      const isOver = seen.length === expected.length;
      if (isOver && person.at !== 'report.account') person.writes('envoyer');
      else answer(person, told);
    }
    expect(seen).toEqual(expected);
    expect(person.state?.isSubmitted).toBe(true);
  });
});

function answer(person: Person, { says }: Journey): void {
  const id = person.at.split('.')[1] ?? '';
  const said = says[id];
  if (id === 'review') person.picks('+go_on');
  else if (said?.kind === 'choice') person.picks(said.value);
  else if (said?.kind === 'account') person.writes('On me menace depuis lundi.').presses('done');
  else if (said?.kind === 'place') person.writes('au marché');
  else person.presses('skip');
}
