/**
 * What the service does about backups by itself: one each night, and telling supervisors when none works.
 *
 * Invariants: said once a day for as long as it is so, whichever process looks; its end is said to those who heard of it.
 */
import { backupNotesOf, forgetNote, listBackups, noteBackup } from '../../db/backups.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import { reduceError } from '../../kernel/log.ts';
import { after, days, hours } from '../../kernel/time.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import { sayTime } from '../duty/officer-wording.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import type { Keeping } from './keeping.ts';
import { type Making, makeBackup } from './make-backup.ts';
import { isAhead } from './pruning.ts';

/** A backup older than this is too old: one night was missed. */
export const TOO_OLD = hours(36);
/** So often a person opens a backup with its key. */
export const REHEARSE_EVERY = days(91);
const SAID_AGAIN = days(1);
const REMINDED_AGAIN = days(7);

/** The backup of the night. What is wrong with it is logged and noted, and seen by `doctor`. */
export async function backUp(
  { log }: Pick<Context, 'log'>,
  keeping: Keeping,
  making: Making = {},
): Promise<void> {
  const started = performance.now();
  try {
    const made = await makeBackup(keeping, making);
    if (!made) return;
    const { rows, bytes, rehearsed, tidied, strange, wasListChanged } = made;
    const ms = Math.round(performance.now() - started);
    log.info('backup_made', { rows, bytes, ms, rehearsed });
    if (strange.length > 0) log.warn('backup_strange', { count: strange.length });
    if (tidied > 0) log.warn('backup_tidied', { count: tidied });
    if (wasListChanged || rehearsed === 'chain_broken')
      log.error('backup_trouble', { is: wasListChanged ? 'erased_list_changed' : 'chain_broken' });
  } catch (error) {
    log.error('backup_failed', reduceError(error));
    throw error;
  }
}

/** Tells supervisors that no backup works, that one works again, or that nobody has opened one for long. */
export function warnOfBackups(ctx: Context): Promise<void> {
  return transact(ctx, async (at) => {
    const { tx, now } = at;
    await noteBackup(tx, { what: 'since', at: now }, true);
    const notes = await backupNotesOf(tx);
    const newest = (await listBackups(tx)).find(({ asOf }) => !isAhead(asOf, now));
    const since = notes.since?.at ?? now;
    const last = newest?.asOf ?? since;
    if (after(last, TOO_OLD) < now) await tellOld(at, newest?.asOf, notes.warned?.at);
    else if (notes.warned && newest) await tellFresh(at, newest.asOf);
    if (after(notes.rehearsed?.at ?? since, REHEARSE_EVERY) < now) await remind(at, notes.reminded?.at);
  });
}

async function tellOld(at: Moment, asOf: Date | undefined, warned: Date | undefined): Promise<void> {
  if (isWithin(warned, at.now, SAID_AGAIN)) return;
  await tell(at, asOf ? 'old' : 'none', asOf);
  await noteBackup(at.tx, { what: 'warned', at: at.now });
}

async function tellFresh(at: Moment, asOf: Date): Promise<void> {
  await tell(at, 'fresh', asOf);
  await forgetNote(at.tx, 'warned');
}

async function remind(at: Moment, reminded: Date | undefined): Promise<void> {
  if (isWithin(reminded, at.now, REMINDED_AGAIN)) return;
  await tell(at, 'rehearse');
  await noteBackup(at.tx, { what: 'reminded', at: at.now });
}

/** A time that lies ahead, of a clock that was wrong, holds nothing back. */
const isWithin = (said: Date | undefined, now: Date, ms: number): boolean =>
  said !== undefined && said <= now && after(said, ms) > now;

async function tell(at: Moment, key: 'old' | 'none' | 'fresh' | 'rehearse', asOf?: Date): Promise<void> {
  const officers = await enrolledOfficers(at.tx);
  const supervisors = officers.filter(({ role }) => role === 'supervisor');
  await notifyOfficers(at, supervisors.length > 0 ? supervisors : officers, {
    key: `backup.${key}`,
    params: asOf ? { at: sayTime(asOf, at.now, at.ctx.settings.timeZone) } : {},
    class: CLASS.page,
    coalesce: 'backup',
  });
}
