/**
 * The messengers that stories of every channel are played on: each of the list, by the file of its name beside this one, and one
 * that only these tests know. A messenger that is added to the list without such a file stops the stories.
 */
import { MESSENGERS } from '../../../src/messengers/list.ts';
import type { Messenger, Opening } from './messenger.ts';
import { pigeon } from './pigeon.ts';

type Stories = { opening: Opening<Messenger>; otherWays?: readonly Opening<Messenger>[] };

const ofList = await Promise.all(
  MESSENGERS.map(async ({ kind }): Promise<Stories> => (await import(`../messengers/${kind}.ts`)).stories),
);

/** For `describe.each(EVERY_MESSENGER)('on $name', …)`. */
export const EVERY_MESSENGER: readonly Opening<Messenger>[] = [
  ...ofList.map(({ opening }) => opening),
  pigeon,
];

/** The same, and each messenger by all ways in which it brings messages. */
export const EVERY_WAY: readonly Opening<Messenger>[] = [
  ...ofList.flatMap(({ opening, otherWays = [] }) => [opening, ...otherWays]),
  pigeon,
];
