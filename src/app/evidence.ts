/**
 * Files: noted in the transaction of the message, fetched and sealed by a job.
 *
 * Invariants: a file never lies in the clear anywhere (it is sealed while it flows from the messenger into the
 * database); "saved" is said only after the commit; how to fetch it is epoch-sealed and blanked once it is
 * saved or refused; two tries at once cannot mix their pieces, and none adds any once the file is saved or refused.
 */
import { createHash, randomInt } from 'node:crypto';
import { evidenceHeader } from '../cases/evidence-seal.ts';
import type { ChannelKind, FetchResult, IncomingFile } from '../channels/channel.ts';
import type { BoundRecipient } from '../crypto/case-binding.ts';
import { sealStream } from '../crypto/case-key.ts';
import { findCase } from '../db/cases.ts';
import { type ContactRow, lockContactById } from '../db/contacts.ts';
import type { Tx } from '../db/database.ts';
import {
  countEvidence,
  countUnheard,
  dropChunks,
  type EvidenceRow,
  findEvidence,
  insertEvidence,
  keepChunks,
  lockWaitingEvidence,
  moveWaitingEvidence,
  putChunk,
  updateEvidence,
} from '../db/evidence.ts';
import { LakanaError } from '../kernel/errors.ts';
import { type CaseId, type ContactId, type EvidenceId, newId } from '../kernel/ids.ts';
import { minutes } from '../kernel/time.ts';
import { tellOfficer } from './alerting.ts';
import { type BoundCase, boundCase } from './bound-case.ts';
import { lockCaseToAddTo } from './case-going-on.ts';
import { sealIntoCase } from './case-record.ts';
import type { Context } from './context.ts';
import { openLive, sealLive } from './epochs.ts';
import { serviceSay } from './service-texts.ts';
import { transact } from './transaction.ts';

type Refusal = Extract<FetchResult, { ok: false }>['reason'];
type Source = { contactId: ContactId; channel: ChannelKind; file: IncomingFile };

export const evidenceContext = (id: EvidenceId): string => `evidence/${id}`;

/** Bytes of one piece in the database. */
const CHUNK = 256 * 1024;
/** A try's pieces are numbered from a random multiple of this: more than any file has. */
const MOST_CHUNKS = 1_024;

/** Notes a file that lies with the messenger; a job will fetch it. Returns the id that answers refer to. */
export async function noteEvidence(
  tx: Tx,
  ctx: Context,
  now: Date,
  caseId: CaseId,
  contact: ContactRow,
  file: IncomingFile,
): Promise<EvidenceId> {
  const id = newId<EvidenceId>();
  const source: Source = { contactId: contact.id, channel: contact.channel as ChannelKind, file };
  const live = await sealLive(ctx, tx, now, evidenceContext(id), source);
  await insertEvidence(tx, {
    id,
    caseId,
    state: 'received',
    media: file.kind,
    epochId: live.epochId,
    sourceSealed: live.sealed,
    createdAt: now,
  });
  await ctx.jobs.fetchEvidence(tx, id);
  return id;
}

/**
 * Fetches one file, seals it to its case and says so. Nothing to do when it was saved, refused or erased
 * meanwhile. Throws `evidence_unreachable` when it is worth another try, unless this is the last one.
 */
export async function storeEvidence(ctx: Context, id: EvidenceId, isLastTry: boolean): Promise<void> {
  const noted = await findEvidence(ctx.db, id);
  if (noted?.state !== 'received') return;
  const source = await readSource(ctx, noted);
  const channel = source && ctx.channels.get(source.channel);
  const owner = source && (await ownerOf(ctx, noted));
  if (!source || !owner) return refuse(ctx, noted, source, 'gone');
  if (!channel) throw new LakanaError('evidence_unreachable', 'the channel of a file is not running');
  const row = { ...noted, caseId: owner.id };
  const fetched = await channel.fetchFile(source.file, AbortSignal.timeout(minutes(5)));
  if (!fetched.ok) return notFetched(ctx, row, source, fetched.reason, isLastTry);

  const started = performance.now();
  const kept = await seal(ctx, row, owner.recipient, fetched.stream, channel.can.maxFileBytes);
  if (kept === 'over') return;
  if (typeof kept === 'string') return notFetched(ctx, row, source, kept, isLastTry);
  await transact(ctx, (tx, inside, now) => finish(tx, inside, now, row, source, kept));
  ctx.log.info('evidence_stored', { bytes: kept.size, ms: Math.round(performance.now() - started) });
}

/** The case that the file is sealed to: its own, or the one that goes on in its place. Undefined: it was erased. */
async function ownerOf(ctx: Context, row: EvidenceRow): Promise<BoundCase | undefined> {
  const found = await findCase(ctx.db, row.caseId);
  return (
    found &&
    (boundCase(ctx, found) ??
      (await transact(ctx, async (tx, inside, now) => {
        const owner = await lockCaseToAddTo(tx, inside, now, found.id);
        await moveWaitingEvidence(tx, found.id, owner.id, row.id);
        return owner;
      })))
  );
}

