/** The office's own commands: they do what the running service would do, on its database, and wake it afterwards. */
import { type Context, createContext } from '../app/ground/context.ts';
import { type Moment, transact } from '../app/ground/transaction.ts';
import { readBench, rememberTexts } from '../app/texts/bench.ts';
import type { SeenTexts } from '../app/texts/seen.ts';
import type { Channel, SendResult } from '../channels/channel.ts';
import { createSendOnly } from '../channels/send-only.ts';
import type { Config } from '../config.ts';
import { pagingChannels } from '../service/channels.ts';
import { projectFlows } from '../service/own-content.ts';
import { seenTextsIn } from '../service/seen-texts.ts';
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
    await server.database.notify('lakana_list');
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

const officeContext = ({ config, database, keyring, recipient, log }: Server): Promise<Context> =>
  officeContextOn({
    config,
    db: database.db,
    keyring,
    recipient,
    log,
    seen: seenTextsIn(config.dataDir, keyring),
  });

/** What use cases need, on any connection: what is queued is for the service. */
export async function officeContextOn({
  config,
  seen,
  ...given
}: Pick<Server, 'config' | 'keyring' | 'recipient'> & {
  db: Server['database']['db'];
  log?: Server['log'];
  /** What this machine saw of texts; absent: nothing, in the middle of a restore. */
  seen?: SeenTexts;
}): Promise<Context> {
  const ctx = createContext({
    ...given,
    content: await projectFlows(),
    settings: config,
    // What they can do decides what is queued; sending is the service's work.
    channels: [...unopened(config), ...(await pagingChannels(config))],
  });
  // What the service says, it says too.
  if (seen) rememberTexts(ctx, seen);
  await readBench(ctx, ctx.db);
  return ctx;
}
