/** The protection team: people, how each is reached, and who is on call when. */

import type { ContactId, CoverId, EpochId, OfficerId } from '../../kernel/ids.ts';
import type { OfficerRole } from '../../kernel/vocabulary.ts';
import {
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  sql,
  text,
  uuid,
} from '../drizzle.cjs';
import { at, bytea } from './columns.ts';
import { contacts } from './people.ts';

/** A person of the protection team. The name is under the server key. */
export const officers = pgTable('officers', {
  id: uuid('id').$type<OfficerId>().primaryKey(),
  nameSealed: bytea('name_sealed').notNull(),
  role: text('role').$type<OfficerRole>().notNull(),
  /** Asked at enrolment and changed at any time; null: not answered yet (counts as off duty). */
  isOnDuty: boolean('is_on_duty'),
  language: text('language').notNull(),
  /** One-time enrolment code: keyed hash, time it ends, time it was used. */
  codeIndex: bytea('code_index').notNull().unique(),
  codeExpiresAt: at('code_expires_at').notNull(),
  enrolledAt: at('enrolled_at'),
  removedAt: at('removed_at'),
  createdAt: at('created_at').notNull(),
});

/** The contacts on which an officer is reached, in order. */
export const officerContacts = pgTable('officer_contacts', {
  contactId: uuid('contact_id')
    .$type<ContactId>()
    .primaryKey()
    .references(() => contacts.id, { onDelete: 'cascade' }),
  officerId: uuid('officer_id')
    .$type<OfficerId>()
    .notNull()
    .references(() => officers.id, { onDelete: 'cascade' }),
  position: integer('position').notNull(),
  /** How long after the officer's first contact this one is tried, in seconds; 0 is at the same time. */
  delaySeconds: integer('delay_seconds').notNull().default(0),
  /** Null: nothing but its code is sent there yet. */
  verifiedAt: at('verified_at'),
  /** While it waits to be verified: keyed hash of the code that was sent there, its end, wrong tries. */
  codeIndex: bytea('code_index'),
  codeExpiresAt: at('code_expires_at'),
  codeTries: integer('code_tries').notNull().default(0),
  /** When something sent there was taken last; and the code with which this address was refused since, if it was. */
  takenAt: at('taken_at'),
  refusal: text('refusal'),
  /** Epoch-sealed JSON of what this officer's chat is in the middle of ("for yourself?", a reason to write). */
  epochId: uuid('epoch_id').$type<EpochId>(),
  stateSealed: bytea('state_sealed'),
  dueAt: at('due_at'),
});

/**
 * The duty plan: rotas and escalation policies, as ids of officers and names of rotas (`src/alerts/plan.ts`). The
 * newest row counts; earlier ones stay, so that it can be seen who was to be on call.
 */
export const dutyPlans = pgTable('duty_plans', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  madeAt: at('made_at').notNull(),
  document: jsonb('document').notNull(),
  /** The people who must never get which cases, and why: JSON under the server key. */
  exclusionsSealed: bytea('exclusions_sealed'),
});

/**
 * An officer takes a shift, or part of it, in a colleague's place (`insteadOf`), or besides the officers who have it.
 */
export const covers = pgTable(
  'covers',
  {
    id: uuid('id').$type<CoverId>().primaryKey(),
    rota: text('rota').notNull(),
    officerId: uuid('officer_id').$type<OfficerId>().notNull(),
    insteadOf: uuid('instead_of').$type<OfficerId>(),
    startsAt: at('starts_at').notNull(),
    endsAt: at('ends_at').notNull(),
    madeAt: at('made_at').notNull(),
    removedAt: at('removed_at'),
  },
  (t) => [index('covers_time').on(t.endsAt).where(sql`${t.removedAt} is null`)],
);

/** What was said of a gap in the plan, and how long ahead: each is said once. */
export const gapWarnings = pgTable(
  'gap_warnings',
  {
    /** What is wrong and when, in words of a closed list and ids. */
    gap: text('gap').notNull(),
    ahead: text('ahead').$type<'7d' | '1d' | '2h'>().notNull(),
    toldAt: at('told_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.gap, t.ahead] })],
);

/** That the team was told that a contact outside grows old, or was: each once for the day on which it was verified. */
export const contactWarnings = pgTable(
  'contact_warnings',
  {
    /** Its code in `flows/lists/outside_organisations.yaml`. */
    code: text('code').notNull(),
    verifiedOn: text('verified_on').notNull(),
    what: text('what').$type<'soon' | 'gone'>().notNull(),
    toldAt: at('told_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.code, t.verifiedOn, t.what] })],
);
