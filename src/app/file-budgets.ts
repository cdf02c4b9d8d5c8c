/**
 * How much of files is taken: of one person in a day, for one case, and as long as there is room on the disk.
 *
 * Invariants: words and cries for help are never counted and never declined; voice notes, by which people report who
 * cannot read, have an allowance of their own and pass when other files do not any more.
 */
import type { IncomingFile } from '../channels/channel.ts';
import type { Tx } from '../db/database.ts';
import { bytesOfCase } from '../db/evidence.ts';
import { chargeFiles, filesOfDay } from '../db/file-days.ts';
import type { CaseId, ContactId } from '../kernel/ids.ts';
import { calendarDay } from '../kernel/time.ts';
import type { Context, FileBudgets } from './context.ts';

const MEGABYTE = 1_000_000;

const FILE_BUDGETS: FileBudgets = {
  perPerson: 200 * MEGABYTE,
  voice: 50 * MEGABYTE,
  perCase: 1_000 * MEGABYTE,
};
/** Voice notes may fill a case so much further. */
const VOICE_BEYOND = 1.2;
/** A small file costs more than its bytes, and one whose size nobody tells may be anything. */
const LEAST = 16_000;
const UNKNOWN = 2 * MEGABYTE;

export type Declined = 'over_budget' | 'no_room';

/** The bytes that are counted for a file before it is here. */
export const expectedOf = ({ size }: IncomingFile): number => Math.max(LEAST, size ?? UNKNOWN);

/** Why a file of this person is not taken; undefined, and it is counted, if it is. The contact's row must be locked. */
export async function declines(
  tx: Tx,
  ctx: Context,
  now: Date,
  { contactId, caseId, file }: { contactId: ContactId; caseId: CaseId | undefined; file: IncomingFile },
): Promise<Declined | undefined> {
  const room = ctx.diskRoom?.state() ?? 'plenty';
  const isVoice = file.kind === 'voice';
  if (room === 'none' || (room === 'scarce' && !isVoice)) return 'no_room';
  const budgets = ctx.settings.files ?? FILE_BUDGETS;
  const bytes = expectedOf(file);
  const ofCase = caseId ? await bytesOfCase(tx, caseId) : 0;
  if (ofCase + bytes > budgets.perCase * (isVoice ? VOICE_BEYOND : 1)) return 'over_budget';
  const day = calendarDay(now, ctx.settings.timeZone);
  const sent = await filesOfDay(tx, contactId, day);
  if (isVoice && sent.voice + bytes <= budgets.voice) {
    await chargeFiles(tx, contactId, day, { voice: bytes });
    return undefined;
  }
  if (sent.files + bytes > budgets.perPerson) return 'over_budget';
  await chargeFiles(tx, contactId, day, { files: bytes });
  return undefined;
}

/** Counts what came beyond what was expected. */
export async function chargeRest(
  tx: Tx,
  ctx: Context,
  now: Date,
  contactId: ContactId,
  beyond: number,
): Promise<void> {
  if (beyond <= 0) return;
  await chargeFiles(tx, contactId, calendarDay(now, ctx.settings.timeZone), { files: beyond });
}

/** Counts a file that was declined; whether it is the first of this day. */
export async function isFirstDeclined(
  tx: Tx,
  ctx: Context,
  now: Date,
  contactId: ContactId,
): Promise<boolean> {
  const day = calendarDay(now, ctx.settings.timeZone);
  return (await chargeFiles(tx, contactId, day, { declined: 1 })) === 1;
}
