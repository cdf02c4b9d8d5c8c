/**
 * Intake: one incoming message, one transaction, everything it causes.
 *
 * Invariants: the promise resolves only after the commit (or when the same message was committed before), so
 * that the channel may acknowledge; a message that fails is kept under the epoch key, and after three tries it
 * is parked where people see it, so that the next one gets its turn; a database that is away, or
 * cannot write, counts as no try; each is marked while it is handled, so that one that freezes or ends the process counts
 * as one that fails; what comes faster than anybody writes is kept, and handled later (`backlog.ts`).
 */
import type { IncomingMessage, Receive } from '../../channels/channel.ts';
import type { Input } from '../../conversation/values/input.ts';
import type { ConversationState } from '../../conversation/values/state.ts';
import { isCryForHelp } from '../../conversation/words/cry.ts';
import { arrive, type Surroundings, surroundingsOf } from '../../db/arrivals.ts';
import { type ContactRow, reindexContact, updateContact } from '../../db/contacts.ts';
import { isUnavailable } from '../../db/failure.ts';
import { wasHandled } from '../../db/inbox.ts';
import type { CaseId } from '../../kernel/ids.ts';
import { keepFailed, parkFallen, TRIES } from '../alerts/failing-messages.ts';
import { sayChatLost } from '../duty/lost-chat.ts';
import type { Context } from '../ground/context.ts';
import { serviceSay } from '../ground/service-texts.ts';
import { type Moment, transactUntimed } from '../ground/transaction.ts';
import { createUnderWay, keyOf, type UnderWay } from '../ground/under-way.ts';
import { arrivalOf } from '../keys/addresses.ts';
import { handleOfficerMessage } from '../officer-chat/officer.ts';
import { loadConversation } from '../records/conversation-record.ts';
import { converse, sayAndSave } from '../reporters/conversing.ts';
import { type Claim, claimIn } from '../reporters/finding-a-case.ts';
import { toInput } from '../reporters/reporter-input.ts';
import { joinCase } from '../reporters/two-phones.ts';
import { outageNotice } from './after-outage.ts';
import type { Backlog } from './backlog.ts';
import { type BoundedMessage, bounded, sayCut } from './bounded.ts';
import { isMutedNow, leaveAside, paceOf } from './intake-limits.ts';
import { routeOther } from './intake-officers.ts';
import { whatWasAsked } from './what-was-asked.ts';

/** `backlog`: where messages wait that come too fast; absent: none does. `isKept`: what it is given lies there already. */
type How = { backlog?: Pick<Backlog, 'take' | 'takeSuspect'>; isKept?: true };

/** The function every channel is given. */
export function createIntake(ctx: Context, underWay: UnderWay = createUnderWay(), how: How = {}): Receive {
  return async (given) => {
    const message = bounded(given);
    try {
      const arrival = arrivalOf(ctx, message);
      const key = keyOf(arrival);
      const falls = underWay.falls(key);
      const handle = async () => {
        await takeIn(ctx, message, arrival);
        ctx.metrics.received(message.channel);
      };
      const { backlog } = how;
      if (falls >= TRIES) await underWay.handle(key, () => parkFallen(ctx, message, falls));
      else if (backlog && falls > 0) {
        const isCry = underWay.read(key, () => isCryForHelp(ctx.texts, message.content));
        // Suspects are handled one after the other: its contact waits from now on, and not from its turn.
        await backlog.takeSuspect(message, arrival, { isCry, handle: () => underWay.handle(key, handle) });
      } else await underWay.handle(key, () => (backlog ? backlog.take(message, arrival, handle) : handle()));
    } catch (error) {
      if (!isUnavailable(error)) {
        if (await keepIfPossible(ctx, message, error, how)) return;
      } else if (!how.isKept) await ctx.unsaved.tell(message);
      throw error;
    }
  };
}

/** A try is counted in the database: one that cannot be counted is none. */
async function keepIfPossible(
  ctx: Context,
  message: IncomingMessage,
  error: unknown,
  how: How,
): Promise<boolean> {
  try {
    return await keepFailed(ctx, message, error);
  } catch (failure) {
    if (isUnavailable(failure) && !how.isKept) await ctx.unsaved.tell(message);
    throw failure;
  }
}

