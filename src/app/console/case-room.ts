/**
 * A case as it goes to a browser: sealed, with what stands beside it in the clear.
 *
 * Invariants: every look is in the audit log, in the same transaction; for a person who is excluded from a case there
 * is none; what becomes of replies is known only as long as the day's epoch key lives.
 */

import { opensAt } from '../../cases/contact-hours.ts';
import type { AlertOfCase, FateOfReply, SealedCase, SealedItem } from '../../contract/cases.ts';
import { hoursOf, whySilent } from '../../conversation/values/may-write.ts';
import { isContinuation } from '../../crypto/case-binding.ts';
import { type AlertRow, findAlertOfCase, logOf } from '../../db/alerts.ts';
import { noteFirstLook } from '../../db/case-status.ts';
import { type CaseItemRow, type CaseRow, evidenceOf, findCase, itemsOf, wrapsOf } from '../../db/cases.ts';
import type { Tx } from '../../db/database.ts';
import { deliveriesById } from '../../db/deliveries.ts';
import { findCaseFor, knownCases } from '../../db/known.ts';
import type { MemberRow } from '../../db/members.ts';
import { findContactBrief } from '../../db/officers.ts';
import { base64 } from '../../kernel/base64.ts';
import type { CaseId } from '../../kernel/ids.ts';
import { lockOrOpenAlert } from '../alerts/quiet-alerts.ts';
import { shortOf } from '../decisions/phones.ts';
import { channelName } from '../duty/officer-wording.ts';
import type { Moment } from '../ground/transaction.ts';
import { isOfferedTo, isUnseenBy } from '../records/alert-record.ts';
import { audit } from '../records/audit.ts';
import { idsOfMember } from '../records/may-know.ts';
import { shortNames } from '../records/officer-names.ts';
import { chatsOf, openReporter, type ReporterLink } from '../records/reporter-link.ts';
import { rightsOf } from './erasure.ts';
import { followingOf } from './following.ts';
import { keptOf } from './kept.ts';
import { watchOpening } from './many-opened.ts';

type Refused = { ok: false; reason: 'no_such' };

export async function openCaseRoom(
  at: Moment,
  member: MemberRow,
  reference: string,
): Promise<{ ok: true; case: SealedCase } | Refused> {
  const { tx } = at;
  const found = await caseFor(tx, member, reference);
  if (!found.ok) return found;
  // Before the log is held: others hold the case first.
  const row = await noteFirstLook(tx, found.row, at.now);
  await audit(at, { memberId: member.id, what: 'case_opened', caseId: row.id });
  await watchOpening(at, member);
  // A look holds nothing up.
  const alert = (await findAlertOfCase(tx, row.id)) ?? (await lockOrOpenAlert(at, row.id));
  if (!alert) return { ok: false, reason: 'no_such' };
  return {
    ok: true,
    case: {
      id: row.id,
      reference,
      level: row.level,
      status: row.status,
      channel: row.channel,
      region: row.region ?? row.zone,
      isSubmitted: row.isSubmitted,
      openedAt: row.openedAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      ...(await bindingOf(at, member, row)),
      wraps: await teamWraps(tx, row.id),
      length: row.chainLength,
      items: (await itemsOf(tx, row.id)).map(toSealedItem),
      files: (await evidenceOf(tx, row.id)).map(({ id, media, state, size }) => ({ id, media, state, size })),
      following: await followingOf(at, member, row, alert),
      kept: await keptOf(at, member, row),
      ...(await rightsOf(at, member, row.id)),
      ...(await alertOf(at, member, alert)),
    },
  };
}

/** What proves a case's key, and the end of its chain. */
export async function bindingOf(at: Moment, member: MemberRow, row: CaseRow) {
  const { recipient, recipientSignature, boundFrom, chainHead } = row;
  return {
    recipient,
    recipientSignature: recipientSignature && base64(recipientSignature),
    boundFrom,
    replaces: await replacedBy(at, member, row),
    chainHead: chainHead && base64(chainHead),
  };
}

/** Reference of the case that this one goes on from, if the server signed that and they may know of it. */
async function replacedBy({ tx, ctx }: Moment, member: MemberRow, row: CaseRow): Promise<string | null> {
  const { id: caseId, replaces, replacesSignature } = row;
  if (!replaces || !isContinuation(ctx.keyring.signer, { caseId, replaces }, replacesSignature)) return null;
  const known = await knownCases(tx, await idsOfMember(tx, member), [replaces]);
  return known.has(replaces) ? ((await findCase(tx, replaces))?.reference ?? null) : null;
}

