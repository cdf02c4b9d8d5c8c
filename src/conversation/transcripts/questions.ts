/**
 * Whether people find the chapter that answers them: questions as they type them (`flows/understanding/questions.yaml`), looked
 * for as in the room to read in. Pure; `./lakana flows check --understanding` prints it.
 */
import { z } from 'zod';
import type { Search } from '../chapters/search.ts';

const asked = z.strictObject({ asks: z.string(), finds: z.string() });
/** `tuned`: the words of chapters were chosen with these in sight; `held`: not. `nothing`: no chapter is about it. */
export const questionsSchema = z.strictObject({
  tuned: z.array(asked),
  held: z.array(asked),
  nothing: z.array(z.string()),
});
export type Questions = z.infer<typeof questionsSchema>;

type Asked = z.infer<typeof asked> & { isHeld: boolean; found: string[] };
export type Sought = { asked: Asked[]; nonsense: { asks: string; found: string[] }[] };

const chapter = (path: string): string => path.split('.')[1] ?? path;

/** What is offered for each. */
export function seekAll(search: Search, { tuned, held, nothing }: Questions, language: string): Sought {
  const found = (asks: string) => search(asks, language).map(chapter);
  const seek = (isHeld: boolean) => (each: z.infer<typeof asked>) => ({
    ...each,
    isHeld,
    found: found(each.asks),
  });
  return {
    asked: [...tuned.map(seek(false)), ...held.map(seek(true))],
    nonsense: nothing.map((asks) => ({ asks, found: found(asks) })).filter((each) => each.found.length > 0),
  };
}

const isFound = ({ finds, found }: Asked): boolean => found.includes(finds);

/** Fifty of sixty, and of those that nobody had in sight five of six; none for what no chapter is about. */
export function areFound({ asked: all, nonsense }: Sought): boolean {
  const held = all.filter(({ isHeld }) => isHeld);
  const share = (some: readonly Asked[]) => some.filter(isFound).length / Math.max(1, some.length);
  return share(all) >= 5 / 6 && share(held) >= 5 / 6 && nonsense.length === 0;
}

/** How many found their chapter, and those that did not, as lines to print. */
export function questionsTable({ asked: all, nonsense }: Sought): string {
  const line = (name: string, some: readonly Asked[]) =>
    `${name.padEnd(36)} ${some.filter(isFound).length} of ${some.length}`;
  return [
    line('questions that find their chapter', all),
    line(
      'of those that nobody had in sight',
      all.filter(({ isHeld }) => isHeld),
    ),
    `${'find one where no chapter is'.padEnd(36)} ${nonsense.length}`,
    ...all
      .filter((each) => !isFound(each))
      .map(
        ({ asks, finds, found }) =>
          `  missed: "${asks}" (${finds}), offered ${found.join(', ') || 'nothing'}`,
      ),
    ...nonsense.map(({ asks, found }) => `  nonsense: "${asks}", offered ${found.join(', ')}`),
  ].join('\n');
}
