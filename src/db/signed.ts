/**
 * What the server has signed, for a caller that asks whether this database is this server's, and whether it was signed
 * before.
 */
import { auditColumns } from './audit.ts';
import type { Db, Tx } from './database.ts';
import { asc, count, desc, inArray, isNotNull, isNull, or, type SQL } from './drizzle.cjs';
import {
  auditLog,
  caseItems,
  cases,
  epochs,
  invitations,
  members,
  officers,
  passkeys,
  service,
  sessions,
} from './schema.ts';

type Signed = { link: Uint8Array; signature: Uint8Array };

/** The first and the newest row of the audit log. */
export async function endsOfAudit(db: Db | Tx): Promise<Signed[]> {
  const { link, signature, seq } = auditColumns;
  const end = (order: SQL) => db.select({ link, signature }).from(auditLog).orderBy(order).limit(1);
  return [...(await end(asc(seq))), ...(await end(desc(seq)))];
}

export function newestItem(db: Db | Tx): Promise<Signed[]> {
  const { link, signature, createdAt, place } = caseItems;
  return db.select({ link, signature }).from(caseItems).orderBy(desc(createdAt), desc(place)).limit(1);
}

/** The newest of what is sealed under the server key itself: the day's key, an officer's name, the key for web pushes. */
export async function sealedByServer(db: Db | Tx): Promise<Uint8Array[]> {
  const [day] = await db
    .select({ box: epochs.wrappedKey })
    .from(epochs)
    .where(isNotNull(epochs.wrappedKey))
    .orderBy(desc(epochs.day))
    .limit(1);
  const [officer] = await db
    .select({ box: officers.nameSealed })
    .from(officers)
    .orderBy(desc(officers.createdAt))
    .limit(1);
  const [row] = await db.select({ box: service.pushKeySealed }).from(service);
  return [day?.box, officer?.box, row?.box].filter((box) => box !== null && box !== undefined);
}

/** Whether any case, or any row of those who sign in, was signed before. */
export async function isAnySigned(tx: Tx, what: 'cases' | 'members'): Promise<boolean> {
  const found =
    what === 'cases'
      ? [
          tx
            .select({ id: cases.id })
            .from(cases)
            .where(or(isNotNull(cases.recipientSignature), isNotNull(cases.replacesSignature)))
            .limit(1),
        ]
      : [
          tx.select({ id: members.id }).from(members).where(isNotNull(members.signature)).limit(1),
          tx.select({ id: passkeys.id }).from(passkeys).where(isNotNull(passkeys.mac)).limit(1),
          tx.select({ id: invitations.id }).from(invitations).where(isNotNull(invitations.mac)).limit(1),
          tx.select({ id: sessions.id }).from(sessions).where(isNotNull(sessions.mac)).limit(1),
        ];
  for (const rows of found) if ((await rows).length > 0) return true;
  return false;
}

/** Whether the audit log holds any of these words. */
export async function isAnyAudited(tx: Tx, what: readonly string[]): Promise<boolean> {
  const rows = await tx
    .select({ seq: auditLog.seq })
    .from(auditLog)
    .where(inArray(auditLog.what, [...what]))
    .limit(1);
  return rows.length > 0;
}

/** How many cases and members carry no signature of the server's. */
export async function countUnsigned(db: Db): Promise<{ cases: number; members: number }> {
  const [ofCases] = await db.select({ n: count() }).from(cases).where(isNull(cases.recipientSignature));
  const [ofMembers] = await db.select({ n: count() }).from(members).where(isNull(members.signature));
  return { cases: ofCases?.n ?? 0, members: ofMembers?.n ?? 0 };
}
