/** What the team was told of contacts outside that grow old. */
import type { Tx } from './database.ts';
import { and, eq, gt, not, or } from './drizzle.cjs';
import { contactWarnings } from './schema.ts';

type Verified = { code: string; verifiedOn: string };

/** Notes that it was told; false: it had been. What is said to be told at a time that is still to come was not told. */
export async function noteContactWarning(
  tx: Tx,
  now: Date,
  { code, verifiedOn }: Verified,
  what: typeof contactWarnings.$inferSelect.what,
): Promise<boolean> {
  const rows = await tx
    .insert(contactWarnings)
    .values({ code, verifiedOn, what, toldAt: now })
    .onConflictDoUpdate({
      target: [contactWarnings.code, contactWarnings.verifiedOn, contactWarnings.what],
      set: { toldAt: now },
      setWhere: gt(contactWarnings.toldAt, now),
    })
    .returning({ code: contactWarnings.code });
  return rows.length > 0;
}

/** What was told of contacts that have been verified anew, or that are no longer listed, is forgotten. */
export async function forgetContactWarnings(tx: Tx, present: readonly Verified[]): Promise<void> {
  const isPresent = present.map(({ code, verifiedOn }) =>
    and(eq(contactWarnings.code, code), eq(contactWarnings.verifiedOn, verifiedOn)),
  );
  const kept = or(...isPresent);
  await tx.delete(contactWarnings).where(kept && not(kept));
}