async function takeIn(
  ctx: Context,
  message: BoundedMessage,
  { older, ...arrival }: ReturnType<typeof arrivalOf>,
): Promise<void> {
  const { channel } = message;
  const claim = await claimIn(ctx, message);
  await transactUntimed(ctx, async (tx, begin) => {
    if (older.addresses.length > 0) {
      await reindexContact(tx, channel, older.addresses, arrival.addressIndex);
      if (await wasHandled(tx, channel, older.messages)) return;
    }
    // Both at once on one connection: they run in this order.
    const [{ now, isNew, contact }, around] = await Promise.all([
      arrive(tx, ctx.clock.stated(), arrival),
      surroundingsOf(tx, channel, arrival.addressIndex),
    ]);
    if (isNew) await handle(begin(now), contact, around, message, claim);
  });
}

async function handle(
  at: Moment,
  contact: ContactRow,
  around: Surroundings,
  message: BoundedMessage,
  claim: Claim | undefined,
): Promise<void> {
  if (message.content.kind === 'group') return answerGroup(at, contact, message);
  await noteReachable(at, contact, message);
  const { officerId, conversation } = around;
  const stateNow = () => loadConversation(at, contact.id, conversation);
  const before = officerId ? undefined : await stateNow();
  const routed = officerId
    ? await handleOfficerMessage(at, { contactId: contact.id, officerId }, message)
    : claim
      ? 'as_reporter'
      : await routeOther(at, contact, before, message);
  if (routed === 'handled') {
    if (message.isCut) await sayCut(at, contact, message);
    return;
  }
  const meant = routed === 'sos_for_self' ? ({ kind: 'sos' } as const) : claim;
  const state = officerId ? await stateNow() : before;
  await asReporter(at, contact, { ...around, state }, message, meant);
}

async function asReporter(
  at: Moment,
  contact: ContactRow,
  { state, outage }: Surroundings & { state: ConversationState | undefined },
  message: BoundedMessage,
  meant: Input | undefined,
): Promise<void> {
  if (contact.mutedAt && (await isMutedNow(at, contact, state, message)))
    return leaveAside(at, contact, state, message);
  if (message.isCut) {
    const caseId = state?.isCaseOpen && !state.isBare ? (state.caseId as CaseId) : undefined;
    await sayCut(at, contact, { ...message, caseId });
  }
  const read: Awaited<ReturnType<typeof toInput>> = meant
    ? { input: meant }
    : await toInput(at, contact, state, message);
  const before = {
    state,
    ...(await whatWasAsked(at, contact, state, message)),
    ...(message.languageHint ? { languageHint: message.languageHint } : {}),
    ...(read.draft ? { isDraftMade: read.draft } : {}),
    ...(message.sentAt ? { writtenAt: message.sentAt } : {}),
    ...(messageToForget(at.ctx, message) ?? {}),
  };
  if (read.input.kind === 'came_back') {
    const joined = await joinCase(at, contact, read.input.case.caseId as CaseId);
    read.input =
      joined === 'refused'
        ? { kind: 'code_refused', why: 'wrong' }
        : { ...read.input, isShared: joined === 'shared' };
  }
  const outcome = await converse(at, contact, before, read.input);
  const notice = await outageNotice(at, contact, outage, message, outcome);
  if (notice) outcome.says.unshift(notice);
  const pace = await paceOf(at, contact, outcome);
  await sayAndSave(at, contact, outcome, { ...pace, isUrgent: outcome.hasUrgent });
}

function messageToForget(
  ctx: Context,
  { channel, messageRef }: IncomingMessage,
): { message: string } | undefined {
  return messageRef && ctx.channels.get(channel)?.can.tells ? { message: messageRef } : undefined;
}

/** The bot only talks in private: said once to a group, and nothing else ever. */
async function answerGroup(at: Moment, contact: ContactRow, message: IncomingMessage): Promise<void> {
  if (contact.isGroup) return;
  await updateContact(at.tx, contact.id, { isGroup: true });
  await serviceSay(at, contact, 'service.only_private', {}, message.languageHint);
}

async function noteReachable(at: Moment, contact: ContactRow, { content }: IncomingMessage): Promise<void> {
  const isBlocked = content.kind === 'blocked';
  if (isBlocked === (contact.blockedAt !== null)) return;
  await updateContact(at.tx, contact.id, { blockedAt: isBlocked ? at.now : null });
  if (isBlocked) await sayChatLost(at, contact.id, content.because ?? 'blocked');
}
