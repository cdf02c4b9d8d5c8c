/** What `doctor` sees of the channels: whether those that only carry pages answer now, and what people were told of. */
import { type ContactState, contactState } from '../app/duty/contact-state.ts';
import { type Line, line, nameLine } from '../app/ground/lines.ts';
import { linesOfFault } from '../app/watch/account-faults.ts';
import { faultOfTrouble, subjectOf } from '../app/watch/channel-trouble.ts';
import { ROOM } from '../app/watch/disk-watch.ts';
import { wasToldLately } from '../app/watch/gathered.ts';
import { answerOf } from '../app/watch/probes.ts';
import type { Channel } from '../channels/channel.ts';
import type { Config } from '../config.ts';
import { listTroubles } from '../db/channel-troubles.ts';
import { databaseClock } from '../db/clock.ts';
import type { Db } from '../db/database.ts';
import { freeBytes, roomState } from '../db/disk-room.ts';
import { contactsOfTeam } from '../db/officers.ts';
import { calendarDay, clockTime } from '../kernel/time.ts';
import { unfetchedFiles } from '../service/after-start.ts';
import { pagingChannels } from '../service/channels.ts';
import { roomOf } from '../service/disk-room.ts';
import { type Check, fail, ok, problemCheck, warn } from './check.ts';

const MENDS: Partial<Record<Channel['kind'], Line>> = {
  email: line('ways.silent_email'),
  ntfy: line('ways.silent_ntfy'),
  sms: line('ways.silent_sms'),
};

/** What its answer shows, and what only a send shows. */
function proved({ kind, health }: Pick<Channel, 'kind' | 'health'>): Line {
  const isCharged = health().proves?.includes('balance');
  if (kind === 'ntfy') return line('ways.proved_ntfy');
  if (kind === 'email') return line('ways.proved_email');
  const account = line(isCharged ? 'ways.proved_money' : 'ways.proved_key');
  return line(kind === 'sms' ? 'ways.proved_sms' : 'ways.proved_call', { account });
}

/** Asks each of them that can be asked; writes to nobody. */
export async function checkPaging(config: Config): Promise<Check[]> {
  const channels = await pagingChannels(config);
  const checks = await askPaging(channels);
  for (const channel of channels) await channel.stop();
  return checks;
}

/** Asks those of these channels that can be asked. */
export function askPaging(channels: readonly Channel[]): Promise<Check[]> {
  return Promise.all(
    channels
      .filter((channel) => channel.probe)
      .map(async (channel) => {
        const code = await answerOf(channel);
        const { fault } = channel.health();
        if (fault) {
          const { what, mend } = linesOfFault(channel, fault);
          return fail(channel.kind, line('ways.fault', { what, code: code ?? fault }), mend);
        }
        return code === undefined
          ? ok(channel.kind, proved(channel))
          : fail(
              channel.kind,
              line('ways.silent', { code }),
              MENDS[channel.kind] ?? line('ways.silent_else'),
            );
      }),
  );
}

/** Contacts of officers to which nothing comes, or of which nobody knows. */
export async function checkContacts(db: Db, now: Date): Promise<Check[]> {
  const troubled = new Set((await listTroubles(db)).map(({ channel }) => channel));
  const all = (await contactsOfTeam(db)).map((each) => ({
    channel: each.channel,
    state: contactState(each, troubled, now),
  }));
  const those = (state: ContactState) => all.filter((each) => each.state === state);
  const counted = (found: typeof all) => ({
    count: found.length,
    ways: { all: [...new Set(found.map(({ channel }) => channel))].sort().map(nameLine), by: ',' as const },
  });
  const [refused, untried] = [those('refused'), those('untried')];
  const mend = line('work.contacts_mend');
  return [
    ...(refused.length > 0 ? [warn('contacts', line('work.refused', counted(refused)), mend)] : []),
    ...(untried.length > 0 ? [warn('contacts', line('work.untried', counted(untried)), mend)] : []),
  ];
}

/** Channels that the running service has found not to work. */
export async function checkTroubles(
  config: Pick<Config, 'everyMessenger' | 'timeZone'>,
  db: Db,
  now: Date,
): Promise<Check[]> {
  const troubles = (await listTroubles(db)).filter(({ channel }) => channel !== ROOM);
  const lately = new Set<string>();
  for (const { channel, because } of troubles)
    if (await wasToldLately(db, subjectOf(channel, because), now)) lately.add(channel);
  return troubles.map(({ channel, because, since, told }) => {
    const fault = faultOfTrouble(because);
    const said =
      fault &&
      linesOfFault(config.everyMessenger.find(({ kind }) => kind === channel) ?? { kind: channel }, fault);
    if (told === 0 && !lately.has(channel))
      return said
        ? warn(
            channel,
            line('ways.untold_what', { what: said.what }),
            line('ways.untold_what_mend', { mend: said.mend }),
          )
        : warn(channel, line('ways.untold'), line('ways.untold_mend'));
    const at = `${calendarDay(since, config.timeZone)} ${clockTime(since, config.timeZone)}`;
    return said
      ? warn(channel, line('ways.down_what', { at, what: said.what }), said.mend)
      : warn(channel, line('ways.down', { at }), line('ways.down_mend'));
  });
}

/** Whether there is room for the files that people send; words need little and are always taken. */
export async function checkRoom(config: Config, db: Db): Promise<Check> {
  const { of, reserve } = roomOf(config);
  const free = await freeBytes(db, of).catch(() => undefined);
  if (free === undefined) return warn('files', line('files.unseen'), line('disk.unseen_mend'));
  const state = roomState(free, reserve, of);
  if ('warnAt' in of) {
    const size = ((of.warnAt - free) / 1_000_000_000).toFixed(1);
    return state === 'plenty'
      ? ok('files', line('files.database', { size }))
      : warn('files', line('files.unlimited', { size }), line('files.unlimited_mend'));
  }
  const size = (Math.max(0, free) / 1_000_000_000).toFixed(1);
  const mend = line('dataDir' in of ? 'disk.free_mend' : 'files.database_mend');
  if (state === 'plenty') return ok('files', line('files.room', { size }));
  if (state === 'low') return warn('files', line('files.soon', { size }), mend);
  return fail('files', line(state === 'none' ? 'files.declined' : 'files.voices_only', { size }), mend);
}

/** Whether what people send can be fetched from the messenger. */
export async function checkFetching(config: Config, db: Db): Promise<Check> {
  const found = await unfetchedFiles(config, db, await databaseClock.now(db));
  return found ? problemCheck('warn', found) : ok('fetching', line('files.all_fetched'));
}
