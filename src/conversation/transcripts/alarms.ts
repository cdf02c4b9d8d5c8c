/** Accounts as people write them, tried by what calls people by itself (rule U14) and by what only sounds grave (H9). */
import { z } from 'zod';
import { type Examples, soundsGrave } from '../reading/learned.ts';
import { tellsGraveDanger } from '../words/grave.ts';
import type { Texts } from '../words/texts.ts';

const half = z.strictObject({ tune: z.array(z.string()).min(1), judge: z.array(z.string()).min(1) });
/** `tune`: words are mended by looking at these. `judge`: how well that went. */
export const accountsSchema = z.strictObject({ grave: half, calm: half });
export type Accounts = z.infer<typeof accountsSchema>;

/** Those that may be learned from: never the ones that judge. */
export const examplesOf = ({ grave, calm }: Accounts): Examples => ({ grave: grave.tune, calm: calm.tune });

/** Of one part: how many there are, and which were taken wrongly: by what calls people, and by either measure. */
export type Alarms = {
  part: 'tune' | 'judge';
  grave: number;
  calm: number;
  missed: readonly string[];
  forNothing: readonly string[];
  unheard: readonly string[];
  raised: readonly string[];
};

/**
 * At most this share of grave accounts may call nobody, or be heard in no way (`unheard`), and of calm ones may call people, or
 * be put before others (`raised`). `judge` is hard, and was looked at by nobody while words were mended and weights were learned:
 * what it was when it was last measured may not become worse.
 */
const MOST = {
  tune: { missed: 0.15, forNothing: 0.05, unheard: 0.05, raised: 0.05 },
  judge: { missed: 0.64, forNothing: 0.06, unheard: 0.36, raised: 0.2 },
} as const;

export function tryAlarms(texts: Texts, accounts: Accounts): Alarms[] {
  const calls = (account: string) => tellsGraveDanger(texts, account);
  const sounds = soundsGrave(examplesOf(accounts));
  const isHeard = (account: string) => calls(account) || sounds(account);
  return (['tune', 'judge'] as const).map((part) => ({
    part,
    grave: accounts.grave[part].length,
    calm: accounts.calm[part].length,
    missed: accounts.grave[part].filter((account) => !calls(account)),
    forNothing: accounts.calm[part].filter(calls),
    unheard: accounts.grave[part].filter((account) => !isHeard(account)),
    raised: accounts.calm[part].filter(isHeard),
  }));
}

/** Whether both parts keep to their bounds. */
export function areHeard(alarms: readonly Alarms[]): boolean {
  return alarms.every(
    ({ part, grave, calm, missed, forNothing, unheard, raised }) =>
      missed.length <= MOST[part].missed * grave &&
      forNothing.length <= MOST[part].forNothing * calm &&
      unheard.length <= MOST[part].unheard * grave &&
      raised.length <= MOST[part].raised * calm,
  );
}

/** The rates of both parts as a Markdown table, and which accounts of the first were taken wrongly. */
export function alarmsTable(alarms: readonly Alarms[]): string {
  const percent = (part: number) => `${Math.round(100 * part)} %`;
  const share = (some: readonly string[], all: number, most: number) =>
    `${some.length} of ${all}: ${percent(some.length / all)}, at most ${percent(most)}`;
  const rows = alarms.flatMap(({ part, grave, calm, missed, forNothing, unheard, raised }) => [
    `| ${part}: calls people (U14) | ${share(missed, grave, MOST[part].missed)} | ${share(forNothing, calm, MOST[part].forNothing)} |`,
    `| ${part}: or offers SOS and is high (H9) | ${share(unheard, grave, MOST[part].unheard)} | ${share(raised, calm, MOST[part].raised)} |`,
  ]);
  const wrong = alarms
    .filter(({ part }) => part === 'tune')
    .flatMap(({ unheard, forNothing }) => [
      ...unheard.map((account) => `missed: ${account}`),
      ...forNothing.map((account) => `called people for nothing: ${account}`),
    ]);
  return [
    '| accounts | grave ones missed | calm ones taken for grave |',
    '|---|--:|--:|',
    ...rows,
    ...(wrong.length > 0 ? ['', ...wrong] : []),
  ].join('\n');
}
