/** What people ask for by right, as tasks of the team, and the erasing of cases. */
import type { CaseId, ErasureId, MemberId, PersonId } from '../../kernel/ids.ts';
import type {
  EraseReason,
  ErasureState,
  PostponedBecause,
  Task,
  TaskState,
} from '../../kernel/vocabulary.ts';
import {
  bigserial,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  sql,
  text,
  uniqueIndex,
  uuid,
} from '../drizzle.cjs';
import { cases } from './cases.ts';
import { at, bytea } from './columns.ts';

/** What the reporter of a case asked for, until a person of the team has seen to it. Only which right, and when. */
export const caseTasks = pgTable(
  'case_tasks',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    caseId: uuid('case_id')
      .$type<CaseId>()
      .notNull()
      .references(() => cases.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<Task>().notNull(),
    state: text('state').$type<TaskState>().notNull(),
    askedAt: at('asked_at').notNull(),
    /** How often it was asked for. */
    times: integer('times').notNull().default(1),
    decidedBy: uuid('decided_by').$type<PersonId>(),
    decidedAt: at('decided_at'),
  },
  (t) => [
    index('case_tasks_case').on(t.caseId),
    uniqueIndex('case_tasks_open').on(t.caseId, t.kind).where(sql`${t.state} = 'open'`),
  ],
);

/**
 * A case that two people want erased, until it is, and after that: the one row that is left of it. No key leads to
 * the case, which will be gone.
 */
export const erasures = pgTable(
  'erasures',
  {
    id: uuid('id').$type<ErasureId>().primaryKey(),
    caseId: uuid('case_id').$type<CaseId>().notNull(),
    /** No other case ever gets it. */
    reference: text('reference').notNull(),
    state: text('state').$type<ErasureState>().notNull(),
    /** `time_over`: nobody asked; it was kept as long as the rules say (`flows/retention.yaml`). */
    because: text('because').$type<EraseReason | 'time_over'>().notNull(),
    askedBy: uuid('asked_by').$type<MemberId>(),
    askedAt: at('asked_at').notNull(),
    agreedBy: uuid('agreed_by').$type<MemberId>(),
    agreedAt: at('agreed_at'),
    /** Not before this. */
    dueAt: at('due_at'),
    /** Since when it is due and was not done, and why not. */
    postponedAt: at('postponed_at'),
    postponedBecause: text('postponed_because').$type<PostponedBecause>(),
    endedAt: at('ended_at'),
    /** Done, and nobody was told yet: the list beside the backups does not hold it yet, and a restore would bring it back. */
    isUntold: boolean('is_untold').notNull().default(false),
    /** Of one that was stopped: the member; null: something that came. */
    stoppedBy: uuid('stopped_by').$type<MemberId>(),
    stoppedBecause: text('stopped_because').$type<
      | 'member'
      | 'reporter'
      | 'alert'
      | 'nobody_agreed'
      | 'unproved'
      | 'two_no_more'
      | 'restored'
      | 'held'
      | 'kept_longer'
    >(),
    /** Of one whose time is over: by which rule, and the one record that remains, sealed to the team. */
    rule: text('rule'),
    statistics: bytea('statistics'),
    /** The people who had to know nothing of the case, and know nothing of this. */
    excluded: jsonb('excluded').$type<PersonId[]>().notNull().default([]),
  },
  (t) => [
    check('what_people_want_has_who_wants_it', sql`${t.because} = 'time_over' or ${t.askedBy} is not null`),
    uniqueIndex('erasures_live').on(t.caseId).where(sql`${t.state} in ('asked', 'waiting')`),
    index('erasures_case').on(t.caseId),
    index('erasures_reference').on(t.reference),
  ],
);
