/**
 * Whether everything was heard that a person may have written or sent before their case is erased.
 *
 * Invariants: nothing is erased before the service has listened for a day without an outage, since messengers keep for a day
 * what they could not deliver (seven days after the hour that was named at the latest, or outages that come every day would
 * keep it for ever); nor while a messenger of theirs does not work, while any message waits to be handled, or
 * while a file of the case waits to be fetched. What is not erased for it now is looked at again in an hour.
 */
import { hasUnheard } from '../../db/backlog.ts';
import { findCase } from '../../db/cases.ts';
import { listTroubles } from '../../db/channel-troubles.ts';
import { wasTried } from '../../db/code-tries.ts';
import { countEvidence } from '../../db/evidence.ts';
import { findContactBrief } from '../../db/officers.ts';
import { lastAlive, latestOutage, OUTAGE_AFTER_MS } from '../../db/service-state.ts';
import type { CaseId, ContactId } from '../../kernel/ids.ts';
import { after, days, minutes } from '../../kernel/time.ts';
import type { ChannelKind, PostponedBecause } from '../../kernel/vocabulary.ts';
import type { Moment } from '../ground/transaction.ts';
import { triedIndex } from './finding-a-case.ts';

/** A code that a person wrote is compared, and what comes of it done, in less. */
const COMPARED_WITHIN = minutes(1);

/** So long messengers keep what they cannot deliver. */
const KEPT_BY_MESSENGERS = days(1);

/** Outages postpone by no more: a shorter day of listening has to do then. */
const POSTPONED_BY_OUTAGES = days(7);

/** The case with the earlier ones that went into it, the chats that lead to it, and when it is to be erased. */
type ToErase = { cases: readonly CaseId[]; contacts: readonly ContactId[]; dueAt: Date };

/** Why not everything was heard yet; undefined: it was. */
export async function whyNotAllHeard(
  at: Moment,
  { cases, contacts, dueAt }: ToErase,
): Promise<PostponedBecause | undefined> {
  if (!(await hasListened(at, dueAt))) return 'outage';
  if (await hasUnheard(at.tx, after(at.now, -KEPT_BY_MESSENGERS))) return 'messages';
  // Codes are compared outside any transaction: who finds their case again at this moment has it.
  if (await isBeingFound(at, cases)) return 'messages';
  for (const each of cases) if ((await countEvidence(at.tx, each)).waiting > 0) return 'file';
  return (await isOneCutOff(at, contacts)) ? 'messenger' : undefined;
}

/** By these references: what strangers try with others postpones nothing here. */
async function isBeingFound({ tx, ctx, now }: Moment, cases: readonly CaseId[]): Promise<boolean> {
  const named: Uint8Array[] = [];
  for (const each of cases) {
    const reference = (await findCase(tx, each))?.reference;
    if (reference) named.push(triedIndex(ctx, reference));
  }
  return named.length > 0 && wasTried(tx, named, after(now, -COMPARED_WITHIN));
}

/** For a day, and now. */
async function hasListened({ tx, now }: Moment, dueAt: Date): Promise<boolean> {
  const alive = await lastAlive(tx);
  if (alive && after(alive, OUTAGE_AFTER_MS) < now) return false;
  if (after(dueAt, POSTPONED_BY_OUTAGES) <= now) return true;
  const outage = await latestOutage(tx);
  return !outage || after(outage.endedAt, KEPT_BY_MESSENGERS) <= now;
}

/** A messenger that is turned off is no trouble: nobody is listened to there. */
async function isOneCutOff({ tx, ctx }: Moment, contacts: readonly ContactId[]): Promise<boolean> {
  const troubled = new Set((await listTroubles(tx)).map(({ channel }) => channel));
  if (troubled.size === 0) return false;
  for (const each of contacts) {
    const channel = (await findContactBrief(tx, each))?.channel;
    if (channel && troubled.has(channel) && ctx.channels.has(channel as ChannelKind)) return true;
  }
  return false;
}
