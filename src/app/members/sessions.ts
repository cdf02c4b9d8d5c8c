/**
 * Being signed in.
 *
 * Invariants: a session ends after eight hours, and after half an hour without a sign of life; its token stands in the
 * database only as a keyed hash; a device that is revoked takes its sessions with it.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Keyring } from '../../crypto/keyring.ts';
import type { Db } from '../../db/database.ts';
import {
  endSession,
  findMember,
  findSession,
  insertSession,
  livingSessions,
  type MemberRow,
  type PasskeyRow,
  touchSession,
} from '../../db/members.ts';
import { LakanaError } from '../../kernel/errors.ts';
import type { MemberId, PasskeyId } from '../../kernel/ids.ts';
import { after, hours, minutes } from '../../kernel/time.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { provedPasskey, type Site } from './passkeys.ts';
import { isOwnSession, vouchedSession } from './vouched-rows.ts';

type Keys = { keyring: Keyring };

const LIFE = hours(8);
const IDLE = minutes(30);
/** A sign of life is written down at most so often. */
const TOUCH_EVERY = minutes(1);

export type SignedIn = { sessionId: string; passkeyId: PasskeyId; member: MemberRow };

/** Begins a session; returns the token for the cookie. */
export async function beginSession(
  at: Moment<Keys>,
  memberId: MemberId,
  passkeyId: PasskeyId,
): Promise<string> {
  const { tx, ctx, now } = at;
  const token = randomBytes(32).toString('base64url');
  const member = await findMember(tx, memberId);
  if (!member) throw new LakanaError('member_missing', 'whoever signs in is no member');
  const row = {
    tokenIndex: ctx.keyring.index('session', token),
    id: randomUUID(),
    memberId,
    passkeyId,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: after(now, LIFE),
  };
  await insertSession(tx, vouchedSession(ctx, row, member));
  await audit(at, { memberId, what: 'signed_in', detail: { device: passkeyId } });
  return token;
}

/** Signs in by a passkey; undefined: refused. */
export async function signIn(
  at: Moment<Keys>,
  site: Site,
  response: AuthenticationResponseJSON,
): Promise<{ token: string; member: MemberRow; passkey: PasskeyRow } | undefined> {
  const passkey = await provedPasskey(at, site, response);
  const member = passkey && (await findMember(at.tx, passkey.memberId));
  if (!passkey || !member) return undefined;
  return { token: await beginSession(at, member.id, passkey.id), member, passkey };
}

/** The member behind a token. */
export async function signedIn(db: Db, ctx: Keys, now: Date, token: string): Promise<SignedIn | undefined> {
  const found = await findSession(db, ctx.keyring.indexes('session', token), now, after(now, -IDLE));
  if (!found) return undefined;
  const { session, member } = found;
  if (!isOwnSession(ctx, session, member)) return undefined;
  if (after(session.lastSeenAt, TOUCH_EVERY) < now) await touchSession(db, session.id, now);
  return { sessionId: session.id, passkeyId: session.passkeyId, member };
}

/** Which of these sessions are not over. Looking is no sign of life. */
export function stillSignedIn(db: Db, now: Date, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return livingSessions(db, ids, now, after(now, -IDLE));
}

export async function signOut(at: Moment<Keys>, { sessionId, member }: SignedIn): Promise<void> {
  await endSession(at.tx, member.id, sessionId);
  await audit(at, { memberId: member.id, what: 'signed_out' });
}
