/** Alerts, what was decided about them, and whom they were paged to. */
import type {
  AlertId,
  CaseId,
  ContactId,
  DeliveryId,
  EpochId,
  OfficerId,
  PersonId,
} from '../../kernel/ids.ts';
import type { AlertState, Level } from '../../kernel/vocabulary.ts';
import {
  bigserial,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  sql,
  text,
  uuid,
} from '../drizzle.cjs';
import { cases } from './cases.ts';
import { at, bytea } from './columns.ts';

/** The obligation to get a person to take a case. For a quiet one nobody is paged. */
export const alerts = pgTable(
  'alerts',
  {
    id: uuid('id').$type<AlertId>().primaryKey(),
    /** None: an exercise. */
    caseId: uuid('case_id')
      .$type<CaseId>()
      .unique()
      .references(() => cases.id),
    /** An exercise: goes the whole way, is marked as one, and no reporter hears of it. */
    isDrill: boolean('is_drill').notNull().default(false),
    /** Officers name an alert by nothing else: of an exercise too it is no other alert's. */
    reference: text('reference').notNull().unique(),
    level: text('level').$type<Level>().notNull(),
    /** Of a case that is not urgent, or of one that was closed and is looked at again. */
    isQuiet: boolean('is_quiet').notNull().default(false),
    region: text('region'),
    state: text('state').$type<AlertState>().notNull(),
    /** The escalation policy as it was when the alert was raised (`src/alerts/policy.ts`). */
    policy: jsonb('policy').notNull(),
    /** How far the policy has been walked; meaning belongs to `src/alerts/escalation.ts`. */
    progress: jsonb('progress').notNull(),
    raisedAt: at('raised_at').notNull(),
    /** Start of the present round: at raising, again when a take lapses or an SOS repeats. */
    roundAt: at('round_at').notNull(),
    nextStepAt: at('next_step_at'),
    takenBy: uuid('taken_by').$type<OfficerId>(),
    takenAt: at('taken_at'),
    /** Last work of the taker on the case; a take lapses some time after it. */
    workedAt: at('worked_at'),
    closedAt: at('closed_at'),
    outcome: text('outcome'),
    /** People who must not know of this case, as officers and as members. Why is sealed: in the plan, and in the case. */
    excluded: jsonb('excluded').$type<PersonId[]>().notNull().default([]),
    /** How often the person asked again. */
    repeats: integer('repeats').notNull().default(0),
    /** Contact of the reporter and whether one may write unasked: epoch-sealed JSON, carried forward while open. */
    epochId: uuid('epoch_id').$type<EpochId>(),
    reporterSealed: bytea('reporter_sealed'),
  },
  (t) => [
    check('an_alert_has_a_case', sql`${t.isDrill} or ${t.caseId} is not null`),
    check('an_open_alert_has_a_next_step', sql`${t.state} = 'closed' or ${t.nextStepAt} is not null`),
    check(
      'a_taken_alert_has_a_taker',
      sql`${t.state} <> 'taken' or (${t.takenBy} is not null and ${t.takenAt} is not null)`,
    ),
    index('alerts_due').on(t.nextStepAt).where(sql`${t.state} <> 'closed'`),
  ],
);

/** What was decided about an alert and why: one row for each decision, in words of a closed list. */
export const alertLog = pgTable(
  'alert_log',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    alertId: uuid('alert_id')
      .$type<AlertId>()
      .notNull()
      .references(() => alerts.id),
    at: at('at').notNull(),
    what: text('what').notNull(),
    officerId: uuid('officer_id').$type<OfficerId>(),
    detail: jsonb('detail'),
  },
  (t) => [index('alert_log_alert').on(t.alertId, t.id)],
);

/** Which alerts one delivery to an officer pages for: one, or many when they are bundled. */
export const pages = pgTable(
  'pages',
  {
    alertId: uuid('alert_id')
      .$type<AlertId>()
      .notNull()
      .references(() => alerts.id),
    officerId: uuid('officer_id').$type<OfficerId>().notNull(),
    contactId: uuid('contact_id').$type<ContactId>().notNull(),
    deliveryId: integer('delivery_id').$type<DeliveryId>().notNull(),
    pagedAt: at('paged_at').notNull(),
    isRepeat: boolean('is_repeat').notNull(),
    /** It did not leave in time, and another contact or person was paged. */
    movedAt: at('moved_at'),
    /** The officer said "I cannot". */
    declinedAt: at('declined_at'),
  },
  (t) => [
    primaryKey({ columns: [t.alertId, t.deliveryId] }),
    index('pages_officer').on(t.officerId, t.pagedAt),
  ],
);
