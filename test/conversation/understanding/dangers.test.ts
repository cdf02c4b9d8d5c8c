/** Danger as people in Mali type it, and calm sentences beside it: how much of both is offered SOS. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { calmPerson, Person, walkTo } from '../person.ts';

const read = (file: string) =>
  parse(readFileSync(`test/conversation/understanding/${file}.yaml`, 'utf8')) as Record<string, string[]>;
const dangers = read('dangers');
const calm = read('calm');

const told = walkTo(calmPerson(), 'report.account');
/** Offered SOS, or people are called already. */
const isHeard = (person: Person): boolean =>
  person.keys.includes('bot.sos_offer') || person.case !== undefined;

function asAccount(words: string): Person {
  const person = new Person();
  person.state = structuredClone(told.state);
  person.now = told.now;
  return person.writes(words);
}
const asFirst = (words: string) => new Person({ hint: 'fr' }).writes(words);

describe('four hundred dangers, twenty kinds in twenty wordings each', () => {
  const all = Object.values(dangers).flat();

  it('are all different', () => {
    expect(Object.values(dangers).map((each) => each.length)).toEqual(Array.from({ length: 20 }, () => 20));
    expect(new Set(all).size).toBe(400);
  });

  it.each([
    ['told as the account', asAccount],
    ['written first of all', asFirst],
  ])(
    '%s: 390 at least are offered SOS or call people, and of each kind 18 (before the lists grew: 254)',
    (how, tell) => {
      const missed = all.filter((words) => !isHeard(tell(words)));
      // biome-ignore lint/suspicious/noConsole: who mends the words wants to see what was not heard
      console.info(`dangers ${how}: ${400 - missed.length} of 400 heard; not heard: ${missed.join(' | ')}`);
      expect(missed.length).toBeLessThanOrEqual(10);
      for (const [kind, words] of Object.entries(dangers))
        expect({ kind, missed: words.filter((each) => !isHeard(tell(each))).length <= 2 }).toEqual({
          kind,
          missed: true,
        });
    },
  );
});

describe('a hundred calm sentences', () => {
  it.each([
    ['told as the account', asAccount],
    ['written first of all', asFirst],
  ])('%s: five at most are offered SOS', (how, tell) => {
    const { other = [], hours = [] } = calm;
    expect(other).toHaveLength(100);
    const offered = other.filter((words) => isHeard(tell(words)));
    // biome-ignore lint/suspicious/noConsole: who mends the words wants to see what was taken for danger
    console.info(`calm ${how}: ${offered.length} of 100 offered SOS: ${offered.join(' | ')}`);
    expect(offered.length).toBeLessThanOrEqual(5);
    expect(hours.filter((words) => isHeard(tell(words))).length).toBeLessThanOrEqual(2);
  });

  it('call no one', () => {
    expect(
      Object.values(calm)
        .flat()
        .filter((words) => asAccount(words).case !== undefined),
    ).toEqual([]);
  });
});
