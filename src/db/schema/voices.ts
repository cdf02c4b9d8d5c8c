/** Recordings that were made in the room: public words, to be heard by anybody. */
import type { MemberId } from '../../kernel/ids.ts';
import { index, integer, pgTable, text, uuid } from '../drizzle.cjs';
import { at, bytea } from './columns.ts';

/**
 * Their bytes. Which of them count or wait for a second person is said by the changes (`src/app/changes`), with the hash of
 * the bytes: no column here says it.
 */
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
    /** Of recordings from before 0035: the second person, who listened and said yes; and a keyed hash over all of it. */
    heardBy: uuid('heard_by').$type<MemberId>(),
    heardAt: at('heard_at'),
    mac: bytea('mac'),
  },
  (t) => [index('voice_recordings_language').on(t.language)],
);
