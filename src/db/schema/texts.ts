/** What was changed in the room over the texts of the files, in order. */
import { integer, pgTable, text } from '../drizzle.cjs';
import { at, bytea } from './columns.ts';

/**
 * One change each, for ever. Everything but its place is sealed by the server key, together with what came before it
 * (`src/app/texts/rows.ts`), so that a row that was changed, moved or copied does not open. `language` and `key` stand here
 * so that such a row can be named.
 */
export const textChanges = pgTable('text_changes', {
  seq: integer('seq').primaryKey(),
  at: at('at').notNull(),
  language: text('language').notNull(),
  key: text('key').notNull(),
  sealed: bytea('sealed').notNull(),
});
