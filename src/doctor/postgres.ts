import type { Config } from '../config.ts';
import { auditOwner, sayWeaknesses } from '../db/audit-owner.ts';
import type { Database, Db } from '../db/database.ts';
import { sql } from '../db/drizzle.cjs';
import { askServers, type ServerState } from '../db/primary.ts';
import { eachServer } from '../db/servers.ts';
import { TOOL } from '../kernel/tool.ts';
import { type Check, fail, ok, warn } from './check.ts';

type Settings = {
  version: number;
  fsync: string;
  commit: string;
  statements: string;
  slow: string;
  onError: string;
  parameters: string;
  isEncrypted: boolean;
};

/** A server of one's own: does it keep what it was given, and does it keep quiet about what it was asked? */
export async function serverSettings(config: Config, db: Db): Promise<Check> {
  const [found] = await db.execute<Settings>(sql`
    select current_setting('server_version_num')::int / 10000 as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as commit, current_setting('log_statement') as statements,
      current_setting('log_min_duration_statement') as slow, current_setting('log_min_error_statement') as "onError",
      current_setting('log_parameter_max_length') as parameters,
      coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as "isEncrypted"`);
  if (!found) return fail('database', 'does not say what it is', 'see that DATABASE_URL is a PostgreSQL');
  const name = `PostgreSQL ${found.version}${config.databaseUrl ? '' : `, embedded in ${config.dataDir}`}`;
  const alter = (setting: string, value: string) =>
    `alter system set ${setting} = '${value}'; select pg_reload_conf()`;
  if (found.version < 14) return fail('database', `${name} is too old`, 'use PostgreSQL 14 or newer');
  if (found.fsync !== 'on')
    return fail('database', `${name}: a power cut may lose reports`, alter('fsync', 'on'));
  if (found.commit === 'off')
    return fail('database', `${name}: a power cut may lose reports`, alter('synchronous_commit', 'on'));
  if (found.statements !== 'none' || found.slow !== '-1')
    return warn('database', `${name} writes what it is asked into its log`, alter('log_statement', 'none'));
  if (!['panic', 'fatal'].includes(found.onError))
    return warn(
      'database',
      `${name} writes failed statements into its log`,
      alter('log_min_error_statement', 'panic'),
    );
  if (found.parameters !== '0')
    return warn(
      'database',
      `${name} would write the values of statements into its log`,
      alter('log_parameter_max_length', '0'),
    );
  if (config.databaseUrl && !found.isEncrypted && !isLocal(config.databaseUrl.reveal()))
    return warn(
      'database',
      `${name}: the way there is not encrypted`,
      'add ?sslmode=verify-full to DATABASE_URL',
    );
  return ok('database', name);
}

/** Whether the service could take back what it noted about who looked at what. */
export async function checkAuditLog(config: Config, { sql: asks }: Pick<Database, 'sql'>): Promise<Check> {
  const { owner, service, weaknesses } = await auditOwner(asks);
  if (weaknesses.length === 0)
    return ok('audit log', `belongs to ${owner}; the service only reads it and adds to it`);
  if (!config.databaseUrl)
    return warn(
      'audit log',
      'belongs to the service, as all of an embedded PostgreSQL does: whoever gets in as the service can cut its end off',
      `note elsewhere, from time to time, the head that ${TOOL} audit verify prints`,
    );
  return warn(
    'audit log',
    `can be changed: ${sayWeaknesses(service, weaknesses)}`,
    `${TOOL} audit protect --database-url …: docs/operating.md`,
  );
}

/** Of several servers: which is the primary, by its place in DATABASE_URL; undefined: there is one. */
export async function checkServers({ databaseUrl }: Pick<Config, 'databaseUrl'>): Promise<Check | undefined> {
  const url = databaseUrl?.reveal() ?? '';
  if (eachServer(url).length === 1) return undefined;
  const states = await askServers(url);
  const placesOf = (is: ServerState['is']) =>
    states.flatMap((state, n) => (state.is === is ? [`no. ${n + 1}`] : [])).join(', ');
  const [primary, standby, away] = [placesOf('primary'), placesOf('standby'), placesOf('away')];
  const found = [
    primary && `primary: ${primary}`,
    standby && `standby: ${standby}`,
    away && `does not answer: ${away}`,
  ];
  const said = `${states.length} in DATABASE_URL; ${found.filter(Boolean).join('; ')}`;
  if (primary.includes(','))
    return fail(
      'servers',
      `${said}: two take themselves for the primary`,
      'stop the one that was the primary before, and make it a standby anew: docs/operating/two-machines.md',
    );
  if (standby === '')
    return warn(
      'servers',
      `${said}: nothing takes over if the primary dies`,
      'docs/operating/two-machines.md, "A standby anew"',
    );
  return ok('servers', said);
}

/** Whether each server of an address is on this machine, or near it. */
const isLocal = (url: string): boolean => eachServer(url).every(isNear);

function isNear(url: string): boolean {
  const host = new URL(url).hostname;
  // A name without a dot is a container of the same host or a machine of the same network segment.
  return (
    host === '' || host === 'localhost' || host.startsWith('127.') || host === '[::1]' || !host.includes('.')
  );
}
