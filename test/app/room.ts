/** What tests of use cases share: a database of their own, a clock moved by hand, real keys, real texts. */
import { randomUUID } from 'node:crypto';
import { arrivalOf } from '../../src/app/ground/addresses.ts';
import type { Context } from '../../src/app/ground/context.ts';
import { createEpochs } from '../../src/app/ground/epochs.ts';
import { loadFlows } from '../../src/app/ground/load-flows.ts';
import { createMetrics } from '../../src/app/ground/metrics.ts';
import { createReceiptCodes } from '../../src/app/ground/receipt-codes.ts';
import { type Moment, transact } from '../../src/app/ground/transaction.ts';
import { createTriage, whysOf } from '../../src/cases/triage.ts';
import type { Channel, IncomingMessage } from '../../src/channels/channel.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { arrive } from '../../src/db/arrivals.ts';
import { fixedClock } from '../../src/db/clock.ts';
import type { ContactId } from '../../src/kernel/ids.ts';
import { createLog } from '../../src/kernel/log.ts';
import type { ChannelKind } from '../../src/kernel/vocabulary.ts';
import { CHEAP_CODES } from '../cheap-codes.ts';
import { createTestDatabase } from '../database.ts';

const START = new Date('2026-11-24T14:00:00Z');

export type RoomOptions = {
  alertDetail?: 'level' | 'region';
  /** Default English. */
  language?: string;
  /** Default: none. */
  channels?: readonly Channel[];
  /** Default 30. */
  floodPerMinute?: number;
  /** Connections to the database at most. */
  max?: number;
};

/** The project's flows and texts, read once a file: rooms only read them. */
const flowsOf = new Map<string, ReturnType<typeof loadFlows>>();
function flowsIn(defaultLanguage: string): ReturnType<typeof loadFlows> {
  const folders = { flows: 'flows', locales: 'locales' };
  const loading = flowsOf.get(defaultLanguage) ?? loadFlows(folders, { defaultLanguage, missing: 'throw' });
  flowsOf.set(defaultLanguage, loading);
  return loading;
}

export async function openRoom(options: RoomOptions = {}) {
  const database = await createTestDatabase(options.max ? { max: options.max } : {});
  const keyring = parseKeyring(generateKeyringFile());
  const clock = fixedClock(START);
  const defaultLanguage = options.language ?? 'en';
  const content = await flowsIn(defaultLanguage);
  const team = await createTeamKey();
  const ctx: Context = {
    db: database.db,
    clock,
    keyring,
    epochs: createEpochs(database.db, keyring),
    team: { group: 'team', recipient: team.recipient },
    texts: content.texts,
    triageWhys: whysOf(content.triageRules),
    conversation: {
      flows: content.flows,
      texts: content.texts,
      lists: content.flows.lists,
      triage: createTriage(content.triageRules, content.flows),
      timeZone: 'Africa/Bamako',
    },
    channels: new Map<ChannelKind, Channel>((options.channels ?? []).map((each) => [each.kind, each])),
    settings: {
      timeZone: 'Africa/Bamako',
      languages: content.texts.languages,
      defaultLanguage,
      alertDetail: options.alertDetail ?? 'level',
      floodPerMinute: options.floodPerMinute ?? 30,
    },
    log: createLog('silent'),
    metrics: createMetrics(),
    jobs: { fetchEvidence: async () => {}, hurryEvidence: async () => {} },
    receiptCodes: createReceiptCodes(keyring, undefined, CHEAP_CODES),
    unsaved: { tell: async () => {}, databaseAnswers: () => {} },
    nudge: () => {},
  };

  const inside = <T>(work: (at: Moment) => Promise<T>): Promise<T> => transact(ctx, work);

  return {
    ctx,
    clock,
    database,
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
