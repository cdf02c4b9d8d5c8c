/** Accounts as people write them, tried by what calls people by itself (rule U14): how many are missed, and how many call for nothing. */
import { z } from 'zod';
import { tellsGraveDanger } from '../words/grave.ts';
import type { Texts } from '../words/texts.ts';

const half = z.strictObject({ tune: z.array(z.string()).min(1), judge: z.array(z.string()).min(1) });
/** `tune`: words are mended by looking at these. `judge`: how well that went. */
export const accountsSchema = z.strictObject({ grave: half, calm: half });
export type Accounts = z.infer<typeof accountsSchema>;

/** Of one part: how many there are, and which were taken wrongly. */
export type Alarms = {
  part: 'tune' | 'judge';
  grave: number;
  calm: number;
  missed: readonly string[];
  forNothing: readonly string[];
};

/**
 * At most this share of grave accounts may be missed, and of calm ones may call people. Of accounts that nobody looked at while
 * mending a word list hears less: what it was when it was last measured may not become worse.
 */
const MOST = {
  tune: { missed: 0.05, forNothing: 0.15 },
  judge: { missed: 0.4, forNothing: 0.15 },
} as const;

export function tryAlarms(texts: Texts, accounts: Accounts): Alarms[] {
  const tells = (account: string) => tellsGraveDanger(texts, account);
  return (['tune', 'judge'] as const).map((part) => ({
    part,
    grave: accounts.grave[part].length,
    calm: accounts.calm[part].length,
    missed: accounts.grave[part].filter((account) => !tells(account)),
    forNothing: accounts.calm[part].filter(tells),
  }));
}

/** Whether both parts keep to their bounds. */
export function areHeard(alarms: readonly Alarms[]): boolean {
  return alarms.every(
    ({ part, grave, calm, missed, forNothing }) =>
      missed.length <= MOST[part].missed * grave && forNothing.length <= MOST[part].forNothing * calm,
  );
}

/** Both rates of both parts as a Markdown table, and which accounts of the first were taken wrongly. */
export function alarmsTable(alarms: readonly Alarms[]): string {
  const percent = (part: number) => `${Math.round(100 * part)} %`;
  const share = (some: readonly string[], all: number, most: number) =>
    `${some.length} of ${all}: ${percent(some.length / all)}, at most ${percent(most)}`;
  const rows = alarms.map(
    ({ part, grave, calm, missed, forNothing }) =>
      `| ${part} | ${share(missed, grave, MOST[part].missed)} | ${share(forNothing, calm, MOST[part].forNothing)} |`,
  );
  const wrong = alarms
    .filter(({ part }) => part === 'tune')
    .flatMap(({ missed, forNothing }) => [
      ...missed.map((account) => `missed: ${account}`),
      ...forNothing.map((account) => `called people for nothing: ${account}`),
    ]);
  return [
    '| accounts (rule U14) | grave ones missed | calm ones that call people |',
    '|---|--:|--:|',
    ...rows,
    ...(wrong.length > 0 ? ['', ...wrong] : []),
  ].join('\n');
}
