import { LEVELS } from '../kernel/vocabulary.ts';
import { type SQL, sql } from './drizzle.cjs';

/** Orders rows by their level, most urgent first. */
export function urgencyOf(level: unknown): SQL {
  const levels = sql.raw(LEVELS.map((each) => `'${each}'`).join(','));
  return sql`array_position(array[${levels}], ${level})`;
}
