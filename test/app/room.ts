/** What tests of use cases share: a database of their own, a clock moved by hand, real keys, real texts. */
import { randomUUID } from 'node:crypto';
import { type Moment, transact } from '../../src/app/ground/transaction.ts';
import { arrivalOf } from '../../src/app/keys/addresses.ts';
import type { Channel, IncomingMessage } from '../../src/channels/channel.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { arrive } from '../../src/db/arrivals.ts';
import type { ContactId } from '../../src/kernel/ids.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { fixedClock } from '../fixed-clock.ts';
import { testContext } from './context.ts';

const START = new Date('2026-11-24T14:00:00Z');

export type RoomOptions = {
  alertDetail?: 'level' | 'region';
  /** Default English. */
  language?: string;
  /** Default: none. */
  channels?: readonly Channel[];
  /** Default 30. */
  floodPerMinute?: number;
  /** When the story begins; default a day in November. */
  start?: Date;
  /** Closed with the room. Default: a fresh clone of the template. */
  database?: TestDatabase;
  /** Connections to the database at most. */
  max?: number;
  /** The file of the server's keys; default: fresh ones. */
  serverKey?: string;
};

/** The team of all rooms: a pair of keys takes ten milliseconds of computing. */
let keys: ReturnType<typeof createTeamKey> | undefined;

export async function openRoom(options: RoomOptions = {}) {
  const database = options.database ?? (await createTestDatabase(options.max ? { max: options.max } : {}));
  const serverKey = options.serverKey ?? generateKeyringFile();
  const keyring = parseKeyring(serverKey);
  const clock = fixedClock(options.start ?? START);
  keys ??= createTeamKey();
  const team = await keys;
  const { language = 'en', channels = [], alertDetail, floodPerMinute } = options;
  const ctx = await testContext({
    db: database.db,
    keyring,
    recipient: team.recipient,
    settings: {
      defaultLanguage: language,
      ...(alertDetail ? { alertDetail } : {}),
      ...(floodPerMinute ? { floodPerMinute } : {}),
    },
    channels,
    clock,
  });

  const inside = <T>(work: (at: Moment) => Promise<T>): Promise<T> => transact(ctx, work);

  return {
    ctx,
    clock,
    database,
    /** The file of the keys with which all is sealed here. */
    serverKey,
    team,
    inside,
    /** A person on Telegram, with an address of their own unless one is given. */
    async newContact(address: string = randomUUID()): Promise<ContactId> {
      const hello: IncomingMessage = {
        channel: 'telegram',
        id: randomUUID(),
        address,
        content: { kind: 'text', text: '' },
      };
      const { contact } = await inside(({ tx, now }) => arrive(tx, now, arrivalOf(ctx, hello)));
      return contact.id;
    },
    close: () => database.close(),
  };
}
