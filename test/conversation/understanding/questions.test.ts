/** What people ask in the room to read in, and whether the chapter that answers is offered. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { searchOf } from '../../../src/conversation/chapters/search.ts';
import { conversation, Person, texts } from '../person.ts';

type Asked = { asks: string; finds: string };
const { tuned, held } = parse(readFileSync('flows/understanding/questions.yaml', 'utf8')) as Record<
  'tuned' | 'held',
  Asked[]
>;

const search = searchOf(conversation.flows, texts);
const isFound = ({ asks, finds }: Asked): boolean => search(asks, 'fr').includes(`mechanism.${finds}`);

describe('people who ask about the mechanism as they type', () => {
  it('are sixty, half of whom no one had in sight when the words were chosen', () => {
    expect([tuned.length, held.length]).toEqual([30, 30]);
    const all = [...tuned, ...held].map(({ asks }) => asks);
    expect(new Set(all).size).toBe(60);
    for (const { finds } of [...tuned, ...held])
      expect(conversation.flows.steps.get(`mechanism.${finds}`)?.step.ask).toBe('screen');
  });

  it('are offered the chapter that answers them, fifty of sixty at least', () => {
    const missed = [...tuned, ...held].filter((each) => !isFound(each));
    const found = (asked: readonly Asked[]) => asked.filter(isFound).length;
    const lines = missed.map(({ asks, finds }) => `${finds}: "${asks}" → ${search(asks, 'fr').join(', ')}`);
    // Those that nobody had in sight tell how it goes with others.
    expect(found(held), lines.join('\n')).toBeGreaterThanOrEqual(25);
    expect(found(tuned) + found(held), lines.join('\n')).toBeGreaterThanOrEqual(50);
  });

  it('are not told that they told something', () => {
    const told = [...tuned, ...held].filter(({ asks }) => {
      const person = new Person().writes('comprendre').writes(asks);
      return person.keys.includes('bot.room_story');
    });
    expect(told).toEqual([]);
  });
});
