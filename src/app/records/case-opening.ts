/**
 * Opening cases.
 *
 * Invariants: a case's secret key is forgotten as soon as it is wrapped, so what is added can never be read here again; its
 * public key is signed before anything lies in it.
 */
import { newReference } from '../../cases/reference.ts';
import { signContinuation } from '../../crypto/case-binding.ts';
import { createCaseKey } from '../../crypto/case-key.ts';
import { fingerprint } from '../../crypto/fingerprint.ts';
import { findAlertByReference } from '../../db/alerts.ts';
import { findCaseByReference, insertCase, updateCase } from '../../db/cases.ts';
import type { Tx } from '../../db/database.ts';
import { erasedWith } from '../../db/erasures.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { type CaseId, newId } from '../../kernel/ids.ts';
import type { ChannelKind, Level } from '../../kernel/vocabulary.ts';
import type { Moment } from '../ground/transaction.ts';
import { bindingColumns } from './bound-case.ts';

/**
 * Makes a draft: a case that nobody sees, to which files can be sealed before there is a report. `replaces`: a case whose
 * key did not fit, in whose place this one goes on.
 */
export async function createDraft(
  { tx, ctx, now }: Moment,
  channel: ChannelKind,
  replaces?: CaseId,
): Promise<CaseId> {
  const id = newId<CaseId>();
  const made = await createCaseKey([ctx.team], id);
  const key = fingerprint(ctx.team.recipient);
  await insertCase(
    tx,
    {
      id,
      status: 'draft',
      statusSince: now,
      channel,
      ...bindingColumns(ctx, id, made.recipient),
      ...(replaces
        ? { replaces, replacesSignature: signContinuation(ctx.keyring.signer, { caseId: id, replaces }) }
        : {}),
      openedAt: now,
      updatedAt: now,
    },
    made.wraps.map((wrap) => ({ ...wrap, key })),
  );
  return id;
}

/** Turns a draft into a case that has a reference; returns the reference. */
export async function openCase(
  { tx, ctx, now }: Moment,
  id: CaseId,
  facts: { level: Level; zone?: string; region?: string; isSubmitted: boolean; isUnfinished: boolean },
): Promise<string> {
  const reference = await freeReference(tx);
  await updateCase(tx, id, {
    reference,
    status: 'new',
    statusSince: now,
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
 * A reference that no case has or, before it was erased, had, and no exercise ever had: officers name an alert by nothing
 * else. `propose`: where references come from; default random.
 */
export async function freeReference(tx: Tx, propose: () => string = newReference): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const reference = propose();
    const isTaken =
      (await findCaseByReference(tx, reference)) ??
      // An exercise has a reference and no case.
      (await findAlertByReference(tx, reference)) ??
      (await erasedWith(tx, reference));
    if (!isTaken) return reference;
  }
  throw new LakanaError('no_free_reference', 'no free case reference after 20 tries');
}
