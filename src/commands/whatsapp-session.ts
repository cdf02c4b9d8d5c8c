/**
 * Linking the WhatsApp number.
 *
 * Invariants: nothing is linked while another process holds the socket; what a QR code or a pairing code says is
 * shown to the operator and stands nowhere else.
 */
import { renderUnicodeCompact } from 'uqr';
import { createEpochs } from '../app/epochs.ts';
import { createStagedMessages, createWhatsappSession, type SessionParts } from '../app/whatsapp-session.ts';
import { isLinked } from '../channels/whatsapp/auth-state.ts';
import { Connection, type ConnectionStatus } from '../channels/whatsapp/connection.ts';
import { Staging } from '../channels/whatsapp/staging.ts';
import { databaseClock } from '../db/clock.ts';
import { createLease } from '../db/lease.ts';
import { waitingStaged } from '../db/whatsapp-session.ts';
import { LakanaError } from '../kernel/errors.ts';
import { captureConsole, createLog } from '../kernel/log.ts';
import { minutes } from '../kernel/time.ts';
import type { Result } from './command.ts';
import type { Server } from './server.ts';

export type PairOptions = { code?: string; json?: boolean };

const WITHIN = minutes(5);

const HANDSET = [
  'The handset that owns the number keeps every message in the clear. So:',
  '  - lock it away, with a PIN that only two people know; never hand it on or sell it',
  '  - switch disappearing messages on in WhatsApp (Settings, Privacy, Default message timer: 24 hours)',
  '  - no backup of chats (Settings, Chats, Chat backup: never), no preview of notifications',
  '  - set a PIN for the number itself (Settings, Account, Two-step verification)',
  '  - switch it on once a week: WhatsApp unlinks us after 14 days without it',
];

/** Shows what the handset must scan or type, and resolves once the number is linked. */
export async function pair(server: Server, { code, json }: PairOptions): Promise<Result> {
  const { config, database } = server;
  const number = code?.replace(/[^\d]/g, '');
  if (number !== undefined && !/^[1-9]\d{6,14}$/.test(number))
    throw new LakanaError('bad_number', '--code wants a number with its country, like +22370000000');
  const parts = partsOf(server);
  const store = createWhatsappSession(parts);
  const log = createLog('silent');
  const release = captureConsole(log);
  const lease = createLease(database.db, 'whatsapp', { log });
  await lease.start();
  try {
    if (!lease.isHeld())
      throw new LakanaError(
        'busy',
        'another process holds the WhatsApp connection: stop it, or wait 15 seconds',
      );
    // Asked while nobody else can link one.
    if (await isLinked(store))
      throw new LakanaError(
        'linked',
        'a number is linked already: npx lakana whatsapp unlink, to link another',
      );
    // An earlier try that was given up leaves half a session.
    await store.clear();
    await link(json === true, number, (hears) => {
      const socketUrl = config.whatsapp?.socketUrl;
      return new Connection({
        store,
        lease,
        log,
        staging: new Staging(createStagedMessages(parts)),
        ...(socketUrl ? { socketUrl } : {}),
        ...hears,
      });
    });
  } finally {
    await lease.stop();
    release();
  }
  return {
    text: ['✓ The number is linked. A running service connects within seconds.', '', ...HANDSET].join('\n'),
    json: { linked: true },
    isLine: true,
  };
}

function partsOf({ database, keyring }: Server): SessionParts {
  return { db: database.db, keyring, epochs: createEpochs(database.db, keyring), clock: databaseClock };
}

type Make = (parts: { onQr(text: string): void; onStatus(status: ConnectionStatus): void }) => Connection;

/** Resolves once the number is linked and the connection was open. */
async function link(isJson: boolean, number: string | undefined, make: Make): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let hasAsked = false;
  const ask = async (wanted: string): Promise<void> => {
    if (hasAsked) return;
    hasAsked = true;
    const letters = await connection.linking?.requestPairingCode(wanted);
    if (letters)
      show(isJson, { code: letters }, `On the handset: Linked devices, Link with phone number: ${letters}`);
  };
  const connection = make({
    onQr(text) {
      if (number) return void ask(number).catch(reject);
      const drawn = `${renderUnicodeCompact(text)}\nOn the handset: Settings, Linked devices, Link a device, and scan.`;
      show(isJson, { qr: text }, drawn);
    },
    onStatus({ is, because }) {
      if (is === 'open') resolve();
      if (is === 'stopped')
        reject(
          new LakanaError('refused', `WhatsApp refused (${because}): try again, or with another number`),
        );
    },
  });
  const tooLate = setTimeout(
    () => reject(new LakanaError('not_scanned', 'nobody scanned within 5 minutes: run this again')),
    WITHIN,
  );
  connection.start();
  try {
    await promise;
  } finally {
    clearTimeout(tooLate);
    await connection.stop();
  }
}

/** One line of JSON each, or words. */
function show(isJson: boolean, data: object, words: string): void {
  process.stdout.write(isJson ? `${JSON.stringify(data)}\n` : `\n${words}\n`);
}

export async function status(server: Server): Promise<Result> {
  const { config, database } = server;
  const linked = await isLinked(createWhatsappSession(partsOf(server)));
  const queue = (await waitingStaged(database.db, 1_000)).length;
  const lines = [
    config.whatsapp ? '✓ WHATSAPP is on' : '! WHATSAPP is off: set WHATSAPP=on',
    linked ? '✓ a number is linked' : '! no number is linked: npx lakana whatsapp pair',
    `  ${queue} messages wait to be handled`,
    '  whether it is connected now: /readyz of the running service, "channel whatsapp"',
  ];
  return { text: lines.join('\n'), json: { on: config.whatsapp !== undefined, linked, queue } };
}

export async function unlink(server: Server): Promise<Result> {
  const { database } = server;
  const [held] =
    await database.sql`select 1 from leases where name = 'whatsapp' and until > clock_timestamp()`;
  if (held)
    throw new LakanaError(
      'busy',
      'the service is connected: stop it first, then unlink, then start it again',
    );
  await createWhatsappSession(partsOf(server)).clear();
  return {
    text: '✓ The session is forgotten. On the handset: Settings, Linked devices, and log the old one out.',
    json: { unlinked: true },
  };
}
