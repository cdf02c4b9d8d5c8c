/**
 * Rows for a schema of any version, made from its own columns: the first row of each table has everything filled in, the
 * second only what must be. Cases and the log of looks get real chains.
 */
import type postgres from 'postgres';
import { auditLink, signAuditLink } from '../../src/crypto/audit-chain.ts';
import { nextLink, signLink } from '../../src/crypto/chain.ts';
import type { Keyring } from '../../src/crypto/keyring.ts';

type Column = { name: string; type: string; mayBeNull: boolean };
type Table = { name: string; columns: Column[] };
type Row = Record<string, unknown>;

/** Every table of the service's own, with its columns. */
async function tablesOf(sql: postgres.Sql): Promise<Table[]> {
  const rows = await sql<(Column & { table: string })[]>`
    select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type,
      not a.attnotnull as "mayBeNull"
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
    order by c.relname, a.attnum`;
  return [...Map.groupBy(rows, ({ table }) => table)].map(([name, columns]) => ({
    name,
    columns: [...columns],
  }));
}

/** What a migration changes in rows that are there, on purpose. */
const CHANGED: Readonly<Record<string, string>> = {
  // 0011: a case whose alert is closed is closed. 0039: a case says how far it is, since when, and why it ended.
  cases: 'status closed_at status_since status_reason',
  // 0034: the one row says of which number it is.
  whatsapp_status: 'id',
  // 0035: what tells rows of one place apart is not to be foreseen any more.
  text_changes: 'id',
};

/** The tables of a database as it is now, with the columns that every later version leaves as they are. */
export async function lastingOf(sql: postgres.Sql): Promise<Table[]> {
  return (await tablesOf(sql)).map((table) => ({
    ...table,
    columns: table.columns.filter(({ name }) => !CHANGED[table.name]?.split(' ').includes(name)),
  }));
}

const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
const TIME = '2026-01-02T03:04:05.678Z';

/** What stands in a column where its type says too little: a state that its table's conditions allow. */
const WORDS: Readonly<Record<string, (n: number) => string>> = {
  'alerts.state': (n) => (n === 1 ? 'taken' : 'closed'),
  'cases.status': () => 'open',
  'erasures.because': () => 'time_over',
  'service.mode': () => 'live',
};
/** Tables that hold one row. */
const SINGLE = new Set(['service', 'whatsapp_status']);

function valueIn(table: string, { name, type }: Column, n: number): unknown {
  const word = WORDS[`${table}.${name}`];
  if (word) return word(n);
  if (type === 'uuid') return id(n);
  if (type === 'bytea') return Buffer.from(`${table}.${name}.${n}`);
  if (type === 'boolean') return true;
  if (type === 'jsonb') return '[]';
  if (type.startsWith('timestamp')) return TIME;
  if (type === 'integer' || type === 'bigint') return n;
  return `${name} ${n}`;
}

/** Puts rows into every table; returns how many each got. */
export async function fill(sql: postgres.Sql, keyring: Keyring): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  // Parents and children have the same ids: what refers finds what it refers to, in whatever order they come.
  await sql.unsafe('set session_replication_role = replica');
  for (const { name, columns } of await tablesOf(sql)) {
    const rows = (await rowsOf(name, columns, keyring)).slice(0, SINGLE.has(name) ? 1 : undefined);
    for (const row of rows) await insert(sql, name, columns, row);
    counts[name] = rows.length;
  }
  await sql.unsafe('set session_replication_role = origin');
  return counts;
}

async function rowsOf(table: string, columns: readonly Column[], keyring: Keyring): Promise<Row[]> {
  const made = [1, 2].map((n) => {
    const isWanted = ({ mayBeNull }: Column) => n === 1 || !mayBeNull;
    return Object.fromEntries(columns.filter(isWanted).map((each) => [each.name, valueIn(table, each, n)]));
  });
  if (table === 'audit_log') return looks(keyring);
  if (table === 'case_items') return itemsOf(keyring).map((item, n) => ({ ...made[0], ...item, place: n }));
  if (table === 'cases') {
    const last = itemsOf(keyring).at(-1);
    // Since 0039 a case says more than that it is open.
    const says = columns.some(({ name }) => name === 'status_since') ? { status: 'active' } : {};
    const whole = { chain_head: last?.link, chain_length: ITEMS };
    return made.map((row, n) => ({ ...row, ...(n === 0 ? whole : {}), ...says }));
  }
  return made;
}

const ITEMS = 3;

/** What is in the first case. */
function itemsOf(keyring: Keyring) {
  let previous: Uint8Array | null = null;
  return Array.from({ length: ITEMS }, (_, place) => {
    const item = { kind: 'answers', ciphertext: Buffer.from(`sealed ${place}`) };
    const link = nextLink({ previous, caseId: id(1), place, ...item });
    previous = link;
    return { ...item, link: Buffer.from(link), signature: Buffer.from(signLink(keyring, link)) };
  });
}

function looks(keyring: Keyring): Row[] {
  let previous: Uint8Array | null = null;
  return [1, 2, 3].map((seq) => {
    const entry = {
      seq,
      at: new Date(TIME),
      memberId: id(1),
      what: 'case_opened',
      caseId: id(1),
      detail: {},
    };
    const link = auditLink(previous, entry);
    previous = link;
    return {
      seq,
      at: TIME,
      member_id: entry.memberId,
      what: entry.what,
      case_id: entry.caseId,
      detail: '{}',
      link: Buffer.from(link),
      signature: Buffer.from(signAuditLink(keyring, link)),
    };
  });
}

async function insert(sql: postgres.Sql, table: string, columns: readonly Column[], row: Row): Promise<void> {
  const names = Object.keys(row);
  const types = names.map((name) => columns.find((each) => each.name === name)?.type ?? 'text');
  const values = names.map((_, n) => `$${n + 1}::text::${types[n]}`);
  const texts = Object.values(row).map((each) =>
    each instanceof Uint8Array
      ? `\\x${Buffer.from(each).toString('hex')}`
      : each === null
        ? null
        : String(each),
  );
  const into = `insert into "${table}" (${names.map((name) => `"${name}"`).join(', ')})`;
  await sql.unsafe(`${into} overriding system value values (${values.join(', ')})`, texts as string[]);
}

/** Everything that stands in these columns, as text, in an order of its own. */
export async function contentOf(
  sql: postgres.Sql,
  tables: readonly Table[],
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { name, columns } of tables) {
    const list = columns.map((each) => `"${each.name}"`).join(', ');
    const rows = await sql.unsafe(`select row(${list})::text as row from "${name}" order by 1`);
    found[name] = rows.map((row) => row.row as string);
  }
  return found;
}
