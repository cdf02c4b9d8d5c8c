/**
 * Sealing all cases to the team's new key, in the browser of a member who has the old one too.
 *
 * Invariants: the new key was vouched for by a member who has a key that is on this ring: a server cannot slip in one
 * of its own; what a case already has for the new key is opened and compared, so a case is never left to a wrap that
 * opens nothing; the old wraps stay until every case is done.
 */

import type { Me } from '../../contract/signing-in.ts';
import { recipientOf } from '../../crypto/age.ts';
import { wrapCaseSecret } from '../../crypto/case-key.ts';
import { isVouchedFor } from '../../crypto/member-key.ts';
import { api, type WrapsComing } from './api.ts';
import { breath } from './breath.ts';
import { toBase64, toBytes } from './bytes.ts';
import { caseSecretBy, type Keys } from './keys.ts';

export type Resealed = {
  /** Cases that open with the new key. */
  done: number;
  /** Cases that no key of this person opens. */
  failed: number;
};

/** Whether a member who has one of these keys says that the one in use comes after it. */
async function isInUseVouchedFor({ me, ring }: Keys): Promise<boolean> {
  const key = me.keys.find(({ fingerprint }) => fingerprint === me.team.fingerprint);
  const before = key && ring.get(key.vouchedBy);
  return key !== undefined && before !== undefined && key.recipient === me.team.recipient
    ? isVouchedFor(before, key.recipient, toBytes(key.voucher))
    : false;
}

/** Seals every case to the key in use. Can be broken off and begun again at any point. */
export async function resealAll(
  keys: Keys,
  signal: AbortSignal,
  onProgress: (so: Resealed) => void,
): Promise<'done' | 'lost' | 'not_vouched'> {
  if (!keys.team || !(await isInUseVouchedFor(keys))) return 'not_vouched';
  const so = { done: 0, failed: 0 };
  for (let after: string | null = ''; after !== null && !signal.aborted; ) {
    const page = await api.wraps(after);
    if (!page.ok) return 'lost';
    const { fresh, well, failed } = await resealPage(page.value.cases, keys, keys.team);
    if (fresh.length > 0 && !(await api.reseal({ wraps: fresh })).ok) return 'lost';
    so.done += well + fresh.length;
    so.failed += failed;
    onProgress({ ...so });
    after = page.value.next;
  }
  return 'done';
}

async function resealPage(cases: readonly WrapsComing[], { me, ring }: Keys, team: string) {
  const fresh: { id: string; wrapped: string }[] = [];
  let [well, failed] = [0, 0];
  for (const sealed of cases) {
    const wrap = await newWrap(sealed, me, ring, team).catch(() => 'failed' as const);
    if (wrap === 'failed') failed += 1;
    else if (wrap === 'well') well += 1;
    else fresh.push({ id: sealed.id, wrapped: wrap });
    // Between two cases the page answers to touches.
    await breath();
  }
  return { fresh, well, failed };
}

/** A case's secret key sealed to the key in use; `well`: it has that, and it opens. Throws if no key opens the case. */
async function newWrap(sealed: WrapsComing, me: Me, ring: Keys['ring'], team: string): Promise<string> {
  const there = sealed.wraps.filter(({ key }) => key === me.team.fingerprint);
  const inUse = new Map([[me.team.fingerprint, team]]);
  const opened = await caseSecretBy(inUse, sealed.id, there).catch(() => undefined);
  if (opened && (await recipientOf(opened)) === sealed.recipient) return 'well';
  const secret = await caseSecretBy(ring, sealed.id, sealed.wraps);
  if ((await recipientOf(secret)) !== sealed.recipient) throw new Error('not the key of this case');
  return toBase64(await wrapCaseSecret({ group: 'team', recipient: me.team.recipient }, sealed.id, secret));
}
