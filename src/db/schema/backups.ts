/** Backups: which were made, what was noted of them, and what none of them may bring back. */
import type { CaseId, ContactId } from '../../kernel/ids.ts';
import { bigint, pgTable, text, uuid } from '../drizzle.cjs';
import { cases } from './cases.ts';
import { at, bytea } from './columns.ts';

/** Each backup that this database has made, as long as it lies in its place. */
export const backups = pgTable('backups', {
  /** Of its file. */
  name: text('name').primaryKey(),
  asOf: at('as_of').notNull(),
  madeAt: at('made_at').notNull(),
  bytes: bigint('bytes', { mode: 'number' }).notNull(),
  rows: bigint('rows', { mode: 'number' }).notNull(),
  /** SHA-256 of the sealed file. */
  hash: bytea('hash').notNull(),
  /** `same`: put back into a scratch database while it was written, and it was the same; else why that was not done, or what differed. */
  rehearsed: text('rehearsed').notNull(),
});

/**
 * When something about backups was done or said last: `since` they are wanted, `failed`, `warned`, `rehearsed` by a person with
 * the key, `reminded`; by which their `place` is known again; that something `strange` lies there; that they lie on the `same_disk`
 * as the data; which number the `list` of what was erased has.
 */
export const backupNotes = pgTable('backup_notes', {
  what: text('what')
    .$type<
      'since' | 'failed' | 'warned' | 'rehearsed' | 'reminded' | 'place' | 'strange' | 'same_disk' | 'list'
    >()
    .primaryKey(),
  at: at('at').notNull(),
  /** A code of a closed list, a number or a random name; never content. */
  detail: text('detail'),
});

/** Cases of which everything was erased but that they are there: their person refused consent after an alert. */
export const emptiedCases = pgTable('emptied_cases', {
  caseId: uuid('case_id').$type<CaseId>().primaryKey(),
  at: at('at').notNull(),
});

/** Contacts that were an officer's and were taken from them, and when last: a phone that was lost or seized. */
export const revokedContacts = pgTable('revoked_contacts', {
  contactId: uuid('contact_id').$type<ContactId>().primaryKey(),
  at: at('at').notNull(),
});

/** Cases whose receipt code was replaced by a new one, and when last. */
export const renewedCodes = pgTable('renewed_codes', {
  caseId: uuid('case_id')
    .$type<CaseId>()
    .primaryKey()
    .references(() => cases.id, { onDelete: 'cascade' }),
  at: at('at').notNull(),
});
