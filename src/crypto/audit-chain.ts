/**
 * The chain over the audit log: each row holds the hash of the row before it and of itself, signed by the server.
 *
 * Invariants: a row that was changed, moved, dropped or put in makes a link wrong. A cut-off end shows to an operator
 * who noted a later head: `audit verify` prints it, to be kept on paper or elsewhere. Rows of another hand that took the
 * next places are passed over: the next row of the server's own names the place of the one that it stands behind
 * (`behind`), so that they end nothing, and the log is whole again once they are taken away.
 */
import { hashOfParts } from './hash-of-parts.ts';
import type { Keyring } from './keyring.ts';
import type { Verifier } from './verifier.ts';

const DOMAIN = 'lakana/audit-log/v1';

export type AuditEntry = {
  seq: number;
  at: Date;
  memberId: string | null;
  what: string;
  caseId: string | null;
  detail: Readonly<Record<string, string | number | boolean>>;
};
export type AuditRow = AuditEntry & { link: Uint8Array; signature: Uint8Array };

export type AuditVerdict =
  | { ok: true; rows: number; head: Uint8Array | null }
  | { ok: false; problem: 'out_of_order' | 'wrong_link' | 'wrong_signature'; seq: number };

/** The link of an entry; `previous` is that of the entry before it, null for the first one. */
export function auditLink(previous: Uint8Array | null, entry: AuditEntry): Uint8Array {
  const { seq, at, memberId, what, caseId, detail } = entry;
  // PostgreSQL keeps the keys of JSON in an order of its own.
  const sorted = Object.entries(detail).sort(([a], [b]) => (a < b ? -1 : 1));
  return hashOfParts([
    DOMAIN,
    previous ?? '',
    String(seq),
    at.toISOString(),
    memberId ?? '',
    what,
    caseId ?? '',
    JSON.stringify(sorted),
  ]);
}

export function signAuditLink(keyring: Pick<Keyring, 'signer'>, link: Uint8Array): Uint8Array {
  return keyring.signer.sign(DOMAIN, link);
}

/** Whether the server signed a row's link; not whether that is the link of the row. */
export function isSignedAuditLink(
  verifier: Verifier,
  { link, signature }: Pick<AuditRow, 'link' | 'signature'>,
): boolean {
  return verifier.verify(DOMAIN, link, signature);
}

/** The place of the row that a row says it stands behind; 0: it is the first. Undefined: it says nothing that can be. */
export function placeBefore({ seq, detail }: Pick<AuditEntry, 'seq' | 'detail'>): number | undefined {
  const { behind = seq - 1 } = detail;
  return Number.isSafeInteger(behind) && Number(behind) >= 0 && Number(behind) < seq
    ? Number(behind)
    : undefined;
}

/** Whether the server signed a row as it is. `before`: the link of the row that it says it stands behind. */
export function isOwnRow(verifier: Verifier, row: AuditRow, before: Uint8Array | null): boolean {
  return Buffer.compare(auditLink(before, row), row.link) === 0 && isSignedAuditLink(verifier, row);
}

/** Checks rows in the order of `seq`, from the first one on. */
export async function verifyAudit(rows: AsyncIterable<AuditRow>, verifier: Verifier): Promise<AuditVerdict> {
  let head: Uint8Array | null = null;
  let last = 0;
  let count = 0;
  for await (const row of rows) {
    count += 1;
    if (placeBefore(row) !== last) return { ok: false, problem: 'out_of_order', seq: row.seq };
    last = row.seq;
    const link = auditLink(head, row);
    if (Buffer.compare(link, row.link) !== 0) return { ok: false, problem: 'wrong_link', seq: row.seq };
    if (!verifier.verify(DOMAIN, link, row.signature))
      return { ok: false, problem: 'wrong_signature', seq: row.seq };
    head = link;
  }
  return { ok: true, rows: count, head };
}
