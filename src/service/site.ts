import type { Site } from '../app/members/passkeys.ts';
import type { Config } from '../config.ts';

/** Where the console stands. Passkeys belong to a name: without a public one, to this machine's. */
export function siteOf({ publicUrl, mode }: Pick<Config, 'publicUrl' | 'mode'>, url: string): Site {
  const { origin, hostname } = new URL(publicUrl ?? `http://localhost:${new URL(url).port}`);
  return { origin, rpId: hostname, isOnlyHere: mode === 'live' && publicUrl === undefined };
}
