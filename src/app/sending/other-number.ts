/**
 * Going on with our other number, where we can have two: the switch, and telling the people who know the first.
 *
 * Invariants: which number is in use stands in the database and changes in one transaction, together with what the team is told of
 * it; only to a person with an open case who allowed writing is written from a number that they do not know, once, with the words that
 * the first had given them; everybody else hears nothing from it before they write to it. What was begun and cut off goes on with the
 * next look: each person is decided in a transaction of their own.
 */

import { opensAt } from '../../cases/contact-hours.ts';
import type { NumberName } from '../../channels/channel.ts';
import { hoursOf, whySilent } from '../../conversation/values/may-write.ts';
import type { ConversationState } from '../../conversation/values/state.ts';
import { type AlertRow, findAlertOfCase, findAlerts } from '../../db/alerts.ts';
import { knowFirstNumber, lockNumbers, putNumbers, whoKnowsAnother } from '../../db/channel-numbers.ts';
import { type ContactRow, lockContactById, updateContact } from '../../db/contacts.ts';
import { findConversation } from '../../db/conversations.ts';
import { isUnavailable } from '../../db/failure.ts';
import { enrolledOfficers, findOfficerContact } from '../../db/officers.ts';
import type { AlertId, CaseId, ContactId } from '../../kernel/ids.ts';
import { reduceError } from '../../kernel/log.ts';
import { type ChannelKind, CLASS } from '../../kernel/vocabulary.ts';
import { newestOf } from '../alerts/case-going-on.ts';
import { tellOfficer } from '../alerts/reporter-news.ts';
import { notify, readableContacts } from '../duty/officer-notices.ts';
import { hasOwnText, languageOfOfficer, sayTime } from '../duty/officer-wording.ts';
import { unaskedBody } from '../duty/word-fate.ts';
import type { Context } from '../ground/context.ts';
import { enqueue } from '../ground/outbox.ts';
import { languageOf } from '../ground/service-texts.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { loadConversation } from '../records/conversation-record.ts';
import { chatsOf, openReporter } from '../records/reporter-link.ts';
import { TELLS_OF_NUMBER } from './which-number.ts';

/** What has become of the number before. */
export type WhySwitched = 'logged_out' | 'refused' | 'restricted' | 'not_linked';

type Ours = { name: NumberName; shown: string };

/** The first number of all; contacts of before there could be two know it. */
export function beginWithNumber(ctx: Context, channel: ChannelKind, { name }: Ours): Promise<void> {
  return transact(ctx, async ({ tx, now }) => {
    if (await lockNumbers(tx, channel)) return;
    await putNumbers(tx, { channel, inUse: name, since: now });
    await knowFirstNumber(tx, channel, name);
  });
}

/** Goes on with `to`, unless that was done already, or another number than `before` is in use by now. Whether it was done. */
export function switchNumber(
  ctx: Context,
  channel: ChannelKind,
  { before, to, because }: { before: NumberName; to: Ours; because: WhySwitched },
): Promise<boolean> {
  return transact(ctx, async (at) => {
    const row = await lockNumbers(at.tx, channel);
    if (row?.inUse !== before || before === to.name) return false;
    // Of whom nothing is noted knows the one that was in use.
    await knowFirstNumber(at.tx, channel, before);
    await putNumbers(at.tx, {
      ...row,
      inUse: to.name,
      since: at.now,
      before,
      because,
      toldOf: null,
      toldBecause: null,
    });
    await tellTeam(at, channel, `number.switched_${because}`, { number: to.shown });
    return true;
  });
}

/** A number stands by, or does so no more (`because`): told once. */
export function tellOfStandby(
  ctx: Context,
  channel: ChannelKind,
  { name, shown }: Ours,
  because: Exclude<WhySwitched, 'not_linked'> | undefined,
): Promise<boolean> {
  return transact(ctx, async (at) => {
    const row = await lockNumbers(at.tx, channel);
    if (!row || row.inUse === name) return false;
    if (row.toldOf === name && row.toldBecause === (because ?? null)) return false;
    // One that never stood by has not gone.
    if (because && row.toldOf !== name) return false;
    await putNumbers(at.tx, { ...row, toldOf: name, toldBecause: because ?? null });
    await tellTeam(at, channel, because ? `number.standby_${because}` : 'number.standby_ready', {
      number: shown,
    });
    return true;
  });
}

