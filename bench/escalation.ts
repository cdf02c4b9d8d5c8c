/**
 * Five hundred open alerts that are paged again and again, and a full queue of replies: how late a step is, and how long
 * a new alert waits for its first page.
 */
import { randomUUID } from 'node:crypto';
import { policySchema } from '../src/alerts/policy.ts';
import { raised } from '../src/alerts/progress.ts';
import { addOfficer } from '../src/app/duty/officers.ts';
import { toRow } from '../src/app/ground/outbox.ts';
import { transact } from '../src/app/ground/transaction.ts';
import { arrivalOf } from '../src/app/keys/addresses.ts';
import { insertAlert } from '../src/db/alerts.ts';
import { arrive } from '../src/db/arrivals.ts';
import { insertDeliveries } from '../src/db/deliveries.ts';
import { eq, sql } from '../src/db/drizzle.cjs';
import { insertOfficerContact, updateOfficer } from '../src/db/officers.ts';
import { cases, pages } from '../src/db/schema.ts';
import { type AlertId, type CaseId, type ContactId, newId, type OfficerId } from '../src/kernel/ids.ts';
import { CLASS } from '../src/kernel/vocabulary.ts';
import { percentile, type Row } from './table.ts';
import { openWorld, type Server, type World } from './world.ts';

const OPEN = 500;
/** Fewer than four to one officer: so many are paged one by one. */
const EACH = 2;
const REPEAT_SECONDS = 20;
const RUN_MS = 60_000;
const NEW = 100;
const REPLIES = 20_000;
const WRITERS = 500;

export async function benchEscalation(server: Server): Promise<Row[]> {
  const world = await openWorld(server);
  const officers = await Promise.all(Array.from({ length: OPEN / EACH + NEW }, (_, n) => officer(world, n)));
  const regular = officers.slice(0, OPEN / EACH);
  const fresh = officers.slice(OPEN / EACH);
  await fillReplies(world);
  const open = await Promise.all(
    Array.from({ length: OPEN }, (_, n) =>
      raise(world, regular[n % regular.length] ?? '', (n * REPEAT_SECONDS) / OPEN),
    ),
  );
  const waits = await firstPages(world, fresh);
  const lateness = await lateBy(world, open);
  const [left] = await world.database.db.execute<{ count: number }>(
    sql`select count(*)::int as count from deliveries where state = 'queued' and class = ${CLASS.reply}`,
  );
  await world.stop();
  const around = `${OPEN} alerts open, ${REPLIES} replies waiting`;
  return [
    {
      what: `commit of an alert to its first page attempt, ${around}`,
      median: percentile(waits, 0.5),
      p99: percentile(waits, 0.99),
      note: `p95 ${percentile(waits, 0.95).toFixed(0)} ms of ${waits.length}; ${left?.count ?? 0} replies still waiting at the end`,
    },
    {
      what: `a step after its deadline, ${around}`,
      median: percentile(lateness, 0.5),
      p99: percentile(lateness, 0.99),
      note: `p95 ${percentile(lateness, 0.95).toFixed(0)} ms, worst ${Math.max(...lateness).toFixed(0)} ms of ${lateness.length}`,
    },
  ];
}

async function contact(world: World, address: string): Promise<ContactId> {
  const hello = {
    channel: 'telegram' as const,
    id: randomUUID(),
    address,
    content: { kind: 'text' as const, text: '' },
  };
  return transact(
    world.ctx,
    async ({ tx, ctx, now }) => (await arrive(tx, now, arrivalOf(ctx, hello))).contact.id,
  );
}

async function officer(world: World, n: number): Promise<OfficerId> {
  const contactId = await contact(world, `officer-${n}`);
  return transact(world.ctx, async (at) => {
    const { tx, now } = at;
    const { officerId } = await addOfficer(at, { name: `O${n}`, role: 'officer', language: 'fr' });
    await updateOfficer(tx, officerId, { enrolledAt: now });
    await insertOfficerContact(tx, { contactId, officerId, position: 0, verifiedAt: now });
    return officerId;
  });
}

/** An alert for one officer, repeated every 20 seconds; its first step is due after `inSeconds`. */
function raise(world: World, to: string, inSeconds: number): Promise<AlertId> {
  const policy = policySchema.parse({
    name: 'bench',
    steps: [
      { after: 0, who: { officers: [to] } },
      { after: 86_000, who: 'everybody' },
    ],
    repeatEvery: REPEAT_SECONDS,
    thenEvery: REPEAT_SECONDS,
    takeLapsesAfter: 1_800,
    acknowledgeWithin: 300,
    longest: { open: 300, taken: 1_800 },
  });
  return transact(world.ctx, async ({ tx, ctx, now }) => {
    const [id, caseId] = [newId<AlertId>(), newId<CaseId>()];
    const reference = `${randomUUID().slice(0, 8)}`;
    const due = new Date(now.getTime() + inSeconds * 1_000);
    const times = { openedAt: now, updatedAt: now };
    await tx.insert(cases).values({
      id: caseId,
      reference,
      status: 'new',
      statusSince: now,
      level: 'urgent',
      channel: 'telegram',
      recipient: '-',
      ...times,
    });
    const { progress } = raised(due);
    const alert = {
      id,
      caseId,
      reference,
      level: 'urgent' as const,
      state: 'open' as const,
      policy,
      progress,
    };
    await insertAlert(tx, { ...alert, raisedAt: now, roundAt: due, nextStepAt: due });
    if (inSeconds === 0) ctx.nudge('escalate');
    return id;
  });
}

async function fillReplies(world: World): Promise<void> {
  const writers = await Promise.all(Array.from({ length: WRITERS }, (_, n) => contact(world, `writer-${n}`)));
  for (const contactId of writers)
    await transact(world.ctx, async (at) => {
      const row = await toRow(at, {
        contactId,
        class: CLASS.reply,
        message: { text: 'Bien reçu.' },
      });
      await insertDeliveries(
        at.tx,
        Array.from({ length: REPLIES / WRITERS }, () => row),
      );
    });
}

/** New alerts, one after the other, each for an officer who has none: milliseconds from the commit to the channel. */
async function firstPages(world: World, fresh: readonly OfficerId[]): Promise<number[]> {
  const waits: number[] = [];
  const end = performance.now() + RUN_MS;
  for (const [n, to] of fresh.entries()) {
    const { promise: isThere, resolve: arrived } = Promise.withResolvers<void>();
    world.onSend = (address) => {
      if (address === `officer-${OPEN / EACH + n}`) arrived();
    };
    await raise(world, to, 0);
    const committed = performance.now();
    await isThere;
    waits.push(performance.now() - committed);
    await new Promise((resolve) => setTimeout(resolve, (end - performance.now()) / (fresh.length - n)));
  }
  return waits;
}

/** By how much each repeat came after its time, in milliseconds. */
async function lateBy({ database }: World, open: readonly AlertId[]): Promise<number[]> {
  const late: number[] = [];
  for (const id of open) {
    const rows = await database.db
      .select({ at: pages.pagedAt })
      .from(pages)
      .where(eq(pages.alertId, id))
      .orderBy(pages.pagedAt);
    for (const [n, { at }] of rows.entries()) {
      const before = rows[n - 1]?.at;
      if (before) late.push(at.getTime() - before.getTime() - REPEAT_SECONDS * 1_000);
    }
  }
  return late;
}
