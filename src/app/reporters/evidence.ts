/**
 * Files: noted in the transaction of the message, fetched and sealed by a job.
 *
 * Invariants: a file never lies in the clear anywhere (it is sealed while it flows from the messenger into the
 * database); "saved" is said only after the commit; how to fetch it is epoch-sealed and blanked once it is
 * saved or refused; two tries at once cannot mix their pieces, and none adds any once the file is saved or refused.
 */
import { whatDiffers } from '../../cases/file-check.ts';
import type { FetchResult, IncomingFile, IncomingMessage } from '../../channels/channel.ts';
import { findCase } from '../../db/cases.ts';
import { type ContactRow, lockContactById } from '../../db/contacts.ts';
import {
  countEvidence,
  countUnheard,
  dropChunks,
  type EvidenceRow,
  insertEvidence,
  keepChunks,
  lockWaitingEvidence,
  moveWaitingEvidence,
  updateEvidence,
} from '../../db/evidence.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { type CaseId, type ContactId, type EvidenceId, newId } from '../../kernel/ids.ts';
import { minutes } from '../../kernel/time.ts';
import type { ChannelKind } from '../../kernel/vocabulary.ts';
import { lockCaseToAddTo } from '../alerts/case-going-on.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { tellOfficer } from '../alerts/reporter-news.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { openLive, sealLive } from '../keys/epochs.ts';
import { type BoundCase, boundCase } from '../records/bound-case.ts';
import { sayUnasked } from '../records/unasked.ts';
import { stopErasure } from './erasure-stops.ts';
import { type Kept, sealFile } from './evidence-sealing.ts';
import { beginTry, endTry, MOST_FAULTS, NO_TRY } from './evidence-tries.ts';
import { type Declined, expectedOf, isFirstDeclined, weighing } from './file-budgets.ts';

/** `broken`: it failed by its own doing as often as a file may. */
type Refusal = Extract<FetchResult, { ok: false }>['reason'] | Declined | 'broken';
/** `message`: the messenger's own name of the message that it came with. `sentAt`: when that was sent, as the messenger tells it. */
type Source = {
  contactId: ContactId;
  channel: ChannelKind;
  file: IncomingFile;
  message?: string;
  sentAt?: string;
};

/** Beyond all that a channel allows itself. */
const MOST_TIME = minutes(16);

export const evidenceContext = (id: EvidenceId): string => `evidence/${id}`;

/** Notes a file that lies with the messenger; a job will fetch it. Returns the id that answers refer to. */
export async function noteEvidence(
  { tx, ctx, now }: Moment,
  caseId: CaseId,
  contact: ContactRow,
  file: IncomingFile,
  { messageRef, sentAt }: Pick<IncomingMessage, 'messageRef' | 'sentAt'> = {},
): Promise<EvidenceId> {
  const id = newId<EvidenceId>();
  const source: Source = {
    contactId: contact.id,
    channel: contact.channel,
    file,
    ...(messageRef ? { message: messageRef } : {}),
    ...(sentAt ? { sentAt: sentAt.toISOString() } : {}),
  };
  const live = await sealLive(ctx, tx, now, evidenceContext(id), source);
  await insertEvidence(tx, {
    id,
    caseId,
    state: 'received',
    media: file.kind,
    epochId: live.epochId,
    sourceSealed: live.sealed,
    expected: expectedOf(file),
    createdAt: now,
  });
  await ctx.jobs.fetchEvidence(tx, id, senderOf(ctx, contact.id));
  return id;
}

/** Asks anew for a file whose job was lost; nothing comes of it if it was not. */
export async function askAgain({ tx, ctx }: Moment, row: EvidenceRow): Promise<void> {
  const source = await readSource(ctx, row);
  await ctx.jobs.fetchEvidence(tx, row.id, source ? senderOf(ctx, source.contactId) : row.caseId);
}

/** Whose file it is, for the part that shares out the work: stands in the table of jobs, where no contact may. */
const senderOf = ({ keyring }: Context, contactId: ContactId): string =>
  Buffer.from(keyring.index('files-of', contactId)).toString('hex');

/**
 * Fetches one file, seals it to its case and says so. Nothing to do when it was saved, refused or erased
 * meanwhile. Throws `evidence_unreachable` when it is worth another try, unless this is the last one. `stop`: the service
 * ends; what is under way goes on in its next run, and is no fault of the file.
 */
