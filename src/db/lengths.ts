/**
 * How long a row of a table that is read whole, or by many rows at once, may be.
 *
 * Invariant: what is longer than anything the service writes there is passed over before it is read: a few rows of hundreds of
 * megabytes end no process by its memory, and no start. `doctor` says how many there are. Constraints of 0037 refuse them too, as
 * long as nobody who owns the table takes those away; so each reading asks by itself.
 */
import type { Db, Tx } from './database.ts';
import { getTableColumns, getTableName, type PgColumn, type PgTable, type SQL, sql } from './drizzle.cjs';
import { auditLog, members, officers, teamKeys, textChanges, voiceRecordings } from './schema.ts';

/** Bytes of everything in a row that has no fixed length. A list of words has some thousands, a minute of Opus 240,000. */
const LONGEST: readonly (readonly [table: PgTable, bytes: number])[] = [
  [auditLog, 16_384],
  [members, 65_536],
  [officers, 65_536],
  [teamKeys, 65_536],
  [textChanges, 262_144],
  [voiceRecordings, 393_216],
];

export const LONGEST_CHANGE = 262_000;

/**
 * Whether a row is no longer than it may be. Of what is too long PostgreSQL unpacks nothing to say so. `but`: without these
 * columns, `most`: bytes that the others may have.
 */
export function isOfLength(table: PgTable, part?: { but: readonly PgColumn[]; most: number }): SQL {
  const most = part?.most ?? LONGEST.find(([each]) => each === table)?.[1] ?? 0;
  const columns = Object.values(getTableColumns(table)).filter((each) => !part?.but.includes(each));
  const lengths = columns.flatMap((column) => lengthOf(column, most) ?? []);
  return sql`(${sql.join(lengths, sql` + `)} <= ${sql.raw(String(most))})`;
}

/** Undefined: it has a fixed one. */
function lengthOf(column: PgColumn, most: number): SQL | undefined {
  switch (column.getSQLType()) {
    case 'text':
    case 'bytea':
      return sql`coalesce(octet_length(${column}), 0)`;
    case 'jsonb':
      // As it lies there, packed, and only if that is short as it is read.
      return sql`case when pg_column_size(${column}) <= ${sql.raw(String(most))} then octet_length(${column}::text) else ${sql.raw(String(most + 1))} end`;
    default:
      return undefined;
  }
}

/** Tables with rows that are passed over, and how many. */
export async function tooLong(db: Db | Tx): Promise<{ table: string; rows: number }[]> {
  const found: { table: string; rows: number }[] = [];
  for (const [table] of LONGEST) {
    const [row] = await db
      .select({ rows: sql<number>`count(*)::int` })
      .from(table)
      .where(sql`not ${isOfLength(table)}`);
    if (row && row.rows > 0) found.push({ table: getTableName(table), rows: row.rows });
  }
  return found;
}
