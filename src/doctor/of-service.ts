/**
 * What `doctor` says, for the room of the console: the same checks in the same words, looked at from the process of the
 * service.
 *
 * Invariants: who looks in the room sits at no terminal of this machine, and their session may be in other hands: no path of
 * the machine and no address of a database stands in a line; of what waits it is not said how much, since a member may be
 * excluded from the case it belongs to; what only the operator's shell shows is said to be unseen. The machine, its messengers
 * and its ways to page are asked once in half a minute, however many look.
 */
import type { Channel } from '../channels/channel.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { Readiness } from '../http/health.ts';
import { atMostEvery } from '../kernel/at-most-every.ts';
import { minutes, seconds } from '../kernel/time.ts';
import { TOOL } from '../kernel/tool.ts';
import type { ChannelKind } from '../kernel/vocabulary.ts';
import { said } from '../service/thrown-in-words.ts';
import { askPaging } from './channels.ts';
import { type Check, fail, unseen } from './check.ts';
import { type Found, lookInside } from './database.ts';
import { type Diagnosis, lookAtAll } from './diagnose.ts';
import { checkEnvFile } from './machine.ts';
import { createHiding, placesOf } from './places.ts';
import { saidOfReadiness } from './running.ts';

const FRESH_MS = seconds(30);
const PATIENCE = minutes(2);

type Parts = {
  channels: ReadonlyMap<ChannelKind, Channel>;
  database: Pick<Database, 'db' | 'sql'>;
  readiness: () => Promise<Readiness>;
};

/** Lines that count cases, alerts, messages and files. */
const COUNTING: readonly string[] = [
  'alerts',
  'messages',
  'parked',
  'backlog',
  'fetching',
  'files',
  'signatures',
  'new team key',
];

/** What the room shows, and when it was looked at. */
export type Shown = Diagnosis & { at: Date };

/** Looks from within the service that these settings made. */
export function createDoctor(config: Config, parts: Parts): () => Promise<Shown> {
  const messengers: readonly string[] = config.everyMessenger.map(({ kind }) => kind);
  const ways = [...parts.channels.values()].filter(({ kind }) => !messengers.includes(kind));
  return atMostEvery(FRESH_MS, PATIENCE, async () => {
    const hide = createHiding(await placesOf(config));
    const found = await lookAtAll(config, {
      settings: unseen(
        'settings',
        'are those with which the service was started; what was changed since is not seen from here',
        `${TOOL} doctor on the machine`,
      ),
      envFile: seenEnvFile,
      paging: () => askPaging(ways),
      running: async () => saidOfReadiness(asSaid(await parts.readiness())),
      database: (isOutOfReach) => databaseOf(config, parts.database, isOutOfReach),
    });
    const checks = found.checks.map(({ detail, mend, ...check }) => ({
      ...check,
      detail: hide(COUNTING.includes(check.name) ? withoutCounts(detail) : detail),
      ...(mend === undefined ? {} : { mend: hide(mend) }),
    }));
    return { ...found, checks, missing: found.missing.map(hide), at: new Date() };
  });
}

/** Whole numbers before a word; sizes of disks stay. */
function withoutCounts(line: string): string {
  const words = line.split(' ');
  return words
    .map((word, n) => {
      const next = words[n + 1] ?? '';
      return /^\d+$/.test(word) && /^[a-z]/.test(next) ? 'some' : word;
    })
    .join(' ');
}

/** The rights of `.env`, as this process sees them; a hardened service may not see it at all. */
async function seenEnvFile(): Promise<Check[]> {
  const found = await checkEnvFile();
  if (found.length > 0) return found;
  return [
    unseen(
      '.env',
      'whether others on the machine can read it, and what their shell sets, is not seen from here for certain',
      `${TOOL} doctor on the machine`,
    ),
  ];
}

const asSaid = ({ checks }: Readiness) => ({
  ok: true,
  checks,
  warnings: checks.flatMap((check) => (check.ok || check.isVital ? [] : [check.name])),
});

async function databaseOf(
  config: Config,
  database: Parts['database'],
  isOutOfReach: boolean,
): Promise<Found> {
  try {
    return await lookInside(config, database);
  } catch (error) {
    const { code } = said(error);
    const check = fail('database', `does not answer (${code})`, `${TOOL} doctor on the machine`);
    return { checks: isOutOfReach ? [] : [check], missing: ['the database answers'] };
  }
}