export function toSealedItem({
  place,
  kind,
  createdAt,
  ciphertext,
  link,
  signature,
}: CaseItemRow): SealedItem {
  return {
    place,
    type: kind,
    at: createdAt.toISOString(),
    ciphertext,
    link: base64(link),
    signature: base64(signature),
  };
}

/** A case's secret key as it is sealed to the team. */
export async function teamWraps(tx: Tx, id: CaseId): Promise<{ key: string; wrapped: Uint8Array }[]> {
  const wraps = await wrapsOf(tx, id);
  return wraps.flatMap(({ group, key, wrapped }) => (group === 'team' ? [{ key, wrapped }] : []));
}

/** A member prints a case, or saves it as a document: what their browser says of it is noted before it does. */
export async function notePrinted(
  at: Moment,
  member: MemberRow,
  reference: string,
): Promise<{ ok: true } | Refused> {
  const found = await caseFor(at.tx, member, reference);
  if (!found.ok) return found;
  await audit(at, { memberId: member.id, what: 'case_printed', caseId: found.row.id });
  return { ok: true };
}

/** A case that this member may have. One of which they must not know is none, and takes as long. */
export async function caseFor(tx: Tx, member: MemberRow, reference: string) {
  const row = await findCaseFor(tx, await idsOfMember(tx, member), reference);
  return row ? ({ ok: true, row } as const) : ({ ok: false, reason: 'no_such' } as const);
}

async function alertOf(
  at: Moment,
  member: MemberRow,
  row: AlertRow,
): Promise<{ alert: AlertOfCase; replies: FateOfReply[] }> {
  const { officerId } = member;
  const log = await logOf(at.tx, row.id);
  const names = await shortNames(at, [row.takenBy, ...log.map(({ officerId }) => officerId)]);
  const link = await openReporter(at, row);
  const chats = link ? chatsOf(link) : [];
  const safe = chats.flatMap(({ mayWrite }) => (whySilent(mayWrite) ? [] : [mayWrite]));
  const hours = safe.map(hoursOf).find((each) => each !== undefined);
  const opens = hours && opensAt(hours, at.now, at.ctx.settings.timeZone);
  const sent = await deliveriesById(
    at.tx,
    (link?.replies ?? []).map(({ delivery }) => delivery),
  );
  const replies = (link?.replies ?? []).flatMap(({ place, delivery }) => {
    const found = sent.get(delivery);
    if (!found) return [];
    const { state, sentAt, deliveredAt, readAt, failure, waits, dueAt } = found;
    const isWaiting = waits && state === 'queued' && dueAt > at.now;
    const lastAt = readAt ?? deliveredAt ?? sentAt ?? (isWaiting ? dueAt : null);
    return {
      place,
      state: readAt ? 'read' : deliveredAt ? 'delivered' : isWaiting ? 'waits' : state,
      at: lastAt?.toISOString() ?? null,
      failure: isWaiting ? null : failure,
    };
  });
  return {
    alert: {
      state: row.state,
      isQuiet: row.isQuiet,
      level: row.level,
      raisedAt: row.raisedAt.toISOString(),
      takenBy: (row.takenBy && names.get(row.takenBy)) ?? null,
      takenAt: row.takenAt?.toISOString() ?? null,
      isMine: officerId !== null && row.takenBy === officerId,
      isOfferedToMe: officerId !== null && isOfferedTo(row, officerId),
      isAskedAgain: officerId !== null && isUnseenBy(row, officerId),
      outcome: row.outcome,
      mayWrite: link ? !link.isUndecided && safe.length > 0 : null,
      isUndecided: link?.isUndecided === true,
      phones: await phonesOf(at, link),
      whySilent: (safe.length === 0 && whySilent(chats[0]?.mayWrite)) || null,
      hours: hours ? [...hours] : null,
      opensAt: opens && opens > at.now ? opens.toISOString() : null,
      isSafetySaid: safe.includes(true) || hours !== undefined,
      isSafetyUnclear: safe.includes('unclear'),
      log: log.map((each) => ({
        at: each.at.toISOString(),
        what: each.what,
        who: (each.officerId && names.get(each.officerId)) ?? null,
      })),
    },
    replies,
  };
}

async function phonesOf({ tx, ctx }: Moment, link: ReporterLink | undefined): Promise<AlertOfCase['phones']> {
  const phones: AlertOfCase['phones'] = [];
  for (const { contactId, cameBackAt, isCut } of link?.chats ?? []) {
    const contact = await findContactBrief(tx, contactId);
    const channel = channelName(ctx, ctx.settings.defaultLanguage, contact?.channel);
    phones.push({ is: shortOf(contactId), channel, cameBackAt: cameBackAt ?? null, isCut: isCut === true });
  }
  return phones;
}
