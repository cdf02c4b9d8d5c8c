/**
 * Whether rows from before keys were signed may be signed now, as they are found.
 *
 * Invariants: nothing is signed in a database whose own signatures are another key's; nor in one that was signed
 * before, as far as its rows, its audit log or the server's own note (`src/service/first-start.ts`) show it. An
 * intruder who removes what says so gets no signature in its place.
 */
import { verifyAudit } from '../../crypto/audit-chain.ts';
import { CHAIN_DOMAIN } from '../../crypto/chain.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { auditRows, hasEverAudited } from '../../db/audit.ts';
import { isAnyAudited, isAnySigned, newestItem } from '../../db/signed.ts';
import type { Log } from '../../kernel/log.ts';
import type { Moment } from './transaction.ts';

export type Earlier = 'cases' | 'members';

/** What signing needs; `wasSigned`: what the server's own note says, if it has one. */
export type Signing = { keyring: Keyring; log: Log; wasSigned?: (what: Earlier) => boolean };

/** Only a version that signs writes these. */
const ONLY_SINCE: Readonly<Record<Earlier, readonly string[]>> = {
  cases: ['members_bound', 'case_key_unproved', 'opening_proved', 'root_made'],
  members: ['opening_proved', 'root_made', 'invitation_confirmed', 'many_opened', 'all_searched'],
};

/**
 * Whether rows of this kind may be signed now; the transaction that asks holds the end of the log until it ends.
 * `isAny`: there are rows that could be. If not although there are, and no mark says that it was done, that is logged.
 */
export async function mayStillSign(
  at: Moment<Signing>,
  what: Earlier,
  isAny: () => Promise<boolean>,
): Promise<boolean> {
  if (await hasEverAudited(at.tx, `${what}_bound`)) return false;
  if (!(await isAny())) return true;
  const because = await whyNot(at, what);
  if (because) at.ctx.log.error('earlier_rows_unsigned', { what, because });
  return because === undefined;
}

async function whyNot({ tx, ctx }: Moment<Signing>, what: Earlier): Promise<string | undefined> {
  const { signer } = ctx.keyring;
  if (ctx.wasSigned?.(what)) return 'noted_here';
  if (await isAnySigned(tx, what)) return 'signed_rows';
  if (await isAnyAudited(tx, ONLY_SINCE[what])) return 'later_log';
  const log = await verifyAudit(auditRows(tx), signer);
  if (!log.ok) return log.problem;
  const [item] = await newestItem(tx);
  if (item && !signer.verify(CHAIN_DOMAIN, item.link, item.signature)) return 'other_key';
  return undefined;
}
