import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../src/config.ts';
import { Secret } from '../src/kernel/secret.ts';
import { MESSENGERS } from '../src/messengers/list.ts';
import type { WhatsappSettings } from '../src/messengers/whatsapp/settings.ts';

/** A live service on this database, without any channel yet. */
export function liveConfig(databaseUrl: string, keys: NonNullable<Config['keys']>): Config {
  return {
    mode: 'live',
    // Holds no more than the note of what this key has signed.
    dataDir: join(tmpdir(), 'lakana-live-tests'),
    databaseUrl: new Secret(databaseUrl),
    host: '127.0.0.1',
    port: 0,
    logLevel: 'info',
    keys,
    languages: ['fr', 'en'],
    isUnreviewedOffered: false,
    unchecked: 'hidden',
    defaultLanguage: 'fr',
    alertDetail: 'region',
    timeZone: 'Africa/Bamako',
    floodPerMinute: 1_000,
    isMetricsPublic: false,
    everyMessenger: MESSENGERS,
    messengers: [],
  };
}

/** WhatsApp at this server, at a pace that is no matter. */
export const whatsappAt = (socketUrl: string): WhatsappSettings => ({
  socketUrl,
  disappearAfter: 86_400,
  perMinute: 10_000,
});

/** The same for a service that is its own process, with the files of its keys in `folder`. */
export function liveEnvironment(
  folder: string,
  databaseUrl: string,
  whatsapp: { url: string; root: string },
): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    DATA_DIR: `${folder}/data`,
    PORT: '0',
    LOG_LEVEL: 'silent',
    WHATSAPP: 'on',
    WHATSAPP_PER_MINUTE: '10000',
    WHATSAPP_SOCKET_URL: whatsapp.url,
    FAKE_WHATSAPP: whatsapp.root,
    SERVER_KEY_FILE: `${folder}/server.key`,
    TEAM_RECIPIENT_FILE: `${folder}/team.pub`,
    FLOOD_PER_MINUTE: '10000',
  };
}
