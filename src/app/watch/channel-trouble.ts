/**
 * A channel that does not work: said to the people who must know, through the other channels, once, and its end too.
 *
 * Invariants: what was said stands in the database, so that neither a restart nor another process says it again; what comes
 * and goes is said once an hour, with how often it came (`gathered.ts`); the end is said to nobody who has not heard of the
 * beginning.
 */
import { ACCOUNT_FAULTS, type AccountFault } from '../../channels/channel.ts';
import { deleteTrouble, lockTrouble, putTrouble } from '../../db/channel-troubles.ts';
import type { Tx } from '../../db/database.ts';
import { replaceQueued } from '../../db/deliveries.ts';
import { type EnrolledOfficer, enrolledOfficers } from '../../db/officers.ts';
import { after } from '../../kernel/time.ts';
import { type ChannelKind, CLASS } from '../../kernel/vocabulary.ts';
import { notify } from '../duty/officer-notices.ts';
import { channelName, hasOwnText, languageOfOfficer, officerText, sayTime } from '../duty/officer-wording.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { isChat } from '../records/contact-address.ts';
import { settingOf } from './account-faults.ts';
import { type Held, mayTell, wasNotTold } from './gathered.ts';

/** Keys under `trouble` of a messenger's own words; one that has none is said to be cut off. */
const EVERYBODY = ['logged_out', 'replaced', 'refused', 'outdated', 'restricted'] as const;
/** Told to supervisors only: nobody has cut us off. */
const SUPERVISORS = ['no_connection', 'not_linked', 'no_answer'] as const;

/** Our account is refused, and how. */
const ACCOUNT = ACCOUNT_FAULTS.map((fault) => `account_${fault}` as const);

export type Because = (typeof EVERYBODY)[number] | (typeof SUPERVISORS)[number] | (typeof ACCOUNT)[number];

const isOneOf = <T extends string>(words: readonly T[], word: string | undefined): word is T =>
  words.some((each) => each === word);
export const isBecause = (word: string | undefined): word is Because =>
  isOneOf(EVERYBODY, word) || isOneOf(SUPERVISORS, word) || isOneOf(ACCOUNT, word);

/** The same thing: a connection that breaks and a side that does not answer come and go together. */
export const subjectOf = (channel: string, because: string): string =>
  `trouble/${channel}/${because === 'no_answer' ? 'no_connection' : because}`;

/** The fault of the account that was told of, if it was one. */
export const faultOfTrouble = (because: string | undefined): AccountFault | undefined =>
  ACCOUNT_FAULTS.find((fault) => because === `account_${fault}`);

/**
 * Tells the officers who must know and do not yet. `forMs`: how long it has been so; `silent`: channels that
 * seem to work and do not answer. Returns to how many contacts it was said now; undefined if it had been said before.
 */
export function tellTrouble(
  ctx: Context,
  channel: ChannelKind,
  because: Because,
  forMs: number,
  silent: SilentChannels = new Map(),
): Promise<number | undefined> {
  return transact(ctx, async (at) => {
    const { tx, ctx, now } = at;
    const known = await lockTrouble(tx, channel);
    const isNews = known?.because !== because && !(known && isOneOf(SUPERVISORS, because));
    if (known && known.told > 0 && !isNews) return undefined;
    const subject = subjectOf(channel, because);
    const held = await mayTell(at, subject, !known);
    if (!held) {
      // It came back within the hour: known here, and told after it if it is so still.
      if (!known) await putTrouble(tx, { channel, because, since: after(now, -forMs), told: 0 });
      return 0;
    }
    const since = known?.since ?? after(now, -forMs);
    const sinceWhen = sayTime(since, now, ctx.settings.timeZone);
    const fault = faultOfTrouble(because);
    const setting = fault ? settingOf(ctx.channels.get(channel) ?? { kind: channel }, fault) : '';
    const others = otherMessengers(ctx, channel, silent);
    const told = await tell(at, { channel, because }, (language) => ({
      ...wordsFor(ctx, channel, because),
      params: {
        at: sinceWhen,
        channel: channelName(ctx, language, channel),
        setting,
        works: worksIn(ctx, language, others),
      },
      held,
    }));
    if (told === 0) await wasNotTold(at, subject);
    await putTrouble(tx, { channel, because: isNews ? because : (known?.because ?? because), since, told });
    return told;
  });
}

/**
 * Tells the contacts that heard of the trouble that it is over; returns how many. Undefined if there was none.
 * `proves`: faults of the account that something has ruled out since; default all. A fault that nothing has ruled out
 * is not over.
 */
