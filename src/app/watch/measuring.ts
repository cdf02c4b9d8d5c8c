/** What those who watch the service from outside are told in numbers (`/metrics`), with each beat of it. */
import { lastSaved } from '../../db/backups.ts';
import { clockSkew } from '../../db/clock.ts';
import { waiting } from '../../db/deliveries.ts';
import { countUntaken, firstPages } from '../../db/untaken.ts';
import type { Context } from '../ground/context.ts';

/** Reads everything that stands in the database, and what came since `before`. Throws while the database is away. */
export async function measure(
  { db, metrics }: Pick<Context, 'db' | 'metrics'>,
  before: Date,
  now: Date,
): Promise<void> {
  const rows = await waiting(db);
  metrics.waiting(
    rows.map((row) => ({ ...row, oldestSeconds: (now.getTime() - row.oldest.getTime()) / 1_000 })),
  );
  metrics.untaken(await countUntaken(db, now));
  for (const seconds of await firstPages(db, before, now)) metrics.sosPaged(seconds);
  const saved = await lastSaved(db, now);
  if (saved) metrics.backupAge((now.getTime() - saved.getTime()) / 1_000);
  metrics.clockSkew((await clockSkew(db)) / 1_000);
}
