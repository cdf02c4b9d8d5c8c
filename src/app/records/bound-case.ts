/**
 * Whether a case's public key is the one that the server signed when the case was opened.
 *
 * Invariants: everything that is sealed to a case or put into one asks here first, of the row as it is then; cases from
 * before keys were signed are signed once, at the first start, and never again: an intruder who takes a signature away
 * gets none in its place.
 */
import { type BoundRecipient, boundRecipient, signCaseKey } from '../../crypto/case-binding.ts';
import { sealToCase } from '../../crypto/case-key.ts';
import { nextLink, signLink } from '../../crypto/chain.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { appendItem, type CaseRow, updateCase } from '../../db/cases.ts';
import { unboundCases } from '../../db/locks.ts';
import type { CaseId } from '../../kernel/ids.ts';
import { mayStillSign, type Signing } from '../ground/earlier-rows.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from './audit.ts';

type Keys = { keyring: Keyring };

/** A case to which something may be sealed. */
export type BoundCase = CaseRow & { recipient: BoundRecipient };

/** The same case, if its key is the one that was signed. */
export function boundCase({ keyring }: Keys, row: CaseRow): BoundCase | undefined {
  const { id: caseId, recipient, boundFrom, recipientSignature: signature } = row;
  const bound = boundRecipient(keyring.signer, { caseId, recipient, boundFrom, signature });
  return bound && { ...row, recipient: bound };
}

/** What kinds of thing lie in a case; the name stands beside the ciphertext. */
export type ItemKind =
  | 'report'
  | 'answers'
  | 'consent'
  | 'event'
  | 'phrase'
  | 'message'
  | 'note'
  | 'evidence';

/** The columns that bind a case to its key; only for a key that was just made, or that `boundCase` has vouched for. */
export function bindingColumns({ keyring }: Keys, caseId: CaseId, recipient: BoundRecipient) {
  const recipientSignature = signCaseKey(keyring.signer, { caseId, recipient, boundFrom: 0 });
  return { recipient, recipientSignature, boundFrom: 0 };
}

/** Seals one more thing into a case whose row the caller has locked, and returns its place. Stored as JSON with the time. */
export async function sealIntoBound(
  at: Moment<Keys>,
  row: BoundCase,
  kind: ItemKind,
  payload: unknown,
): Promise<number> {
  const { id: caseId, chainLength: place } = row;
  const header = { type: kind, version: 1, caseId, place };
  const bytes = new TextEncoder().encode(
    JSON.stringify({ at: at.now.toISOString(), ...(payload as object) }),
  );
  const ciphertext = await sealToCase(row.recipient, header, bytes);
  await appendSealed(at, row, { kind, ciphertext });
  return place;
}

/**
 * Adds what was sealed elsewhere (in a browser) to the end of a case whose row the caller has locked: it must have
 * been sealed to that place, or it opens for nobody.
 */
export async function appendSealed(
  { tx, ctx, now }: Moment<Keys>,
  row: BoundCase,
  { kind, ciphertext }: { kind: ItemKind; ciphertext: Uint8Array },
): Promise<void> {
  const item = { caseId: row.id, place: row.chainLength, kind, ciphertext };
  const link = nextLink({ previous: row.chainHead, ...item });
  await appendItem(tx, { ...item, link, signature: signLink(ctx.keyring, link), createdAt: now });
}

/**
 * Signs the keys of cases from before keys were signed, as they are found: how many items lie in each is signed along, so
 * that what came before shows as such. Once in the life of a database, noted in the audit log, whose end is locked: of two
 * processes one does it. Returns how many were signed; undefined: it was done before, or may have been.
 */
export async function bindEarlierCases(at: Moment<Signing>): Promise<number | undefined> {
  const { tx, ctx } = at;
  const isAny = async () => (await unboundCases(tx)).length > 0;
  if (!(await mayStillSign(at, 'cases', isAny))) return undefined;
  const rows = await unboundCases(tx);
  for (const { id, recipient, chainLength: boundFrom } of rows) {
    const recipientSignature = signCaseKey(ctx.keyring.signer, { caseId: id, recipient, boundFrom });
    await updateCase(tx, id, { recipientSignature, boundFrom });
  }
  await audit(at, { memberId: null, what: 'cases_bound', detail: { count: rows.length } });
  return rows.length;
}
