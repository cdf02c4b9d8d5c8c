import fc from 'fast-check';
import { expect } from 'vitest';
import { NAMES, REMEMBERED, type Story, stories } from './story-steps.ts';
import { openTwoPeople, type TwoPeople } from './two-people.ts';

/**
 * Tells so many stories and shrinks one that fails. All happen to one number and one database, two new people each;
 * what comes after a failure happens to fresh ones. After `withinMs` it fails and says which story it was at, rather
 * than be cut off in the middle of shrinking, without a word.
 */
export async function twoPeopleStayTwo(runs: number, withinMs: number): Promise<void> {
  let world: TwoPeople | undefined;
  const closes = async () => {
    await world?.close();
    world = undefined;
  };
  const holds = async (story: Story) => {
    world ??= await openTwoPeople();
    try {
      await proves(world, story);
    } catch (error) {
      await closes();
      throw error;
    }
  };
  try {
    const examples = REMEMBERED.map((story): [Story] => [story]);
    await fc.assert(fc.asyncProperty(stories, holds), {
      numRuns: runs + examples.length,
      examples,
      interruptAfterTimeLimit: withinMs,
      markInterruptAsFailure: true,
    });
  } finally {
    await closes();
  }
}

async function proves(world: TwoPeople, story: Story): Promise<void> {
  const { people, sent, said } = await world.plays(story);
  const speakers = NAMES.filter((name) => sent[name].length > 0);
  // As many contacts as people, each with all of one person's messages, once and in order.
  const wanted = speakers.map((name) => sent[name].map((_, n) => `${name} ${n + 1}`));
  expect([...said.values()].toSorted()).toEqual(wanted.toSorted());
  // What is for one of them reaches her and nobody else.
  const letters = new Map([...said].map(([address, [first = '']]) => [address, `pour qui a dit ${first}`]));
  await world.answers(letters);
  for (const name of NAMES) {
    const heard = people[name].shown().filter(({ fromBot }) => fromBot);
    const meant = speakers.includes(name) ? [`pour qui a dit ${name} 1`] : [];
    expect(heard.map(({ text }) => text)).toEqual(meant);
  }
}
