import type { ContactId } from '../kernel/ids.ts';
import type { Tx } from './database.ts';
import { eq, ne, sql } from './drizzle.cjs';
import { fileDays } from './schema.ts';

/** Bytes of files and of voice notes that a contact sent on this day. */
export async function filesOfDay(
  tx: Tx,
  contactId: ContactId,
  day: string,
): Promise<{ files: number; voice: number }> {
  const [row] = await tx.select().from(fileDays).where(eq(fileDays.contactId, contactId));
  return row?.day === day ? { files: row.files, voice: row.voice } : { files: 0, voice: 0 };
}

/** Adds to what a contact sent on this day; what is known of another day goes. Returns how many were declined. */
export async function chargeFiles(
  tx: Tx,
  contactId: ContactId,
  day: string,
  { files = 0, voice = 0, declined = 0 }: { files?: number; voice?: number; declined?: number },
): Promise<number> {
  const added = (name: 'files' | 'voice' | 'declined', more: number) =>
    sql`case when ${fileDays.day} = ${day} then ${fileDays[name]} else 0 end + ${more}::bigint`;
  const [row] = await tx
    .insert(fileDays)
    .values({ contactId, day, files, voice, declined })
    .onConflictDoUpdate({
      target: fileDays.contactId,
      set: {
        day,
        files: added('files', files),
        voice: added('voice', voice),
        declined: added('declined', declined),
      },
    })
    .returning({ declined: fileDays.declined });
  return row?.declined ?? 0;
}

/** Forgets what was sent on any other day than this one. */
export async function purgeFileDays(tx: Tx, today: string): Promise<void> {
  await tx.delete(fileDays).where(ne(fileDays.day, today));
}
