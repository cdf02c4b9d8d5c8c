/**
 * The operator's looks at cases are entries of the audit log too.
 *
 * Invariant: a look is noted before anything is shown; what cannot be noted is not shown. Lists say no more than what stands
 * in the clear: they are noted once an hour, so that a watch that asks each minute does not fill the log.
 */
import { type Audited, audit } from '../app/records/audit.ts';
import { hasAudited } from '../db/audit.ts';
import type { CaseId } from '../kernel/ids.ts';
import { after, hours } from '../kernel/time.ts';
import type { Server } from './server.ts';

type Place = Pick<Server, 'transact'>;

export async function noteLook(
  { transact }: Place,
  what: Audited & ('case_exported' | 'alert_shown'),
  caseId: CaseId | null,
): Promise<void> {
  await transact((at) => audit(at, { memberId: null, what, ...(caseId ? { caseId } : {}) }));
}

export async function noteList({ transact }: Place): Promise<void> {
  await transact(async (at) => {
    if (await hasAudited(at.tx, 'lists_shown', after(at.now, -hours(1)))) return;
    await audit(at, { memberId: null, what: 'lists_shown' });
  });
}
