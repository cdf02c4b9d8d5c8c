/** Whether a database is whole: every case's chain and the audit log, as the server signed them. */
import { verifyAudit } from '../../crypto/audit-chain.ts';
import { verifyChain } from '../../crypto/chain.ts';
import type { Verifier } from '../../crypto/verifier.ts';
import { auditRows } from '../../db/audit.ts';
import { type CaseHeadRow, casesByPage, itemsOf } from '../../db/cases.ts';
import type { Db } from '../../db/database.ts';

export type Chains = {
  cases: number;
  /** Rows of the audit log. */
  audited: number;
  /** What is not as the server wrote it: references of cases, or `audit`. It was so in the database that was saved. */
  broken: string[];
};

/** Goes through all of it, one case at a time. */
export async function verifyChains(db: Db, verifier: Verifier): Promise<Chains> {
  const broken: string[] = [];
  let cases = 0;
  for await (const row of casesByPage(db)) {
    cases += 1;
    if (!(await isWhole(db, row, verifier))) broken.push(row.reference ?? row.id);
  }
  let audited = 0;
  const counted = async function* () {
    for await (const row of auditRows(db)) {
      audited += 1;
      yield row;
    }
  };
  if (!(await verifyAudit(counted(), verifier)).ok) broken.push('audit');
  return { cases, audited, broken };
}

async function isWhole(db: Db, row: CaseHeadRow, verifier: Verifier): Promise<boolean> {
  const items = await itemsOf(db, row.id);
  const expected = { head: row.chainHead, length: row.chainLength };
  return verifyChain({ caseId: row.id, items, verifier, expected }).ok;
}
