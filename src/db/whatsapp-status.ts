/** The one row in which the process that holds the WhatsApp connection says how it is. */
import type { Db, Tx } from './database.ts';
import { type SQL, sql } from './drizzle.cjs';
import { whatsappStatus } from './schema.ts';

export type StatusRow = typeof whatsappStatus.$inferSelect;

/** What is known now; a time that is missing stays as it was. `closes`: how many more on the day `closesDay`. */
export type StatusNote = Pick<
  StatusRow,
  'state' | 'because' | 'since' | 'notedAt' | 'closesDay' | 'closes'
> & {
  linkedAt?: Date;
  receivedAt?: Date;
  sentAt?: Date;
  handsetAt?: Date;
  errorCode?: string;
  errorAt?: Date;
};

const { closes, closesDay, linkedAt } = whatsappStatus;

/** Notes it in the one row. */
export async function noteStatus(db: Db | Tx, note: StatusNote): Promise<void> {
  const counted = sql`case when ${closesDay} = ${note.closesDay} then ${closes} + ${note.closes} else ${note.closes} end`;
  const first = note.linkedAt && sql`coalesce(${linkedAt}, ${note.linkedAt.toISOString()}::timestamptz)`;
  const set: Record<string, unknown | SQL> = {
    ...note,
    closes: counted,
    ...(first ? { linkedAt: first } : {}),
  };
  await db.insert(whatsappStatus).values(note).onConflictDoUpdate({ target: whatsappStatus.id, set });
}

export async function findStatus(db: Db | Tx): Promise<StatusRow | undefined> {
  const [row] = await db.select().from(whatsappStatus);
  return row;
}

/** A number that is linked anew begins with nothing; `wasTold`: whether WhatsApp knows that the last one is gone. */
export async function resetStatus(tx: Db | Tx, wasTold: boolean): Promise<void> {
  await tx.delete(whatsappStatus);
  await tx.insert(whatsappStatus).values({ wasToldOfUnlink: wasTold });
}

/** Asks the process that holds the connection to unlink the number. */
export async function askToUnlink(db: Db): Promise<void> {
  const unlinkAskedAt = sql`now()`;
  await db
    .insert(whatsappStatus)
    .values({ unlinkAskedAt })
    .onConflictDoUpdate({ target: whatsappStatus.id, set: { unlinkAskedAt } });
}

export async function takeBackUnlink(db: Db): Promise<void> {
  await db.update(whatsappStatus).set({ unlinkAskedAt: null });
}
