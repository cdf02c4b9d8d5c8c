/** The operator's office: a database, a WhatsApp with the handset of the number, and the commands in this process. */

import type { Result } from '../../src/commands/command.ts';
import type { Config } from '../../src/config.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { databaseClock } from '../../src/db/clock.ts';
import type { LakanaError } from '../../src/kernel/errors.ts';
import { captureConsole, createLog } from '../../src/kernel/log.ts';
import { wanted } from '../../src/messengers/messenger.ts';
import { type PairOptions, pair } from '../../src/messengers/whatsapp/pair.ts';
import type { WhatsappServer } from '../../src/messengers/whatsapp/server.ts';
import { status } from '../../src/messengers/whatsapp/status.ts';
import { unlink } from '../../src/messengers/whatsapp/unlink.ts';
import { whatsapp as whatsappEntry } from '../../src/messengers/whatsapp/whatsapp.ts';
import { createTestDatabase } from '../database.ts';
import { Changes } from '../fakes/whatsapp/changes.ts';
import { trust } from '../fakes/whatsapp/trust.ts';
import { startFakeWhatsApp } from '../fakes/whatsapp/whatsapp.ts';
import { liveConfig, whatsappAt } from '../live-config.ts';

export type Office = Awaited<ReturnType<typeof openOffice>>;

export async function openOffice() {
  const [database, whatsapp, team] = await Promise.all([
    createTestDatabase(),
    startFakeWhatsApp(),
    createTeamKey(),
  ]);
  const distrust = trust(whatsapp.credentials);
  const release = captureConsole(createLog('silent'));
  const serverKey = generateKeyringFile();
  const keyring = parseKeyring(serverKey);
  // A file that goes silent is not waited for as long as in service.
  const impatient = { ...whatsappAt(whatsapp.url), filePatience: { silence: 500 } };
  const config: Config = {
    ...liveConfig(database.url, { serverKey, recipient: team.recipient }),
    messengers: [wanted(whatsappEntry, impatient)],
  };
  const server = async (): Promise<WhatsappServer> => {
    const now = await databaseClock.now(database.db);
    const { timeZone } = config;
    return { own: impatient, timeZone, database, keyring, now, log: createLog('silent') };
  };

  return {
    database,
    whatsapp,
    config,
    keyring,
    /** Content of the server's key file. */
    serverKey,
    team,
    /** Runs `pair` until it has ended; what it says is heard line by line. */
    pairs(options: PairOptions = {}) {
      const changes = new Changes();
      const stopping = new AbortController();
      let said = '';
      const say = (text: string) => {
        said += text;
        changes.changed();
      };
      const ended = server()
        .then((each) => pair(each, options, { say, signal: stopping.signal }))
        .then(
          (_done: Result) => ({ code: 'done', words: '' }),
          ({ code, message }: LakanaError) => ({ code, words: message }),
        );
      const lines = <T>(key: string): T[] =>
        said.split('\n').flatMap((line) => (line.startsWith(`{"${key}"`) ? [JSON.parse(line)[key]] : []));
      const nth = <T>(key: string, n: number) =>
        changes.until(
          () => lines<T>(key)[n - 1],
          () => said,
        );
      return {
        ended,
        said: () => said,
        /** The nth QR text, or letters, that are shown with `--json`. */
        qr: (n = 1) => nth<string>('qr', n),
        letters: (n = 1) => nth<string>('code', n),
        says: (words: string) =>
          changes.until(
            () => said.includes(words),
            () => said,
          ),
        stops: () => stopping.abort(),
      };
    },
    status: async () => status(await server()),
    unlinks: async (options: { standby?: boolean } = {}) => unlink(await server(), options),
    /** Rows of the session: nothing half done is none. */
    session: () => database.sql`select 1 from whatsapp_session`,
    async close(): Promise<void> {
      distrust();
      release();
      await whatsapp.close();
      await database.close();
    },
  };
}
