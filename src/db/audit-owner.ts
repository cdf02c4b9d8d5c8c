/**
 * Whom the audit log belongs to.
 *
 * Invariants, once `protectAudit` has run on a PostgreSQL of the operator's own: the table, its trigger and what they
 * stand in belong to a role that nobody signs in as and that the service's role cannot become; the service's role reads
 * and appends, and can neither change, delete, empty, drop, lock out nor re-own. The server's superuser still can: the
 * chain and a noted head are for that.
 *
 * An embedded server cannot be protected so: the service starts it, holds the superuser's password and owns its files.
 */
import { LakanaError } from '../kernel/errors.ts';
import { openDatabase } from './database.ts';
import { type Migrating, migrateDatabase, refuseNewer, schemaState } from './migrate.ts';

/** Owns the log; nobody signs in as it. */
const OWNER = 'lakana_audit';

/** What by which the service could still touch what is written. */
export type Weakness =
  | 'superuser'
  | 'makes_roles'
  | 'server_programs'
  | 'owns_table'
  | 'owns_schema'
  | 'owns_database'
  | 'owns_trigger'
  | 'may_change'
  | 'no_trigger';

type Sql = Awaited<ReturnType<typeof openDatabase>>['sql'];
/** As both the pool and a transaction of it are used. */
type Asks = Pick<Sql, 'unsafe'>;

const FACTS = `
  select c.oid::int8::text as oid, n.nspname as schema, r.rolname as role, current_database() as database,
    pg_get_userbyid(c.relowner) as owner, pg_get_userbyid(n.nspowner) as schema_owner,
    r.rolsuper as superuser,
    r.rolcreaterole as makes_roles,
    pg_has_role(r.oid, 'pg_execute_server_program', 'MEMBER')
      or pg_has_role(r.oid, 'pg_write_server_files', 'MEMBER') as server_programs,
    pg_has_role(r.oid, c.relowner, 'MEMBER') as owns_table,
    pg_has_role(r.oid, n.nspowner, 'MEMBER') as owns_schema,
    pg_has_role(r.oid, d.datdba, 'MEMBER') as owns_database,
    coalesce(pg_has_role(r.oid, p.proowner, 'MEMBER'), false) as owns_trigger,
    has_table_privilege(r.oid, c.oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
      or has_any_column_privilege(r.oid, c.oid, 'UPDATE') as may_change,
    t.oid is null as no_trigger
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_database d on d.datname = current_database()
  join pg_roles r on r.rolname = $1
  left join pg_trigger t on t.tgrelid = c.oid and t.tgname = 'audit_log_is_kept' and t.tgenabled = 'A'
  left join pg_proc p on p.oid = t.tgfoid
  where c.oid = $2::regclass`;

type Facts = Record<Weakness, boolean> &
  Record<'oid' | 'schema' | 'schema_owner' | 'role' | 'database' | 'owner', string>;

export type AuditOwner = { owner: string; service: string; weaknesses: Weakness[] };

/** Whom the log belongs to, and by what the role that asks could still touch it. */
export async function auditOwner(sql: Asks): Promise<AuditOwner> {
  const [who] = (await sql.unsafe(`select current_user as name`)) as unknown as { name: string }[];
  const facts = await factsOf(sql, who?.name ?? '', 'audit_log');
  return { owner: facts.owner, service: facts.role, weaknesses: weaknessesOf(facts) };
}

async function factsOf(sql: Asks, role: string, table: string): Promise<Facts> {
  const [facts] = (await sql.unsafe(FACTS, [role, table])) as unknown as Facts[];
  if (!facts) throw new LakanaError('no_audit_log', 'there is no audit log in this database');
  return facts;
}

const WEAKNESSES: readonly Weakness[] = [
  'superuser',
  'makes_roles',
  'server_programs',
  'owns_table',
  'owns_schema',
  'owns_database',
  'owns_trigger',
  'may_change',
  'no_trigger',
];
const weaknessesOf = (facts: Facts): Weakness[] => WEAKNESSES.filter((each) => facts[each]);

/** What only the operator can mend, before: no change of ownership helps against it. */
const HOPELESS: readonly Weakness[] = ['superuser', 'makes_roles', 'server_programs'];

/**
 * Gives the log to a role that the service cannot become, and returns the statements that it ran. `ownerUrl`: a role
 * that may do that, mostly the server's superuser. May be run again: migrations that wait are applied in between, since
 * one that changes the log needs the service to own it.
 */
