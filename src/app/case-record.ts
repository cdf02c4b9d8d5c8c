/**
 * Opening cases and adding to them.
 *
 * Invariants: a case's secret key is forgotten as soon as it is wrapped, so what is added can never be read
 * here again; nothing is added to a case whose key is not the one that was signed when it was opened; every item says inside the seal which case and place it belongs to, and the chain over the
 * ciphertexts is signed, so moving, dropping or adding shows.
 */
import { newReference } from '../cases/reference.ts';
import type { ChannelKind } from '../channels/channel.ts';
import type { CaseEntry } from '../conversation/effect.ts';
import type { Level } from '../conversation/level.ts';
import { createCaseKey, fingerprint, sealToCase } from '../crypto/case-key.ts';
import { nextLink, signLink } from '../crypto/chain.ts';
import { findAlertByReference } from '../db/alerts.ts';
import {
  appendItem,
  emptyCase as dropContents,
  findCaseByReference,
  insertCase,
  lockCase,
  updateCase,
} from '../db/cases.ts';
import type { Tx } from '../db/database.ts';
import { LakanaError } from '../kernel/errors.ts';
import { type CaseId, newId } from '../kernel/ids.ts';
import { type BoundCase, bindingColumns, boundCase } from './bound-case.ts';
import type { Context } from './context.ts';

/** What kinds of thing lie in a case; the name stands beside the ciphertext. */
export type ItemKind = 'report' | 'answers' | 'event' | 'phrase' | 'message' | 'note' | 'evidence';

/** Makes a draft: a case that nobody sees, to which files can be sealed before there is a report. */
export async function createDraft(tx: Tx, ctx: Context, now: Date, channel: ChannelKind): Promise<CaseId> {
  const id = newId<CaseId>();
  const made = await createCaseKey([ctx.team], id);
  const key = fingerprint(ctx.team.recipient);
  await insertCase(
    tx,
    {
      id,
      status: 'draft',
      channel,
      ...bindingColumns(ctx, id, made.recipient),
      openedAt: now,
      updatedAt: now,
    },
    made.wraps.map((wrap) => ({ ...wrap, key })),
  );
  return id;
}

/** Turns a draft into a case that has a reference; returns the reference. */
export async function openCase(
  tx: Tx,
  ctx: Context,
  now: Date,
  id: CaseId,
  facts: { level: Level; zone?: string; region?: string; isSubmitted: boolean; isUnfinished: boolean },
): Promise<string> {
  const reference = await freeReference(tx);
  await updateCase(tx, id, {
    reference,
    status: 'open',
    level: facts.level,
    zone: facts.zone ?? null,
    region: facts.region ?? null,
    isSubmitted: facts.isSubmitted,
    isUnfinished: facts.isUnfinished,
    openedAt: now,
    updatedAt: now,
  });
  ctx.log.info('case_opened', { reference, level: facts.level });
  return reference;
}

/**
 * A reference that no case has, and no exercise ever had: officers name an alert by nothing else. `propose`: where
 * references come from; default random.
 */
export async function freeReference(tx: Tx, propose: () => string = newReference): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const reference = propose();
    // An exercise has a reference and no case.
    if (!(await findCaseByReference(tx, reference)) && !(await findAlertByReference(tx, reference)))
      return reference;
  }
  throw new LakanaError('no_free_reference', 'no free case reference after 20 tries');
}

/**
 * Seals one more thing into a case and returns its place. `payload` is stored as JSON with the time; `evidence`
 * and other big things are sealed apart and only described here.
 */
export async function sealIntoCase(
  tx: Tx,
  ctx: Context,
  now: Date,
  caseId: CaseId,
  kind: ItemKind,
  payload: unknown,
): Promise<number> {
  const row = await lockBoundCase(tx, ctx, caseId);
  const place = row.chainLength;
  const header = { type: kind, version: 1, caseId, place };
  const bytes = new TextEncoder().encode(JSON.stringify({ at: now.toISOString(), ...(payload as object) }));
  const ciphertext = await sealToCase(row.recipient, header, bytes);
  await appendSealed(tx, ctx, now, row, { kind, ciphertext });
  return place;
}

/**
 * Adds what somebody sealed elsewhere (a browser) to the end of a case whose row the caller has locked: it must have
 * been sealed to that place, or it opens for nobody.
 */
export async function appendSealed(
  tx: Tx,
  ctx: Context,
  now: Date,
  row: BoundCase,
  { kind, ciphertext }: { kind: ItemKind; ciphertext: Uint8Array },
): Promise<void> {
  const item = { caseId: row.id, place: row.chainLength, kind, ciphertext };
  const link = nextLink({ previous: row.chainHead, ...item });
  await appendItem(tx, { ...item, link, signature: signLink(ctx.keyring, link), createdAt: now });
}

async function lockBoundCase(tx: Tx, ctx: Context, caseId: CaseId): Promise<BoundCase> {
  const row = await lockCase(tx, caseId);
  if (!row) throw new LakanaError('case_missing', 'the case to add to does not exist');
  const bound = boundCase(ctx, row);
  if (!bound) throw new LakanaError('case_key_unproved', 'the key of a case is not the one that was signed');
  return bound;
}

/** Forgets everything in a case but that there is one; what comes from now on lies under its signed key. */
export async function emptyCase(tx: Tx, ctx: Context, caseId: CaseId): Promise<void> {
  const { recipient } = await lockBoundCase(tx, ctx, caseId);
  await dropContents(tx, caseId);
  await updateCase(tx, caseId, bindingColumns(ctx, caseId, recipient));
}

/** Answers as they go into a case. */
export function sealAnswers(
  tx: Tx,
  ctx: Context,
  now: Date,
  caseId: CaseId,
  kind: 'report' | 'answers',
  entries: readonly CaseEntry[],
  extra: Record<string, unknown> = {},
): Promise<number> {
  return sealIntoCase(tx, ctx, now, caseId, kind, { entries, ...extra });
}
