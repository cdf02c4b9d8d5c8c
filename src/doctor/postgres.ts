import { type Line, line, listed } from '../app/ground/lines.ts';
import type { Config } from '../config.ts';
import { auditOwner } from '../db/audit-owner.ts';
import type { Database, Db } from '../db/database.ts';
import { sql } from '../db/drizzle.cjs';
import { askServers, type ServerState } from '../db/primary.ts';
import { eachServer } from '../db/servers.ts';
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
  if (!found) return fail('database', line('database.unknown'), line('database.unknown_mend'));
  const { version } = found;
  const server = config.databaseUrl
    ? line('database.server', { version })
    : line('database.embedded', { version, place: config.dataDir });
  const alter = (setting: string, value: string): Line => line('database.alter', { setting, value });
  if (version < 14) return fail('database', line('database.old', { server }), line('database.old_mend'));
  if (found.fsync !== 'on') return fail('database', line('database.loses', { server }), alter('fsync', 'on'));
  if (found.commit === 'off')
    return fail('database', line('database.loses', { server }), alter('synchronous_commit', 'on'));
  if (found.statements !== 'none' || found.slow !== '-1')
    return warn('database', line('database.logs_all', { server }), alter('log_statement', 'none'));
  if (!['panic', 'fatal'].includes(found.onError)) {
    const mend = alter('log_min_error_statement', 'panic');
    return warn('database', line('database.logs_failed', { server }), mend);
  }
  if (found.parameters !== '0') {
    const mend = alter('log_parameter_max_length', '0');
    return warn('database', line('database.logs_values', { server }), mend);
  }
  if (config.databaseUrl && !found.isEncrypted && !isLocal(config.databaseUrl.reveal()))
    return warn('database', line('database.open_way', { server }), line('database.open_way_mend'));
  return ok('database', server);
}

/** Whether the service could take back what it noted about who looked at what. */
export async function checkAuditLog(config: Config, { sql: asks }: Pick<Database, 'sql'>): Promise<Check> {
  const { owner, service, weaknesses } = await auditOwner(asks);
  if (weaknesses.length === 0) return ok('audit log', line('audit.protected', { owner }));
  if (!config.databaseUrl) return warn('audit log', line('audit.embedded'), line('audit.embedded_mend'));
  const those = listed(weaknesses.map((each) => line(`audit.${each}`)));
  return warn('audit log', line('audit.open', { role: service, weaknesses: those }), line('audit.open_mend'));
}

/** Of several servers: which is the primary, by its place in DATABASE_URL; undefined: there is one. */
export async function checkServers({ databaseUrl }: Pick<Config, 'databaseUrl'>): Promise<Check | undefined> {
  const url = databaseUrl?.reveal() ?? '';
  if (eachServer(url).length === 1) return undefined;
  const states = await askServers(url);
  const placesOf = (is: ServerState['is']) =>
    states.flatMap((state, n) => (state.is === is ? [line('servers.place', { number: n + 1 })] : []));
  const those = (['primary', 'standby', 'away'] as const).flatMap((is) => {
    const all = placesOf(is);
    return all.length > 0 ? [line(`servers.${is}`, { places: { all, by: ',' } })] : [];
  });
  const servers = line('servers.found', { number: states.length, states: listed(those) });
  if (placesOf('primary').length > 1)
    return fail('servers', line('servers.two', { servers }), line('servers.two_mend'));
  if (placesOf('standby').length === 0)
    return warn('servers', line('servers.alone', { servers }), line('servers.alone_mend'));
  return ok('servers', servers);
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
