/**
 * How much of files is taken: of one person in a day, for one case, and as long as there is room on the disk.
 *
 * Invariants: words and cries for help are never counted and never declined; voice notes, by which people report who
 * cannot read, have an allowance of their own and pass when other files do not any more. A file is counted when it is
 * noted, and what comes beyond that before it is kept: nothing is kept that was not counted, whatever size was said, and
 * what was counted for a file is there for it.
 */
import type { IncomingFile } from '../../channels/channel.ts';
import { lockContactById } from '../../db/contacts.ts';
import { bytesOfCase, type EvidenceRow, lockWaitingEvidence, updateEvidence } from '../../db/evidence.ts';
import { chargeFiles, filesOfDay } from '../../db/file-days.ts';
import { lockCase } from '../../db/locks.ts';
import type { CaseId, ContactId } from '../../kernel/ids.ts';
import { calendarDay } from '../../kernel/time.ts';
import type { Context, FileBudgets } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';

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
/** While a file comes, the room is looked at anew after so many bytes. */
const LOOK_EACH = 4 * MEGABYTE;

export type Declined = 'over_budget' | 'no_room';

/** The bytes that are counted for a file before it is here. */
export const expectedOf = ({ size }: IncomingFile): number => Math.max(LEAST, size ?? UNKNOWN);

/** Why a file of this person is not taken; undefined, and it is counted, if it is. The contact's row must be locked. */
export async function declines(
  at: Moment,
  { contactId, caseId, file }: { contactId: ContactId; caseId: CaseId | undefined; file: IncomingFile },
): Promise<Declined | undefined> {
  const isVoice = file.kind === 'voice';
  if (!hasRoom(at.ctx, isVoice)) return 'no_room';
  const isTaken = await takes(at, { contactId, caseId, isVoice, bytes: expectedOf(file) });
  return isTaken ? undefined : 'over_budget';
}

/** Asked with how many bytes of a file have come: why no more of it is taken. */
export type Weigh = (came: number) => Promise<Declined | undefined>;

/**
 * Weighs a file while it comes, for a size that was said is only a word: what comes beyond it is counted before it is
 * kept, and the room is looked at anew. What was counted stays counted, also what was too much: another try begins with
 * it, and a person who sends lies has used the day up with them.
 */
export function weighing(ctx: Context, { id, media, expected }: EvidenceRow, contactId: ContactId): Weigh {
  const isVoice = media === 'voice';
  let counted = expected;
  let looksAt = 0;
  return async (came) => {
    if (came >= looksAt) {
      await ctx.diskRoom?.look();
      looksAt = came + LOOK_EACH;
    }
    if (!hasRoom(ctx, isVoice)) return 'no_room';
    if (came <= counted) return undefined;
    return transact(ctx, async (at) => {
      const { tx, ctx, now } = at;
      const contact = await lockContactById(tx, contactId);
      const row = await lockWaitingEvidence(tx, id);
      const bytes = came - (row?.expected ?? came);
      if (!row || bytes <= 0) return undefined;
      const about = { contactId: contact?.id, caseId: row.caseId, isVoice, bytes };
      if (!(await takes(at, about))) {
        const day = calendarDay(now, ctx.settings.timeZone);
        if (contact) await chargeFiles(tx, contact.id, day, { files: bytes });
        return 'over_budget';
      }
      await updateEvidence(tx, id, { expected: came });
      counted = came;
      return undefined;
    });
  };
}

function hasRoom({ diskRoom }: Context, isVoice: boolean): boolean {
  const room = diskRoom?.state() ?? 'plenty';
  return room !== 'none' && (room !== 'scarce' || isVoice);
}

/** Counts so many bytes of a person's day and a case, if both still hold them. Of a case one is asked at a time. */
async function takes(
  { tx, ctx, now }: Moment,
  about: {
    contactId: ContactId | undefined;
    caseId: CaseId | undefined;
    isVoice: boolean;
    bytes: number;
  },
): Promise<boolean> {
  const { contactId, caseId, isVoice, bytes } = about;
  const budgets = ctx.settings.files ?? FILE_BUDGETS;
  if (caseId) {
    await lockCase(tx, caseId);
    if ((await bytesOfCase(tx, caseId)) + bytes > budgets.perCase * (isVoice ? VOICE_BEYOND : 1))
      return false;
  }
  if (!contactId) return true;
  const day = calendarDay(now, ctx.settings.timeZone);
  const sent = await filesOfDay(tx, contactId, day);
  const share = isVoice && sent.voice + bytes <= budgets.voice ? 'voice' : 'files';
  if (share === 'files' && sent.files + bytes > budgets.perPerson) return false;
  await chargeFiles(tx, contactId, day, { [share]: bytes });
  return true;
}

/** Counts a file that was declined; whether it is the first of this day. */
export async function isFirstDeclined({ tx, ctx, now }: Moment, contactId: ContactId): Promise<boolean> {
  const day = calendarDay(now, ctx.settings.timeZone);
  return (await chargeFiles(tx, contactId, day, { declined: 1 })) === 1;
}