/** Supervisors on all that they read, and every officer who is paged on this channel, there: pages go on from the other number. */
async function tellTeam(
  at: Moment,
  channel: ChannelKind,
  key: string,
  params: Record<string, string>,
): Promise<void> {
  const { tx, ctx, now } = at;
  if (!hasOwnText(ctx, channel, key)) return;
  const all = await enrolledOfficers(tx);
  const supervisors = all.filter(({ role }) => role === 'supervisor');
  for (const officer of all) {
    const isTold = supervisors.length === 0 || officer.role === 'supervisor';
    const language = languageOfOfficer(ctx, officer);
    const where = readableContacts(ctx, officer).filter((each) => isTold || each.channel === channel);
    for (const { contactId } of where)
      await notify(
        at,
        { contactId, language },
        {
          of: channel,
          key,
          params: { ...params, at: sayTime(now, now, ctx.settings.timeZone) },
          class: CLASS.page,
          coalesce: `${TELLS_OF_NUMBER}/${channel}`,
        },
      );
  }
}

/** Those that something leaves from, and the one in use. */
type Numbers = { usable: readonly NumberName[]; inUse: NumberName };

/** People decided in one look. */
const AT_ONCE = 50;

/**
 * Decides for some of those who know a number of which nothing leaves any more whether they are told of the one in use; returns how
 * many it decided: none are left if it is none.
 */
export async function tellPeople(
  ctx: Context,
  channel: ChannelKind,
  { usable, inUse }: Numbers,
): Promise<number> {
  const ids = await whoKnowsAnother(ctx.db, channel, { usable, inUse, limit: AT_ONCE });
  for (const id of ids) await decideAlone(ctx, id, { usable, inUse });
  return ids.length;
}

/** One who cannot be decided is not told, and keeps none of the others from it. */
async function decideAlone(ctx: Context, id: ContactId, numbers: Numbers): Promise<void> {
  try {
    await transact(ctx, (at) => decide(at, id, numbers));
  } catch (error) {
    if (isUnavailable(error)) throw error;
    ctx.log.error('cycle_failed', { cycle: 'numbers', ...reduceError(error) });
    await updateContact(ctx.db, id, { numberDecided: numbers.inUse });
  }
}

async function decide(at: Moment, id: ContactId, { usable, inUse }: Numbers): Promise<void> {
  const { tx } = at;
  const contact = await lockContactById(tx, id);
  // Another process has done it, or they have written meanwhile.
  if (!contact || contact.numberDecided === inUse) return;
  if (contact.number === null || contact.number === inUse || usable.includes(contact.number)) return;
  await updateContact(tx, id, { numberDecided: inUse });
  if (await findOfficerContact(tx, id)) return;
  const state = await loadConversation(at, id, await findConversation(tx, id));
  if (!state) return;
  const alert = await liveAlert(at, state);
  if (!alert?.caseId) return;
  if (!(await tell(at, contact, state, alert, inUse))) await tellOfficer(at, alert.caseId, 'not_followed');
}

/** The alert of an open case to which this chat leads. */
async function liveAlert(
  { tx, ctx }: Moment,
  { caseId, isCaseOpen, earlier }: ConversationState,
): Promise<AlertRow | undefined> {
  for (const each of [isCaseOpen ? caseId : undefined, earlier?.caseId]) {
    if (!each) continue;
    const alert: AlertRow | undefined = await findAlertOfCase(tx, await newestOf(tx, ctx, each as CaseId));
    if (alert && alert.state !== 'closed') return alert;
  }
  return undefined;
}

/** One neutral line, within the hours that they named; false: they may not, or cannot, be written to. */
async function tell(
  at: Moment,
  contact: ContactRow,
  { codeWord }: ConversationState,
  alert: AlertRow,
  inUse: NumberName,
): Promise<boolean> {
  const { ctx, now } = at;
  const link = await openReporter(at, alert);
  const chat = link && chatsOf(link).find((each) => each.contactId === contact.id);
  const { mayWrite } = chat ?? {};
  const hours = hoursOf(mayWrite);
  if (!codeWord || !chat || link?.isUndecided || whySilent(mayWrite) || (mayWrite !== true && !hours))
    return false;
  if (contact.blockedAt || contact.mutedAt || contact.isGroup) return false;
  const opens = hours && opensAt(hours, now, ctx.settings.timeZone);
  const text = ctx.texts.t(languageOf(ctx, contact), 'service.code_word.from_other_number', {
    words: codeWord,
  });
  await enqueue(at, {
    contactId: contact.id,
    class: CLASS.word,
    message: unaskedBody(text, { alert: alert.id, while: 'live', tellsOf: inUse }),
    coalesce: TELLS_OF_NUMBER,
    ...(opens && opens > now ? { waitsUntil: opens } : {}),
  });
  return true;
}

/** It could not be told: who has the case must know that this person hears nothing from us there. */
export async function couldNotTell(at: Moment, id: AlertId): Promise<void> {
  const [alert] = await findAlerts(at.tx, [id]);
  if (alert?.caseId && alert.state !== 'closed') await tellOfficer(at, alert.caseId, 'not_followed');
}