async function readSource(ctx: Context, row: EvidenceRow): Promise<Source | undefined> {
  const live = { epochId: row.epochId, sealed: row.sourceSealed };
  return (await openLive(ctx, ctx.db, live, evidenceContext(row.id))) as Source | undefined;
}

type Kept = { base: number; count: number; size: number; hash: Uint8Array };

/** `over`: the file was saved, refused or erased meanwhile. */
async function seal(
  ctx: Context,
  row: EvidenceRow,
  recipient: BoundRecipient,
  plain: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Kept | 'too_big' | 'unreachable' | 'over'> {
  const base = (1 + randomInt(1_000_000)) * MOST_CHUNKS;
  const hash = createHash('sha256');
  const meter = limited(maxBytes);
  let count = 0;
  let size = 0;
  try {
    const header = evidenceHeader(row.caseId, row.id);
    const sealed = await sealStream(recipient, header, plain.pipeThrough(meter.stream));
    for await (const piece of pieces(sealed)) {
      hash.update(piece);
      size += piece.length;
      if (!(await keepPiece(ctx, row.id, base + count, piece))) return 'over';
      count += 1;
    }
  } catch (error) {
    if (meter.isOver()) return 'too_big';
    if (isNotKept(error)) throw error;
    await dropChunks(ctx.db, row.id, { base, count });
    return 'unreachable';
  }
  return { base, count, size, hash: hash.digest() };
}

const NOT_KEPT = 'evidence_not_kept';
const isNotKept = (error: unknown): boolean => error instanceof LakanaError && error.code === NOT_KEPT;

/** What goes wrong here is the database's and says nothing about the file: it is no reason to refuse it. */
async function keepPiece(ctx: Context, id: EvidenceId, n: number, piece: Uint8Array): Promise<boolean> {
  try {
    return await putChunk(ctx.db, id, n, piece);
  } catch (cause) {
    throw new LakanaError(NOT_KEPT, 'a piece of a file could not be saved', { cause });
  }
}

/** Passes bytes on and breaks off beyond `max`: a messenger's word about a size is only a word. */
function limited(max: number): { stream: TransformStream<Uint8Array, Uint8Array>; isOver: () => boolean } {
  let seen = 0;
  const stream = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      seen += chunk.length;
      if (seen > max) controller.error(new LakanaError('evidence_too_big', 'a file is bigger than allowed'));
      else controller.enqueue(chunk);
    },
  });
  return { stream, isOver: () => seen > max };
}

async function* pieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    held.push(chunk);
    length += chunk.length;
    if (length < CHUNK) continue;
    yield Buffer.concat(held);
    held = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(held);
}

async function finish(
  tx: Tx,
  ctx: Context,
  now: Date,
  row: EvidenceRow,
  source: Source,
  kept: Kept,
): Promise<void> {
  const contact = await lockContactById(tx, source.contactId);
  // Whoever erased the draft or was faster meanwhile wins: the pieces are gone already.
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
  });
  const { mediaType, name, seconds } = source.file;
  const about = { evidence: row.id, media: row.media, mediaType, name, seconds, size };
  await sealIntoCase(tx, ctx, now, row.caseId, 'evidence', {
    ...about,
    sha256: Buffer.from(hash).toString('hex'),
  });
  if (row.media === 'voice' || row.media === 'audio') await countUnheard(tx, row.caseId);
  await tellOfficer(tx, ctx, now, row.caseId, 'new_answers');
  if (!contact) return;
  const { saved, waiting } = await countEvidence(tx, row.caseId);
  const key = waiting > 0 ? 'service.saved_some' : 'service.saved';
  await serviceSay(tx, ctx, now, contact, key, { count: saved, waiting }, undefined, 'saved');
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
  await transact(ctx, async (tx, inside, now) => {
    const contact = source && (await lockContactById(tx, source.contactId));
    if (!(await lockWaitingEvidence(tx, row.id))) return;
    await dropChunks(tx, row.id);
    await updateEvidence(tx, row.id, {
      state: 'refused',
      refusal: reason,
      epochId: null,
      sourceSealed: null,
    });
    await sealIntoCase(tx, inside, now, row.caseId, 'event', {
      what: 'file_not_saved',
      media: row.media,
      reason,
    });
    const limit = Math.floor(
      (ctx.channels.get(source?.channel as ChannelKind)?.can.maxFileBytes ?? 0) / 1_000_000,
    );
    if (contact) await serviceSay(tx, inside, now, contact, `service.refused_${reason}`, { limit });
  });
}
