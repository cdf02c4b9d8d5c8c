/** The service, put together: parts by name, start, stop in reverse. `src/main.ts` runs it, and so do tests. */
import { fileURLToPath } from 'node:url';
import { bindEarlierCases } from '../app/bound-case.ts';
import { vouchForEarlierMembers } from '../app/console/vouched-rows.ts';
import type { Context } from '../app/context.ts';
import { sendRoot } from '../app/daily-root.ts';
import { sendDigest } from '../app/digest.ts';
import { runScheduledDrill } from '../app/drill.ts';
import { createEpochs } from '../app/epochs.ts';
import { storeEvidence } from '../app/evidence.ts';
import { createFates } from '../app/fates.ts';
import { forget } from '../app/forget.ts';
import { warnOfGaps } from '../app/gap-warnings.ts';
import { createIntake } from '../app/intake.ts';
import { createJobs } from '../app/jobs.ts';
import { type FlowContent, loadFlows } from '../app/load-flows.ts';
import { createMetrics } from '../app/metrics.ts';
import { createProbes } from '../app/probes.ts';
import { createReceiptCodes } from '../app/receipt-codes.ts';
import { createTimeGuard } from '../app/time-guard.ts';
import { transact } from '../app/transaction.ts';
import { createUnsaved } from '../app/unsaved.ts';
import { createTriage, whysOf } from '../cases/triage.ts';
import type { Config } from '../config.ts';
import { parseKeyring } from '../crypto/keyring.ts';
import { type DatabaseClock, databaseClock } from '../db/clock.ts';
import { createDiskRoom } from '../db/disk-room.ts';
import { createHttpApp } from '../http/app.ts';
import { createProxyWatch } from '../http/proxy-watch.ts';
import type { Log } from '../kernel/log.ts';
import { createBeat } from './beat.ts';
import { createChanges } from './changes.ts';
import { createChannels } from './channels.ts';
import { createCycles } from './cycles.ts';
import { createReadiness } from './readiness.ts';
import { roomOf } from './room.ts';
import { openStore } from './store.ts';
import { enrolSimulatedOfficer, trialKeys } from './trial.ts';
import { createWatchdog } from './watchdog.ts';

export type Service = {
  /** Where it listens. */
  url: string;
  ctx: Context;
  /** Takes nothing new, finishes what it holds, stops. */
  stop(): Promise<void>;
};

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** What only tests bring: what tells the time (`stopwatch`: milliseconds that never jump), and flows that are read already. */
type Given = { clock: DatabaseClock; stopwatch: () => number; content?: FlowContent };

/** Where the console stands. Passkeys belong to a name: without a public one, to this machine's. */
function siteOf({ publicUrl }: Config, url: string): { origin: string; rpId: string } {
  const { origin, hostname } = new URL(publicUrl ?? `http://localhost:${new URL(url).port}`);
  return { origin, rpId: hostname };
}

/** The project's own flows and texts, for these languages. */
export function readContent(config: Pick<Config, 'languages' | 'defaultLanguage'>): Promise<FlowContent> {
  return loadFlows({ flows: `${PROJECT}/flows`, locales: `${PROJECT}/locales` }, config);
}

