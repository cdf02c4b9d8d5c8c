/** Trial mode: a link for the first administrator at each start, until there is one. */

import { listOfficers } from '../app/duty/officers.ts';
import { transact } from '../app/ground/transaction.ts';
import { invite, joiningLink } from '../app/members/invitations.ts';
import { listMembers } from '../db/members.ts';
import type { Service } from './service.ts';

/**
 * A member who joins by it is the officer of the trial too, and can take alerts. Undefined: a member has joined. The
 * passkey belongs to this machine's name, so the link says `localhost`.
 */
export async function firstLink({ ctx, url }: Service): Promise<string | undefined> {
  if ((await listMembers(ctx.db)).length > 0) return undefined;
  const [officer] = await listOfficers(ctx.db, ctx);
  const whom = { name: 'Administration', role: 'administrator' as const };
  const invited = await transact(ctx, (at) =>
    invite(at, null, { ...whom, ...(officer ? { officerId: officer.id } : {}) }),
  );
  if (!invited.ok) return undefined;
  return joiningLink(`http://localhost:${new URL(url).port}`, invited.code);
}
