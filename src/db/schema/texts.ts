/** What was changed in the room over the texts of the files, in order. */
import { index, integer, pgTable, text, uuid } from '../drizzle.cjs';
import { at, bytea } from './columns.ts';

/**
 * One change each, for ever. Everything but its place is sealed by the server key, together with what came before it
 * (`src/app/changes/rows.ts`), so that a row that was changed, moved or copied does not open. `language` and `key` stand here
 * so that such a row can be named. Nothing keeps a place for one row alone, and nobody knows an `id` before it is there: else
 * a row of anybody's in it would be the end of all changes.
 */
export const textChanges = pgTable(
  'text_changes',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    /** Its place among the server's own. */
    seq: integer('seq').notNull(),
    at: at('at').notNull(),
    language: text('language').notNull(),
    key: text('key').notNull(),
    sealed: bytea('sealed').notNull(),
  },
  // In pages, also where another hand put any number of rows at one place.
  (t) => [index('text_changes_seq').on(t.seq, t.id)],
);
