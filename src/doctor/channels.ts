/** What `doctor` sees of the channels: whether those that only carry pages answer now, and what people were told of. */
import { type ContactState, contactState } from '../app/duty/contact-state.ts';
import { wordsOfFault } from '../app/watch/account-faults.ts';
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
import { TOOL } from '../kernel/tool.ts';
import { unfetchedFiles } from '../service/after-start.ts';
import { pagingChannels } from '../service/channels.ts';
import { roomOf } from '../service/disk-room.ts';
import { type Check, fail, ok, warn } from './check.ts';

const MENDS: Partial<Record<Channel['kind'], string>> = {
  email: 'see SMTP_URL, and that the mail server can be reached from here',
  ntfy: 'see NTFY_URL and NTFY_TOKEN, and that the server can be reached from here',
  sms: "see AFRICASTALKING_USERNAME and AFRICASTALKING_API_KEY, and the account's balance",
};

/** What its answer shows, and what only a send shows. */
function proved({ kind, health }: Pick<Channel, 'kind' | 'health'>): string {
  const isCharged = health().proves?.includes('balance');
  if (kind === 'ntfy') return 'answers, and we may send there';
  if (kind === 'email') return 'answers and takes the password; whether it takes our sender shows in a mail';
  const account = isCharged ? 'answers, and the account has money' : 'answers and takes the key';
  return kind === 'sms'
    ? `${account}; whether the sender is accepted shows in an SMS`
    : `${account}; whether the number that calls is accepted shows in a call`;
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
          const { what, mend } = wordsOfFault(channel, fault);
          return fail(channel.kind, `does not send: ${what} (${code ?? fault})`, mend);
        }
        return code === undefined
          ? ok(channel.kind, proved(channel))
          : fail(channel.kind, `does not answer (${code})`, MENDS[channel.kind] ?? 'see its settings');
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
  const ways = (found: typeof all) => [...new Set(found.map(({ channel }) => channel))].sort().join(', ');
  const [refused, untried] = [those('refused'), those('untried')];
  const mend = `${TOOL} officer contact list shows which, officer contact test tries it`;
  return [
    ...(refused.length > 0
      ? [
          warn(
            'contacts',
            `${refused.length} of officers are refused (${ways(refused)}): no page comes there`,
            mend,
          ),
        ]
      : []),
    ...(untried.length > 0
      ? [
          warn(
            'contacts',
            `${untried.length} of officers were not tried for eight days (${ways(untried)})`,
            mend,
          ),
        ]
      : []),
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
    const words =
      fault &&
      wordsOfFault(config.everyMessenger.find(({ kind }) => kind === channel) ?? { kind: channel }, fault);
    if (told === 0 && !lately.has(channel))
      return warn(
        channel,
        `nobody could be told that it does not work${words ? `: ${words.what}` : ''}`,
        `${words ? `${words.mend}, and ` : ''}enrol officers on a second channel too`,
      );
    const at = `${calendarDay(since, config.timeZone)} ${clockTime(since, config.timeZone)}`;
    return warn(
      channel,
      `does not work since ${at}${words ? `: ${words.what}` : ''}; officers were told`,
      words?.mend ?? 'see the network and its settings',
    );
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

/** Whether what people send can be fetched from the messenger. */
export async function checkFetching(config: Config, db: Db): Promise<Check> {
  const { setting, problem, mend } = (await unfetchedFiles(config, db, await databaseClock.now(db))) ?? {};
  if (!setting || !problem || !mend) return ok('fetching', 'no file is left behind');
  return warn(setting, problem, mend);
}
