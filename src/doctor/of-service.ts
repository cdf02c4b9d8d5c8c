/**
 * What `doctor` says, for the room of the console: the same checks, in the language of the member who looks, from the process of
 * the service.
 *
 * Invariants: who looks in the room sits at no terminal of this machine, and their session may be in other hands: no path of
 * the machine and no address of a database stands in a line; of what waits it is not said how much, since a member may be
 * excluded from the case it belongs to; what only the operator's shell shows is said to be unseen. The machine, its messengers
 * and its ways to page are asked once in half a minute, however many look.
 */
import { languageOfLines, line, sayInRoom } from '../app/ground/lines.ts';
import type { Channel } from '../channels/channel.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { Readiness } from '../http/health.ts';
import { atMostEvery } from '../kernel/at-most-every.ts';
import { minutes, seconds } from '../kernel/time.ts';
import type { ChannelKind } from '../kernel/vocabulary.ts';
import { said } from '../service/thrown-in-words.ts';
import { askPaging } from './channels.ts';
import { type Check, checkInRoom, fail, unseen } from './check.ts';
import { type Found, lookInside } from './database.ts';
import { type Diagnosis, lookAtAll } from './diagnose.ts';
import { checkEnvFile } from './machine.ts';
import { createHiding, placesOf } from './places.ts';
import { saidOfParts } from './running.ts';

const FRESH_MS = seconds(30);
const PATIENCE = minutes(2);

type Parts = {
  channels: ReadonlyMap<ChannelKind, Channel>;
  database: Pick<Database, 'db' | 'sql'>;
  readiness: () => Promise<Readiness>;
};

/** What the room shows, in which language, and when it was looked at. */
export type Shown = Pick<Diagnosis, 'isForRealReporters'> & {
  at: Date;
  language: string;
  missing: string[];
  checks: Omit<Check, 'lines'>[];
};

/** Looks from within the service that these settings made, and says it in the language that is asked for, or in the default one. */
export function createDoctor(config: Config, parts: Parts): (language: string) => Promise<Shown> {
  const messengers: readonly string[] = config.everyMessenger.map(({ kind }) => kind);
  const ways = [...parts.channels.values()].filter(({ kind }) => !messengers.includes(kind));
  const look = atMostEvery(FRESH_MS, PATIENCE, async () => {
    const found = await lookAtAll(config, {
      settings: unseen('settings', line('settings.as_started'), line('on_machine')),
      envFile: seenEnvFile,
      paging: () => askPaging(ways),
      running: async () => saidOfParts((await parts.readiness()).checks),
      database: (isOutOfReach) => databaseOf(config, parts.database, isOutOfReach),
    });
    return { ...found, places: await placesOf(config), at: new Date() };
  });
  return async (wished) => {
    const language = languageOfLines(wished, config.defaultLanguage);
    const { places, checks, missing, isForRealReporters, at } = await look();
    const here = sayInRoom(line('lakanas_folder'), language);
    const hide = createHiding(new Map([[process.cwd(), here], ...places]));
    const shown = checks.map((each) => {
      const { detail, mend, ...check } = checkInRoom(each, language);
      return { ...check, detail: hide(detail), ...(mend === undefined ? {} : { mend: hide(mend) }) };
    });
    const missed = missing.map((each) => hide(sayInRoom(each, language)));
    return { at, language, isForRealReporters, missing: missed, checks: shown };
  };
}

/** The rights of `.env`, as this process sees them; a hardened service may not see it at all. */
async function seenEnvFile(): Promise<Check[]> {
  const found = await checkEnvFile();
  if (found.length > 0) return found;
  return [unseen('.env', line('settings.env_unseen'), line('on_machine'))];
}

async function databaseOf(
  config: Config,
  database: Parts['database'],
  isOutOfReach: boolean,
): Promise<Found> {
  try {
    return await lookInside(config, database);
  } catch (error) {
    const { code } = said(error);
    const check = fail('database', line('database.silent', { code }), line('on_machine'));
    return { checks: isOutOfReach ? [] : [check], missing: [line('missing.database')] };
  }
}
