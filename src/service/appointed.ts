/** The work that comes at appointed hours, as the queue of jobs asks for it. What makes the service fall is parked. */
import { runScheduledDrill } from '../app/alerts/drill.ts';
import { doMarked } from '../app/alerts/marked-work.ts';
import { warnOfContacts } from '../app/duty/contact-warnings.ts';
import { sendDigest } from '../app/duty/digest.ts';
import { warnOfGaps } from '../app/duty/gap-warnings.ts';
import { isDigestDue, lastAppointed } from '../app/ground/appointed-hours.ts';
import type { Context } from '../app/ground/context.ts';
import type { JobHandlers } from '../app/ground/jobs.ts';
import type { TimeGuard } from '../app/ground/time-guard.ts';
import type { Keeping } from '../app/keeping/keeping.ts';
import { tellErased } from '../app/keeping/listing.ts';
import { backUp, warnOfBackups } from '../app/keeping/nightly.ts';
import { forget } from '../app/reporters/forget.ts';
import { tellTimeOver } from '../app/retention/time-over.ts';
import { sendRoot } from '../app/watch/daily-root.ts';
import type { Config } from '../config.ts';
import { keepingOf } from '../messengers/list.ts';

export function appointedWork(
  ctx: Context,
  { drill, timeZone, everyMessenger }: Config,
  guard: TimeGuard,
  keeping?: Keeping,
): Omit<JobHandlers, 'fetchEvidence'> {
  const now = () => ctx.clock.now(ctx.db);
  const job = (name: string, work: () => Promise<unknown>) => (): Promise<void> =>
    doMarked(ctx, 'job', name, { do: async () => void (await work()), park: async () => undefined });
  return {
    forget: job('forget', async () => {
      await forget(ctx, guard, keepingOf(everyMessenger));
      // Backups were made once, and are no more.
      if (!keeping) await tellErased(ctx);
    }),
    backup: job('backup', async () => {
      if (keeping) await backUp(ctx, keeping, { mayErase: (at) => guard.mayErase(at) });
    }),
    retention: job('retention', () => tellTimeOver(ctx, guard)),
    drill: job('drill', async () => {
      const dueAt = drill && lastAppointed(drill, await now(), timeZone);
      if (dueAt) await runScheduledDrill(ctx, dueAt);
    }),
    gaps: job('gaps', async () => {
      await warnOfGaps(ctx);
      if (keeping) await warnOfBackups(ctx);
    }),
    digest: job('digest', async () => {
      if (!isDigestDue(await now(), timeZone)) return;
      await sendDigest(ctx);
      await sendRoot(ctx);
      // Each warning is told once: not by a clock that may stand a year ahead.
      if (guard.mayErase(await now())) await warnOfContacts(ctx);
    }),
  };
}