export async function storeEvidence(
  ctx: Context,
  id: EvidenceId,
  isLastTry: boolean,
  how: { stop?: AbortSignal; guardian?: string } = {},
): Promise<void> {
  const noted = await beginTry(ctx, id, how.guardian);
  if (!noted) return;
  const source = await readSource(ctx, noted);
  const channel = source && ctx.channels.get(source.channel);
  const owner = source && (await ownerOf(ctx, noted));
  if (!source || !owner) return refuse(ctx, noted, source, 'gone');
  const row = { ...noted, caseId: owner.id };
  if (row.faults >= MOST_FAULTS) return refuse(ctx, row, source, 'broken');
  try {
    if (!channel) throw new LakanaError('evidence_unreachable', 'the channel of a file is not running');
    const whole = AbortSignal.timeout(MOST_TIME);
    const signal = how.stop ? AbortSignal.any([how.stop, whole]) : whole;
    const weigh = weighing(ctx, row, source.contactId);
    const declined = await weigh(0);
    if (declined) return await refuse(ctx, row, source, declined);
    const fetched = await channel.fetchFile(source.file, signal);
    if (!fetched.ok) return await notFetched(ctx, row, source, fetched.reason, isLastTry);
    const started = performance.now();
    const kept = await sealFile(ctx, row, owner.recipient, fetched.stream, channel.can.maxFileBytes, weigh);
    if (kept === 'over') return;
    if (kept === 'cut' || kept === 'altered') {
      if (how.stop?.aborted) throw new LakanaError('evidence_unreachable', 'the service ends');
      const faults = await endTry(ctx, id, kept);
      const reason = faults >= MOST_FAULTS ? 'broken' : 'unreachable';
      return await notFetched(ctx, { ...row, faults }, source, reason, isLastTry);
    }
    if (typeof kept === 'string') return await refuse(ctx, row, source, kept);
    await transact(ctx, (at) => finish(at, row, source, kept));
    ctx.log.info('evidence_stored', { bytes: kept.size, ms: Math.round(performance.now() - started) });
  } catch (error) {
    // Whatever it is, it was not the file that ended this try; if this cannot be said now, the next run sees it.
    await endTry(ctx, id).catch(() => undefined);
    throw error;
  }
}

/** The case that the file is sealed to: its own, or the one that goes on in its place. Undefined: it was erased. */
async function ownerOf(ctx: Context, row: EvidenceRow): Promise<BoundCase | undefined> {
  const found = await findCase(ctx.db, row.caseId);
  return (
    found &&
    (boundCase(ctx, found) ??
      (await transact(ctx, async (at) => {
        const owner = await lockCaseToAddTo(at, found.id);
        await moveWaitingEvidence(at.tx, found.id, owner.id, row.id);
        return owner;
      })))
  );
}

async function readSource(ctx: Context, row: EvidenceRow): Promise<Source | undefined> {
  const live = { epochId: row.epochId, sealed: row.sourceSealed };
  return (await openLive(ctx, ctx.db, live, evidenceContext(row.id))) as Source | undefined;
}

async function finish(at: Moment, row: EvidenceRow, source: Source, kept: Kept): Promise<void> {
  const { tx, now } = at;
  const contact = await lockContactById(tx, source.contactId);
  // A transaction that erased the draft or was faster meanwhile wins: the pieces are gone already.
  if (!(await lockWaitingEvidence(tx, row.id))) return;
  await keepChunks(tx, row.id, kept.base, kept.count);
  const { size, hash } = kept;
  await updateEvidence(tx, row.id, {
    state: 'saved',
    size,
    hash,
    savedAt: now,
    epochId: null,
    sourceSealed: null,
    ...NO_TRY,
  });
  const { channel, message, sentAt, file } = source;
  const { mediaType, name, seconds } = file;
  const differs = whatDiffers(file, { bytes: kept.came, head: kept.head });
  const about = { evidence: row.id, media: row.media, mediaType, name, seconds, size, differs };
  await sealIntoCase(at, row.caseId, 'evidence', {
    ...about,
    sha256: Buffer.from(hash).toString('hex'),
    bytes: kept.came,
    plainSha256: Buffer.from(kept.plainHash).toString('hex'),
    came: { channel, message, sentAt, at: row.createdAt.toISOString() },
  });
  if (row.media === 'voice' || row.media === 'audio') await countUnheard(tx, row.caseId);
  await stopErasure(at, row.caseId, 'reporter');
  await tellOfficer(at, row.caseId, 'new_answers');
  if (!contact) return;
  const { saved, waiting } = await countEvidence(tx, row.caseId);
  const key = waiting > 0 ? 'service.saved_some' : 'service.saved';
  await sayUnasked(at, contact, key, { count: saved, waiting }, { since: row.createdAt, coalesce: 'saved' });
}

async function notFetched(
  ctx: Context,
  row: EvidenceRow,
  source: Source,
  reason: Refusal,
  isLastTry: boolean,
): Promise<void> {
  if (reason !== 'unreachable' || isLastTry) return refuse(ctx, row, source, reason);
  throw new LakanaError('evidence_unreachable', 'a file could not be fetched yet');
}

/** A file that cannot be had: the case says that there was one, the reporter is told how to send it again. */
async function refuse(
  ctx: Context,
  row: EvidenceRow,
  source: Source | undefined,
  reason: Refusal,
): Promise<void> {
  ctx.log.warn('evidence_refused', { reason });
  await transact(ctx, async (at) => {
    const { tx } = at;
    const contact = source && (await lockContactById(tx, source.contactId));
    if (!(await lockWaitingEvidence(tx, row.id))) return;
    await dropChunks(tx, row.id);
    await updateEvidence(tx, row.id, {
      state: 'refused',
      refusal: reason,
      epochId: null,
      sourceSealed: null,
      ...NO_TRY,
    });
    // The case tells of those that were declined once a day, as of those that are declined when they are noted.
    const isDeclined = reason === 'over_budget' || reason === 'no_room';
    if (!isDeclined || !contact || (await isFirstDeclined(at, contact.id)))
      await sealIntoCase(at, row.caseId, 'event', {
        what: 'file_not_saved',
        media: row.media,
        reason,
      });
    const limit = Math.floor(
      ((source && ctx.channels.get(source.channel))?.can.maxFileBytes ?? 0) / 1_000_000,
    );
    if (!contact) return;
    const coalesce = isDeclined ? 'declined' : undefined;
    await sayUnasked(at, contact, `service.refused_${reason}`, { limit }, { since: row.createdAt, coalesce });
  });
}
