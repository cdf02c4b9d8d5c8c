/** What people ask in the room to read in, and whether the chapter that answers is offered. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectUnderstanding } from '../../../src/commands/flows.ts';
import { searchOf } from '../../../src/conversation/chapters/search.ts';
import {
  areFound,
  questionsSchema,
  questionsTable,
  seekAll,
} from '../../../src/conversation/transcripts/questions.ts';
import { conversation, Person, texts } from '../person.ts';

const questions = questionsSchema.parse(parse(readFileSync('flows/understanding/questions.yaml', 'utf8')));
const all = [...questions.tuned, ...questions.held];
const sought = seekAll(searchOf(conversation.flows, texts), questions, 'fr');

describe('people who ask about the mechanism as they type', () => {
  it('are sixty, half of whom no one had in sight when the words were chosen', () => {
    expect([questions.tuned.length, questions.held.length]).toEqual([30, 30]);
    expect(new Set(all.map(({ asks }) => asks)).size).toBe(60);
    for (const { finds } of all)
      expect(conversation.flows.steps.get(`mechanism.${finds}`)?.step.ask).toBe('screen');
  });

  it('are offered the chapter that answers them, fifty of sixty at least; the tool prints which were not', async () => {
    expect(areFound(sought), questionsTable(sought)).toBe(true);
    const { text, exitCode = 0 } = await projectUnderstanding();
    expect(text).toContain(questionsTable(sought));
    expect(text).toMatch(/questions that find their chapter +\d\d of 60/);
    expect(exitCode).toBe(0);
  }, 60_000);

  it('are offered nothing rather than a chapter that has one of their words by chance', () => {
    expect(questions.nothing.length).toBeGreaterThanOrEqual(10);
    expect(sought.nonsense).toEqual([]);
    const worse = { ...questions, nothing: ['combien ça coûte'] };
    expect(areFound(seekAll(searchOf(conversation.flows, texts), worse, 'fr'))).toBe(false);
  });

  it('find the first chapter first if they ask who defends, and the one on the price if they ask what it costs', () => {
    const first = (asks: string) => searchOf(conversation.flows, texts)(asks, 'fr')[0];
    expect(first("c'est quoi une personne qui défend des droits")).toBe('mechanism.defender');
    expect(first('combien ça coûte')).toBe('mechanism.refer');
  });

  it('are not told that they told something', () => {
    const told = [...all.map(({ asks }) => asks), "est ce que vous pouvez me donner de l'argent"].filter(
      (asks) => new Person().writes('comprendre').writes(asks).keys.includes('bot.room_story'),
    );
    expect(told).toEqual([]);
  });
});
