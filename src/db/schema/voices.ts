/** Recordings that were made in the room: public words, to be heard by anybody. */
import type { MemberId } from '../../kernel/ids.ts';
import { index, integer, pgTable, sql, text, uniqueIndex, uuid } from '../drizzle.cjs';
import { at, bytea } from './columns.ts';

/** One for each text that counts, and one that waits for a second person. `mac`: by the server key, over all of it. */
export const voiceRecordings = pgTable(
  'voice_recordings',
  {
    id: uuid('id').primaryKey(),
    language: text('language').notNull(),
    key: text('key').notNull(),
    /** For which words it was made. */
    version: text('version').notNull(),
    ms: integer('ms').notNull(),
    size: integer('size').notNull(),
    sha256: bytea('sha256').notNull(),
    ogg: bytea('ogg').notNull(),
    recordedBy: uuid('recorded_by').$type<MemberId>().notNull(),
    recordedAt: at('recorded_at').notNull(),
    /** The second person, who listened and said yes. */
    heardBy: uuid('heard_by').$type<MemberId>(),
    heardAt: at('heard_at'),
    mac: bytea('mac').notNull(),
  },
  (t) => [
    uniqueIndex('voice_recordings_counts').on(t.language, t.key).where(sql`${t.heardAt} is not null`),
    uniqueIndex('voice_recordings_waits').on(t.language, t.key).where(sql`${t.heardAt} is null`),
    index('voice_recordings_language').on(t.language),
  ],
);