export async function protectAudit(
  { ownerUrl, serviceUrl }: { ownerUrl: string; serviceUrl: string },
  migrating: Migrating = {},
): Promise<string[]> {
  const owner = await openDatabase({ url: ownerUrl, max: 1, statementTimeout: 0 });
  try {
    const found = await asService(serviceUrl, (sql) => where(sql));
    // A new database has none yet.
    if (found.log === null) await migrateDatabase(serviceUrl, migrating);
    const { service, oid, log } = found.log ? found : await asService(serviceUrl, (sql) => where(sql));
    if (log === null) throw new LakanaError('no_audit_log', 'there is no audit log in this database');
    const before = await factsOf(owner.sql, service, log).catch(() => undefined);
    if (!before || before.oid !== oid)
      throw new LakanaError('other_database', 'the two addresses lead to different databases');
    const hopeless = weaknessesOf(before).filter((each) => HOPELESS.includes(each));
    if (hopeless.length > 0) throw new LakanaError('service_too_mighty', sayWeaknesses(service, hopeless));
    const state = await asService(serviceUrl, (_sql, db) => schemaState(db, migrating.folder));
    refuseNewer(state);
    const done: string[] = [];
    const run = async (sql: Asks, statement: string) => {
      await sql.unsafe(statement);
      done.push(statement);
    };
    try {
      if (state.pending.length > 0) {
        const to = `owner to ${quoted(service)}`;
        await run(owner.sql, `alter table ${log} ${to}`);
        await run(owner.sql, `alter function ${quoted(before.schema)}.audit_log_is_kept() ${to}`);
        await migrateDatabase(serviceUrl, migrating);
      }
    } finally {
      // Also when a migration failed: what was protected does not stay open.
      await owner.sql.begin(async (tx) => {
        const facts = await factsOf(tx, service, log);
        for (const statement of await statementsFor(tx, facts, log)) await run(tx, statement);
        const left = weaknessesOf(await factsOf(tx, service, log));
        if (left.length > 0) throw new LakanaError('not_protected', sayWeaknesses(service, left));
      });
    }
    return done;
  } finally {
    await owner.close();
  }
}

/** Where the service finds the log, its name with the schema; null: nowhere yet. */
async function where(sql: Sql): Promise<{ service: string; oid: string; log: string | null }> {
  const [row] = (await sql.unsafe(`
    select current_user as service, c.oid::int8::text as oid, format('%I.%I', n.nspname, c.relname) as log
    from (select 1) as one left join pg_class c on c.oid = to_regclass('audit_log')
    left join pg_namespace n on n.oid = c.relnamespace`)) as unknown as {
    service: string;
    oid: string;
    log: string | null;
  }[];
  // format() of nulls is a dot.
  return row?.oid ? row : { service: row?.service ?? '', oid: '', log: null };
}

async function statementsFor(sql: Asks, facts: Facts, table: string): Promise<string[]> {
  const [found] = (await sql.unsafe(`select exists (select from pg_roles where rolname = $1) as is_there`, [
    OWNER,
  ])) as unknown as { is_there: boolean }[];
  const service = quoted(facts.role);
  const schema = quoted(facts.schema);
  const database = quoted(facts.database);
  return [
    ...(found?.is_there ? [] : [`create role ${OWNER} nologin`]),
    `revoke ${OWNER} from ${service}`,
    ...(facts.owns_database
      ? [
          `alter database ${database} owner to ${OWNER}`,
          // What it was as the owner, and goes on needing: its own schemas (jobs, migrations).
          `grant connect, create, temporary on database ${database} to ${service}`,
        ]
      : []),
    `grant usage, create on schema ${schema} to ${OWNER}`,
    `alter table ${table} owner to ${OWNER}`,
    `alter function ${schema}.audit_log_is_kept() owner to ${OWNER}`,
    `alter table ${table} enable always trigger audit_log_is_kept`,
    // `public` mostly belongs to the owner of the database.
    ...(facts.owns_schema && facts.schema_owner !== 'pg_database_owner'
      ? [`alter schema ${schema} owner to ${OWNER}`]
      : []),
    `grant usage, create on schema ${schema} to ${service}`,
    `revoke all on table ${table} from public, ${service}`,
    `grant select, insert on table ${table} to ${service}`,
  ];
}

async function asService<T>(
  url: string,
  work: (sql: Sql, db: Awaited<ReturnType<typeof openDatabase>>['db']) => Promise<T>,
): Promise<T> {
  const { sql, db, close } = await openDatabase({ url, max: 1 });
  try {
    return await work(sql, db);
  } finally {
    await close();
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const SAID: Readonly<Record<Weakness, string>> = {
  superuser: 'is a superuser: make a role of its own for DATABASE_URL',
  makes_roles: 'may make roles: alter role … nocreaterole',
  server_programs: 'may run programs or write files on the server: revoke that',
  owns_table: 'owns the log, or can become who does',
  owns_schema: 'owns the schema that the log stands in',
  owns_database: 'owns the database',
  owns_trigger: 'owns what keeps the log from being changed',
  may_change: 'was granted more on the log than reading and appending',
  no_trigger: 'could be granted more: the trigger that refuses changes is missing or not always on',
};

/** In words, for the operator. */
export function sayWeaknesses(service: string, weaknesses: readonly Weakness[]): string {
  return `the service's role ${service} ${weaknesses.map((each) => SAID[each]).join('; ')}`;
}
