/** What `doctor` sees of the channels: whether those that only carry pages answer now, and what people were told of. */
import { answerOf } from '../app/probes.ts';
import { ROOM } from '../app/room-watch.ts';
import type { Channel } from '../channels/channel.ts';
import type { Config } from '../config.ts';
import { listTroubles } from '../db/channel-troubles.ts';
import type { Db } from '../db/database.ts';
import { freeBytes, roomState } from '../db/disk-room.ts';
import { calendarDay, clockTime } from '../kernel/time.ts';
import { pagingChannels } from '../service/channels.ts';
import { roomOf } from '../service/room.ts';
import { type Check, fail, ok, warn } from './doctor-check.ts';

const MENDS: Partial<Record<Channel['kind'], string>> = {
  email: 'see SMTP_URL, and that the mail server can be reached from here',
  ntfy: 'see NTFY_URL and NTFY_TOKEN, and that the server can be reached from here',
  sms: "see AFRICASTALKING_USERNAME and AFRICASTALKING_API_KEY, and the account's balance",
};

/** Asks each of them that can be asked; writes to nobody. */
export async function checkPaging(config: Config): Promise<Check[]> {
  const channels = (await pagingChannels(config)).filter((channel) => channel.probe);
  return Promise.all(
    channels.map(async (channel) => {
      const code = await answerOf(channel);
      await channel.stop();
      return code === undefined
        ? ok(channel.kind, 'answers')
        : fail(channel.kind, `does not answer (${code})`, MENDS[channel.kind] ?? 'see its settings');
    }),
  );
}

/** Channels that the running service has found not to work. */
export async function checkTroubles(config: Config, db: Db): Promise<Check[]> {
  const troubles = (await listTroubles(db)).filter(({ channel }) => channel !== ROOM);
  return troubles.map(({ channel, since, told }) => {
    if (told === 0)
      return warn(
        channel,
        'nobody could be told that it does not work',
        'enrol officers on a second channel too',
      );
    const at = `${calendarDay(since, config.timeZone)} ${clockTime(since, config.timeZone)}`;
    return warn(channel, `does not work since ${at}; officers were told`, 'see the network and its settings');
  });
}

/** Whether there is room for the files that people send; words need little and are always taken. */
export async function checkRoom(config: Config, db: Db): Promise<Check> {
  const { of, reserve } = roomOf(config);
  const free = await freeBytes(db, of).catch(() => undefined);
  if (free === undefined)
    return warn('files', 'how much room there is cannot be seen', 'see that DATA_DIR can be reached');
  const state = roomState(free, reserve, of);
  if ('warnAt' in of) {
    const size = `${((of.warnAt - free) / 1_000_000_000).toFixed(1)} GB of database`;
    const mend = 'see its disk, then set DATABASE_MAX_GB';
    return state === 'plenty'
      ? ok('files', size)
      : warn('files', `${size}; nobody said how big it may be`, mend);
  }
  const detail = `${(Math.max(0, free) / 1_000_000_000).toFixed(1)} GB of room`;
  const mend =
    'dataDir' in of
      ? 'make room, or move DATA_DIR to a bigger disk'
      : 'see the disk of the database, then raise DATABASE_MAX_GB';
  if (state === 'plenty') return ok('files', detail);
  if (state === 'low') return warn('files', `${detail}: soon they are declined`, mend);
  return fail(
    'files',
    `${detail}: ${state === 'none' ? 'they are declined' : 'only voice notes are taken'}`,
    mend,
  );
}