export function tellWorksAgain(
  ctx: Context,
  channel: ChannelKind,
  proves: readonly AccountFault[] = ACCOUNT_FAULTS,
): Promise<number | 'not_proved' | undefined> {
  return transact(ctx, async (at) => {
    const { tx, ctx, now } = at;
    const fault = faultOfTrouble((await lockTrouble(tx, channel))?.because);
    if (fault && !proves.includes(fault)) return 'not_proved';
    const known = await deleteTrouble(tx, channel);
    if (!known || !isBecause(known.because)) return undefined;
    const isNewDevice = known.because === 'logged_out' || known.because === 'not_linked';
    const sinceWhen = sayTime(known.since, now, ctx.settings.timeZone);
    const key = `channel_back.${isNewDevice ? 'linked_anew' : isOneWay(ctx, channel) ? 'one_way' : 'same'}`;
    const about = { channel, because: known.because, isOver: true };
    if (known.told === 0) return 0;
    const told = await tell(at, about, (language) => ({
      key,
      params: { at: sinceWhen, channel: channelName(ctx, language, channel) },
    }));
    // It was over before it had left for anybody.
    if (told === 0) await wasNotTold(at, subjectOf(channel, known.because));
    return told;
  });
}

/** Nobody writes to us there: there is nothing that waits or is lost but pages. */
function isOneWay(ctx: Context, channel: ChannelKind): boolean {
  return ctx.channels.get(channel)?.can.isOneWay === true;
}

type Words = { key: string; of?: string };

/** The messenger's own words for it, if it has some. */
function wordsFor(ctx: Context, channel: ChannelKind, because: Because): Words {
  if (hasOwnText(ctx, channel, `trouble.${because}`)) return { of: channel, key: `trouble.${because}` };
  return { key: `channel_trouble.${wordsForAny(ctx, channel, because)}` };
}

function wordsForAny(ctx: Context, channel: ChannelKind, because: Because): string {
  if (faultOfTrouble(because)) return isOneWay(ctx, channel) ? because : 'account_chat';
  if (because !== 'no_connection' && because !== 'no_answer') return 'cut_off';
  return isOneWay(ctx, channel) ? 'one_way' : because;
}

/** Channels that seem to work and do not answer. */
export type SilentChannels = Pick<ReadonlyMap<ChannelKind, unknown>, 'has'>;

type Others = {
  /** Messengers that work at this moment. */
  working: ChannelKind[];
  /** Of some it is not known here: another process has the connection, or it is only starting. */
  isUnsure: boolean;
};

/** Where people reach us while this one does not work. */
function otherMessengers(ctx: Context, channel: ChannelKind, silent: SilentChannels): Others {
  const others = [...ctx.channels.values()].filter(
    ({ kind, can }) => kind !== channel && isChat(kind) && !can.isOneWay,
  );
  const known = others.map((each) => ({ kind: each.kind, ...each.health() }));
  return {
    working: known.flatMap(({ kind, state, fault, lastError, isStandby }) =>
      state === 'up' && !fault && !isStandby && !isBecause(lastError) && !silent.has(kind) ? [kind] : [],
    ),
    isUnsure: known.some(({ state, isStandby }) => isStandby || state === 'starting'),
  };
}

/** That they work, with a space before it; nothing if that is not known. */
function worksIn(ctx: Context, language: string, { working, isUnsure }: Others): string {
  if (working.length === 0) return isUnsure ? '' : ` ${officerText(ctx, language, 'channel_works.none')}`;
  const names = working.map((kind) => channelName(ctx, language, kind));
  const channels = new Intl.ListFormat(language, { type: 'conjunction' }).format(names);
  return ` ${officerText(ctx, language, 'channel_works.some', { count: names.length, channels })}`;
}

type About = { channel: ChannelKind; because: Because; isOver?: boolean };

/** On every contact that officers have elsewhere and that can say it; returns how many there were. */
async function tell(
  at: Moment,
  { channel, because, isOver = false }: About,
  noticeIn: (language: string) => Words & { params: Record<string, string>; held?: Held },
): Promise<number> {
  const coalesce = `trouble/${channel}`;
  let told = 0;
  for (const officer of await whoMustKnow(at.tx, channel, because)) {
    const language = languageOfOfficer(at.ctx, officer);
    for (const { contactId } of elsewhere(officer, channel)) {
      const hasNotLeft = (await replaceQueued(at.tx, contactId, coalesce)) > 0;
      if (isOver && hasNotLeft) continue;
      await notify(at, { contactId, language }, { ...noticeIn(language), class: CLASS.page, coalesce });
      told += 1;
    }
  }
  return told;
}

/** Neither a voice nor a notification says more than that there is an alert: here there is none. */
const SAYS_ALERT: readonly string[] = ['call', 'push'] satisfies ChannelKind[];

const elsewhere = (officer: EnrolledOfficer, channel: ChannelKind) =>
  officer.contacts.filter(
    ({ isBlocked, ...contact }) =>
      contact.channel !== channel && !SAYS_ALERT.includes(contact.channel) && !isBlocked,
  );

/** Supervisors, if one of them can be reached at all. */
async function whoMustKnow(tx: Tx, channel: ChannelKind, because: Because): Promise<EnrolledOfficer[]> {
  const reached = (await enrolledOfficers(tx)).filter((each) => elsewhere(each, channel).length > 0);
  const supervisors = reached.filter((each) => each.role === 'supervisor');
  return isOneOf(EVERYBODY, because) || supervisors.length === 0 ? reached : supervisors;
}
