/** A PostgreSQL of the operator's own, asked for in parts, so that no password has to be encoded by hand. */
import postgres from 'postgres';
import { verifiedAt } from '../../db/connection-options.ts';
import { programs } from '../../db/postgres-programs.ts';
import { whyNoDatabase } from '../../db/why-not.ts';
import { type Asking, askUntil, askYes } from './asking.ts';

export type Login = { host: string; port: string; name: string; user: string; password: string };

/** The address, with every sign of user and password in a form that no library reads otherwise. */
export function databaseUrl({ host, port, name, user, password }: Login): string {
  const part = (text: string) =>
    encodeURIComponent(text).replaceAll(
      /[!'()*]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const place = host.includes(':') ? `[${host}]` : host;
  return `postgres://${part(user)}:${part(password)}@${place}:${port}/${part(name)}`;
}

/** `{}`: the one that comes along. `wrong`: what the setting's own check says. */
export async function askDatabase(
  asking: Asking,
  wrong: (url: string) => string | undefined,
): Promise<Record<string, string>> {
  const own = await programs().catch((error: Error) => error);
  if (own instanceof Error) asking.say(`! ${own.message}`);
  else if (!(await askYes(asking, 'Is there a PostgreSQL of your own for it? If not, one comes along')))
    return {};
  for (;;) {
    const url = databaseUrl(await askLogin(asking));
    const why = wrong(url) ?? (await whyItDoesNot(url));
    if (why === undefined) return { DATABASE_URL: url };
    asking.say(`✗ ${why}`);
    if (await askYes(asking, 'Keep it all the same, because it comes later?')) return { DATABASE_URL: url };
  }
}

async function askLogin(asking: Asking): Promise<Login> {
  const some = (said: string) => (said === '' ? 'Nothing was given.' : undefined);
  const host = await askUntil(asking, 'Its machine, by name or address', (said) =>
    /^[\w.:-]+$/.test(said) ? undefined : 'Give a name like db.example.org, or an address, and nothing else.',
  );
  const port = await askUntil(asking, 'Its port (Enter: 5432)', (said) =>
    said === '' || (/^\d{1,5}$/.test(said) && Number(said) > 0 && Number(said) < 65_536)
      ? undefined
      : 'Give a number from 1 to 65535.',
  );
  const name = await askUntil(asking, 'Name of the database, a new and empty one', some);
  const user = await askUntil(asking, 'User (no superuser)', some);
  const password = await askUntil(asking, 'Password, as it is: every sign may stand in it', some);
  return { host, port: port || '5432', name, user, password };
}

const WITHIN_SECONDS = 5;

/** Tries it; undefined: PostgreSQL answers and lets us in. */
async function whyItDoesNot(url: string): Promise<string | undefined> {
  const sql = postgres(url, {
    ...verifiedAt(url),
    max: 1,
    onnotice: () => {},
    fetch_types: false,
    connect_timeout: WITHIN_SECONDS,
  });
  try {
    await sql`select 1`;
    return undefined;
  } catch (error) {
    const why = whyNoDatabase(error);
    // Here signs are typed as they are, whatever the setting's own mend says of them.
    const mend = why?.mend.startsWith('set the user') ? 'type both anew, as they are' : why?.mend;
    return why ? `It ${why.problem}: ${mend}` : 'It does not answer.';
  } finally {
    await sql.end({ timeout: 1 });
  }
}
