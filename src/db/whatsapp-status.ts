/** The rows, one for each of our numbers, in which the process that holds the WhatsApp connections says how they are. */
import type { Db, Tx } from './database.ts';
import { eq, type SQL, sql } from './drizzle.cjs';
import { whatsappStatus } from './schema.ts';

export type StatusRow = typeof whatsappStatus.$inferSelect;
type Seat = StatusRow['seat'];

/** What is known now; a time that is missing stays as it was. `closes`: how many more on the day `closesDay`. */
export type StatusNote = Pick<
  StatusRow,
  'state' | 'because' | 'since' | 'notedAt' | 'closesDay' | 'closes'
> & {
  name?: string;
  linkedAt?: Date;
  receivedAt?: Date;
  sentAt?: Date;
  handsetAt?: Date;
  errorCode?: string;
  errorAt?: Date;
};

const { closes, closesDay, linkedAt } = whatsappStatus;

/** Notes it in the row of the number. */
export async function noteStatus(db: Db | Tx, seat: Seat, note: StatusNote): Promise<void> {
  const counted = sql`case when ${closesDay} = ${note.closesDay} then ${closes} + ${note.closes} else ${note.closes} end`;
  const first = note.linkedAt && sql`coalesce(${linkedAt}, ${note.linkedAt.toISOString()}::timestamptz)`;
  const set: Record<string, unknown | SQL> = {
    ...note,
    closes: counted,
    ...(first ? { linkedAt: first } : {}),
  };
  await db
    .insert(whatsappStatus)
    .values({ ...note, seat })
    .onConflictDoUpdate({ target: whatsappStatus.seat, set });
}

export async function findStatus(db: Db | Tx, seat: Seat): Promise<StatusRow | undefined> {
  const [row] = await db.select().from(whatsappStatus).where(eq(whatsappStatus.seat, seat));
  return row;
}

export async function findStatuses(db: Db | Tx): Promise<StatusRow[]> {
  return db.select().from(whatsappStatus).orderBy(whatsappStatus.seat);
}

/** A number that is linked anew begins with nothing; `wasTold`: whether WhatsApp knows that the last one is gone. */
export async function resetStatus(tx: Db | Tx, seat: Seat, wasTold: boolean): Promise<void> {
  await tx.delete(whatsappStatus).where(eq(whatsappStatus.seat, seat));
  await tx.insert(whatsappStatus).values({ seat, wasToldOfUnlink: wasTold });
}

/** Asks the process that holds the connection to unlink the number. */
export async function askToUnlink(db: Db, seat: Seat): Promise<void> {
  const unlinkAskedAt = sql`now()`;
  await db
    .insert(whatsappStatus)
    .values({ seat, unlinkAskedAt })
    .onConflictDoUpdate({ target: whatsappStatus.seat, set: { unlinkAskedAt } });
}

export async function takeBackUnlink(db: Db, seat: Seat): Promise<void> {
  await db.update(whatsappStatus).set({ unlinkAskedAt: null }).where(eq(whatsappStatus.seat, seat));
}