/** Starts everything; rejects with a `LakanaError` that says what is wrong. */
export async function startService(
  config: Config,
  log: Log,
  { clock, stopwatch, content: read }: Given = { clock: databaseClock, stopwatch: () => performance.now() },
): Promise<Service> {
  const started = performance.now();
  const keys = config.keys ?? (await trialKeys(config.dataDir));
  const keyring = parseKeyring(keys.serverKey);
  const content = read ?? (await readContent(config));
  const store = await openStore(config, log);
  const { database } = store;
  const { db } = database;
  const epochs = createEpochs(store.aside.db, keyring);
  const session = { db, keyring, epochs, clock };
  const channels = await createChannels(config, session, content.texts, log);
  const jobs = createJobs({
    url: store.url,
    timeZone: config.timeZone,
    ...(config.drill ? { drill: config.drill } : {}),
    log,
  });
  const metrics = createMetrics();
  const probes = createProbes({ channels: channels.all, log, metrics });
  const changes = createChanges();
  const stopHearing = await database.listen('lakana_wake', changes.tell);
  const cycles = createCycles(database, () => ctx, probes);
  const unsaved = createUnsaved({ channels: channels.all, texts: content.texts, ...config });
  const room = roomOf(config);
  const diskRoom = createDiskRoom(db, room.of, room.reserve);
  const { flows, texts, triageRules } = content;
  const { timeZone, languages, defaultLanguage, alertDetail, floodPerMinute } = config;
  const ctx: Context = {
    db,
    clock,
    keyring,
    epochs,
    team: { group: 'team', recipient: keys.recipient },
    texts,
    triageWhys: whysOf(triageRules),
    conversation: { flows, texts, lists: flows.lists, timeZone, triage: createTriage(triageRules, flows) },
    channels: channels.all,
    settings: {
      timeZone,
      languages,
      defaultLanguage,
      alertDetail,
      floodPerMinute,
      ...(config.files ? { files: config.files } : {}),
      ...(config.outsideContact ? { outsideContact: config.outsideContact } : {}),
      ...(config.publicUrl ? { consoleUrl: new URL('/console/', config.publicUrl).href } : {}),
    },
    log,
    metrics,
    jobs,
    receiptCodes: createReceiptCodes(keyring),
    unsaved,
    diskRoom,
    nudge(which) {
      cycles.nudge(which);
      changes.tell();
    },
  };

  await transact(ctx, bindEarlierCases);
  await transact(ctx, vouchForEarlierMembers);
  const beat = await createBeat(ctx, config.mode);
  const guard = createTimeGuard({ ...beat.found, log, stopwatch });
  const receive = createIntake(ctx);
  const fates = createFates(ctx);
  await jobs.start({
    fetchEvidence: (id, isLastTry, stop) => storeEvidence(ctx, id, isLastTry, { stop }),
    forget: () => forget(ctx, guard),
    drill: async () => void (await runScheduledDrill(ctx)),
    gaps: async () => void (await warnOfGaps(ctx)),
    digest: async () => {
      await sendDigest(ctx, await ctx.clock.now(ctx.db));
      await sendRoot(ctx, await ctx.clock.now(ctx.db));
    },
  });
  await cycles.start(guard);
  let url = '';
  const { trustedProxy: trusted } = config;
  const watch = createProxyWatch(trusted, (is) => log.warn('proxy_trouble', { is }));
  const http = await createHttpApp({
    log,
    readiness: createReadiness(ctx, cycles, probes, watch),
    // Whoever gives an address for outside has something in front that ends TLS.
    proxy: { trusted, watch, isExpected: trusted !== undefined || config.publicUrl !== undefined },
    metricsToken: config.metricsToken?.reveal(),
    metrics: { registry: ctx.metrics.registry, isPublic: config.isMetricsPublic },
    ...(channels.telegram
      ? {
          telegramWebhook: {
            isTelegram: channels.telegram.isTelegram,
            handle: channels.telegram.handleWebhook,
          },
        }
      : {}),
    ...(channels.simulator
      ? { simulator: { channel: channels.simulator, webRoot: `${PROJECT}/dist/web` } }
      : {}),
    console: {
      ctx,
      site: () => siteOf(config, url),
      onChange: changes.onChange,
      news: changes.word,
      root: `${PROJECT}/dist/console`,
    },
  });
  const watchdog = createWatchdog(ctx, cycles, probes, config.heartbeatUrl?.reveal());
  url = await http.listen({ host: config.host, port: config.port });
  channels.lease?.start();
  for (const channel of channels.all.values()) await channel.start(receive, fates.note);
  if (channels.simulator) await enrolSimulatedOfficer(ctx, receive);
  log.info('service_started', {
    mode: config.mode,
    port: Number(new URL(url).port),
    ms: Math.round(performance.now() - started),
  });

  return {
    url,
    ctx,
    async stop() {
      const stopping = performance.now();
      await Promise.all([...channels.all.values()].map((channel) => channel.stop()));
      await watchdog.stop();
      changes.stop();
      await stopHearing();
      await http.close();
      await channels.lease?.stop();
      await jobs.stop();
      await cycles.stop();
      await fates.stop();
      await beat.stop();
      await store.close();
      log.info('service_stopped', { ms: Math.round(performance.now() - stopping) });
    },
  };
}
