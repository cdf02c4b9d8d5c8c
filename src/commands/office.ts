/** The office's own commands: they do what the running service would do, on its database, and wake it afterwards. */
import type { Context } from '../app/ground/context.ts';
import { createEpochs } from '../app/ground/epochs.ts';
import { createMetrics } from '../app/ground/metrics.ts';
import { createReceiptCodes } from '../app/ground/receipt-codes.ts';
import { type Moment, transact } from '../app/ground/transaction.ts';
import { createTriage, whysOf } from '../cases/triage.ts';
import type { Channel, SendResult } from '../channels/channel.ts';
import { createSendOnly } from '../channels/send-only.ts';
import type { Config } from '../config.ts';
import { databaseClock } from '../db/clock.ts';
import type { ChannelKind } from '../kernel/vocabulary.ts';
import { pagingChannels } from '../service/channels.ts';
import { projectFlows } from './flows.ts';
import { type Server, withServer } from './server.ts';

export type Office = {
  ctx: Context;
  server: Server;
  transact<T>(work: (at: Moment) => Promise<T>): Promise<T>;
};

/** Runs `work` with what use cases need; nothing is sent from here, the service sends what is queued. */
export function withOffice<T>(work: (office: Office) => Promise<T>): Promise<T> {
  return withServer(async (server) => {
    const ctx = await officeContext(server);
    const result = await work({
      ctx,
      server,
      transact: (inside) => transact(ctx, inside),
    });
    await server.database.notify('lakana_wake');
    return result;
  });
}

const nothingLeaves = async (): Promise<SendResult> => ({
  ok: false,
  reason: 'unreachable',
  code: 'not_the_service',
});
/** Channels that say what they can do, and send nothing. */
const unopened = (config: Config): Channel[] => [
  ...config.everyMessenger.map(({ kind, can }) =>
    createSendOnly(kind, { can: { isOneWay: false, ...can }, send: nothingLeaves }),
  ),
  createSendOnly('push', { can: { isForPagesOnly: true }, send: nothingLeaves }),
];

async function officeContext({ config, database, keyring, recipient, log }: Server): Promise<Context> {
  const { flows, texts, triageRules } = await projectFlows();
  const { timeZone, languages, defaultLanguage, alertDetail, floodPerMinute } = config;
  const channels = new Map<ChannelKind, Channel>();
  // What they can do decides what is queued; sending is the service's work.
  for (const channel of [...unopened(config), ...(await pagingChannels(config))])
    channels.set(channel.kind, channel);
  return {
    db: database.db,
    clock: databaseClock,
    keyring,
    epochs: createEpochs(database.db, keyring),
    team: { group: 'team', recipient },
    texts,
    triageWhys: whysOf(triageRules),
    conversation: { flows, texts, lists: flows.lists, timeZone, triage: createTriage(triageRules, flows) },
    channels,
    settings: {
      timeZone,
      languages,
      defaultLanguage,
      alertDetail,
      floodPerMinute,
      ...(config.outsideContact ? { outsideContact: config.outsideContact } : {}),
      ...(config.publicUrl ? { consoleUrl: new URL('/console/', config.publicUrl).href } : {}),
    },
    log,
    metrics: createMetrics(),
    jobs: { fetchEvidence: async () => undefined, hurryEvidence: async () => undefined },
    receiptCodes: createReceiptCodes(keyring),
    unsaved: { tell: async () => undefined, databaseAnswers: () => undefined },
    nudge: () => undefined,
  };
}
