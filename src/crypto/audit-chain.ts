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
/** `mac`: none in rows from before 0036, nor in most of another hand. */
export type AuditRow = AuditEntry & { link: Uint8Array; signature: Uint8Array; mac?: Uint8Array | null };

export type AuditVerdict =
  | { ok: true; rows: number; head: Uint8Array | null }
  | { ok: false; problem: 'out_of_order' | 'wrong_link' | 'wrong_signature'; seq: number };

/** The link of an entry; `previous` is that of the entry before it, null for the first one. */
export function auditLink(previous: Uint8Array | null, entry: AuditEntry): Uint8Array {
  return hashOfParts([DOMAIN, previous ?? '', ...said(entry)]);
}

function said({ seq, at, memberId, what, caseId, detail }: AuditEntry): string[] {
  // PostgreSQL keeps the keys of JSON in an order of its own.
  const sorted = detail && Object.entries(detail).sort(([a], [b]) => (a < b ? -1 : 1));
  return [String(seq), timeOf(at), memberId ?? '', what, caseId ?? '', JSON.stringify(sorted)];
}

/** A row of another hand may hold a time that is none ("infinity"), or nothing where there are details: the server wrote no such row. */
const timeOf = (at: Date): string => (Number.isNaN(at.getTime()) ? 'never' : at.toISOString());

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

const MARK = 'audit-row';

/** A keyed hash of a row with its link: by that the server knows what it wrote, in a hundredth of the time of a signature. */
export const markOfAudit = (
  keyring: Pick<Keyring, 'index'>,
  row: AuditEntry & { link: Uint8Array },
): Uint8Array => keyring.index(MARK, marked(row));

/** Whether the server marked this row, with any of its keys. Whether the one before it is there it does not say. */
export function isMarkedAudit(keyring: Pick<Keyring, 'indexes'>, row: AuditRow): boolean {
  const { mac } = row;
  return mac ? keyring.indexes(MARK, marked(row)).some((each) => Buffer.compare(each, mac) === 0) : false;
}

const marked = ({ link, ...entry }: AuditEntry & { link: Uint8Array }): string =>
  JSON.stringify([...said(entry), Buffer.from(link).toString('hex')]);

/** The place of the row that a row says it stands behind; 0: it is the first. Undefined: it says nothing that can be. */
export function placeBefore({ seq, detail }: Pick<AuditEntry, 'seq' | 'detail'>): number | undefined {
  const { behind = seq - 1 } = detail ?? {};
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
