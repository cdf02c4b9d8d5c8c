/**
 * Addresses of PostgreSQL that name several servers, as PostgreSQL's own programs write them:
 * `postgres://user:password@one:5432,two:5432/lakana`. One of them is the primary, and any may become it.
 */

/** Its login and the list of its servers stand between the scheme and the path. */
const PARTS = /^([a-z]+:\/\/)([^/?#]*@)?([^/?#]*)(.*)$/s;
/** What only tells several servers apart. */
const WANTED = /([?&])target_session_attrs=[^&#]*&?/;

/** An address of each server that is named, in their order; of one server it is the address as it stands. */
export function eachServer(url: string): string[] {
  const [, scheme = '', login = '', servers = '', rest = ''] = PARTS.exec(url) ?? [];
  if (!servers.includes(',')) return [url];
  const path = rest.replace(WANTED, '$1').replace(/[?&]$/, '');
  return servers.split(',').map((server) => `${scheme}${login}${server}${path}`);
}

/** The kind of server that an address asks for; undefined: any that writes. */
export const wantedServer = (url: string): string | undefined =>
  /[?&]target_session_attrs=([^&#]*)/.exec(url)?.[1];

/** One address again, of servers that differ in nothing else. */
export function ofServers(urls: readonly string[]): string {
  const [first = ''] = urls;
  const [, scheme = '', login = '', , rest = ''] = PARTS.exec(first) ?? [];
  return `${scheme}${login}${urls.map((url) => PARTS.exec(url)?.[3] ?? '').join(',')}${rest}`;
}
