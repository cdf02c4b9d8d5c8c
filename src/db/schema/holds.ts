/** Cases that must be kept, whatever else says that they go. */
import type { CaseId, MemberId } from '../../kernel/ids.ts';
import type { HoldReason } from '../../kernel/vocabulary.ts';
import { pgTable, text, uuid } from '../drizzle.cjs';
import { cases } from './cases.ts';
import { at } from './columns.ts';

/** As long as the row is there. Who let the case go stands in the log, and in the case. */
export const caseHolds = pgTable('case_holds', {
  caseId: uuid('case_id')
    .$type<CaseId>()
    .primaryKey()
    .references(() => cases.id, { onDelete: 'cascade' }),
  because: text('because').$type<HoldReason>().notNull(),
  heldBy: uuid('held_by').$type<MemberId>().notNull(),
  heldAt: at('held_at').notNull(),
  /** The first of the two who let it go. */
  liftBy: uuid('lift_by').$type<MemberId>(),
  liftAt: at('lift_at'),
});
