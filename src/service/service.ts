/** The service, put together: parts by name, start, stop in reverse. `run.ts` runs it, and so do tests. */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { runScheduledDrill } from '../app/alerts/drill.ts';
import { createArriving, doMarked, isWork } from '../app/alerts/marked-work.ts';
import { sendDigest } from '../app/duty/digest.ts';
import { warnOfGaps } from '../app/duty/gap-warnings.ts';
import { isDigestDue, lastAppointed } from '../app/ground/appointed-hours.ts';
import { type Context, createContext, type Running } from '../app/ground/context.ts';
import { createUnsaved } from '../app/ground/during-outage.ts';
import { createEpochs } from '../app/ground/epochs.ts';
import { createJobs } from '../app/ground/jobs.ts';
import { type FlowContent, loadFlows } from '../app/ground/load-flows.ts';
import { createMetrics } from '../app/ground/metrics.ts';
import { createReceiptCodes, type Hashing } from '../app/ground/receipt-codes.ts';
import { createTimeGuard } from '../app/ground/time-guard.ts';
import { createUnderWay } from '../app/ground/under-way.ts';
import { createBacklog } from '../app/intake/backlog.ts';
import { createIntake } from '../app/intake/intake.ts';
import { createFetching } from '../app/reporters/ended-tries.ts';
import { forget } from '../app/reporters/forget.ts';
import { createFates } from '../app/sending/after-sending.ts';
import { sendRoot } from '../app/watch/daily-root.ts';
import { countSuspects, tellFalls } from '../app/watch/falls.ts';
import { createProbes } from '../app/watch/probes.ts';
import type { Config } from '../config.ts';
import { parseKeyring } from '../crypto/keyring.ts';
import { type DatabaseClock, databaseClock } from '../db/clock.ts';
import { createDiskRoom } from '../db/disk-room.ts';
import { createHttpApp } from '../http/app.ts';
import { createProxyWatch } from '../http/proxy-watch.ts';
import type { Log } from '../kernel/log.ts';
import { hours } from '../kernel/time.ts';
import { keepingOf } from '../messengers/list.ts';
import { createBeat } from './beat.ts';
import { createChanges } from './changes.ts';
import { createChannels } from './channels.ts';
import { createCycles } from './cycles.ts';
import { beginWith } from './first-start.ts';
import type { Guarded } from './guarded.ts';
import { createReadiness } from './readiness.ts';
import { roomOf } from './room.ts';
import { openStore } from './store.ts';
import { createTeardown, type Teardown } from './teardown.ts';
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

/** What tests bring: what tells the time (`stopwatch`: milliseconds that never jump), flows that are read already, cheap codes. */
type Given = {
  clock?: DatabaseClock;
  stopwatch?: () => number;
  content?: FlowContent;
  hashing?: Hashing;
  /** What the process brings: its guardian, what stops everything that was started, and whether it is to stop. */
  guarded?: Guarded;
  teardown?: Teardown;
  stopping?: AbortSignal;
};

/** Where the console stands. Passkeys belong to a name: without a public one, to this machine's. */
function siteOf({ publicUrl }: Config, url: string): { origin: string; rpId: string } {
  const { origin, hostname } = new URL(publicUrl ?? `http://localhost:${new URL(url).port}`);
  return { origin, rpId: hostname };
}

/** The project's own flows and texts, and texts that messengers bring, for these languages. */
export function readContent(
  config: Pick<Config, 'languages' | 'defaultLanguage' | 'everyMessenger'>,
): Promise<FlowContent> {
  const locales = [`${PROJECT}/locales`, ...config.everyMessenger.flatMap((each) => each.locales ?? [])];
  return loadFlows({ flows: `${PROJECT}/flows`, locales }, config);
}

/** Starts everything; rejects with a `LakanaError` that says what is wrong. */
export async function startService(config: Config, log: Log, given: Given = {}): Promise<Service> {
  const teardown = given.teardown ?? createTeardown(log);
  try {
    return await start(config, log, { ...given, teardown });
  } catch (error) {
    // Nothing of a start that was refused is left running: no connection, no PostgreSQL.
    await teardown.run();
    throw error;
  }
}

async function start(config: Config, log: Log, given: Given & { teardown: Teardown }): Promise<Service> {
  const {
    clock = databaseClock,
    stopwatch = () => performance.now(),
    content: read,
    hashing,
    guarded,
    teardown,
  } = given;
  const started = performance.now();
  const keys = config.keys ?? (await trialKeys(config.dataDir));
  const keyring = parseKeyring(keys.serverKey);
  const content = read ?? (await readContent(config));
  const store = await openStore(config, log, teardown, given.stopping);
  const { database } = store;
  const { db } = database;
  const epochs = createEpochs(store.aside.db, keyring);
  const session = { db, keyring, epochs, clock };
  const underWay = createUnderWay(guarded, asMap(guarded?.found.suspects ?? []));
  const arriving = createArriving(keyring, underWay, () => ctx);
  const channels = await createChannels(config, { ...session, texts: content.texts, log, arriving });
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
  teardown.add(stopHearing);
  const cycles = createCycles(database, () => ctx, probes);
  const unsaved = createUnsaved({ channels: channels.all, texts: content.texts, ...config });
  const room = roomOf(config);
  const diskRoom = createDiskRoom(db, room.of, room.reserve);
  const running: Running = {
    clock,
    epochs,
    log,
    metrics,
    jobs,
    receiptCodes: createReceiptCodes(keyring, undefined, hashing),
    unsaved,
    underWay,
    diskRoom,
    nudge(which) {
      cycles.nudge(which);
      changes.tell();
    },
  };
  const ctx: Context = createContext({
    db,
    keyring,
    recipient: keys.recipient,
    content,
    settings: config,
    channels: channels.all.values(),
    ...running,
  });
  const { timeZone } = config;
  await beginWith({ ...ctx, ...config });
  const beat = await createBeat(ctx, config.mode);
  teardown.add(() => beat.stop());
  const guard = createTimeGuard({ ...beat.found, log, stopwatch });
  const messages = guarded?.found.suspects.filter(({ key }) => !isWork(key)) ?? [];
  underWay.learn(await countSuspects(ctx, messages));
  guarded?.counted();
  const backlog = createBacklog(ctx);
  const receive = createIntake(ctx, underWay, { backlog });
  const fates = createFates(ctx);
  teardown.add(() => fates.stop());
  teardown.add(() => cycles.stop());
  teardown.add(() => jobs.stop());
  const fetchEvidence = await createFetching(ctx, {
    guardian: guarded?.found.guardian ?? randomUUID(),
    isMessageSuspect: messages.length > 0,
  });
  const job = (name: string, work: () => Promise<unknown>): Promise<void> =>
    doMarked(ctx, 'job', name, { do: async () => void (await work()), park: async () => undefined });
  await jobs.start({
    fetchEvidence,
    forget: () => job('forget', () => forget(ctx, guard, keepingOf(config.everyMessenger))),
    drill: () =>
      job('drill', async () => {
        const dueAt = config.drill && lastAppointed(config.drill, await clock.now(db), timeZone);
        if (dueAt) await runScheduledDrill(ctx, dueAt);
      }),
    gaps: () => job('gaps', () => warnOfGaps(ctx)),
    digest: () =>
      job('digest', async () => {
        if (!isDigestDue(await clock.now(db), timeZone)) return;
        await sendDigest(ctx);
        await sendRoot(ctx);
      }),
  });
  await backlog.begin();
  await cycles.start(guard, () => backlog.catchUp(createIntake(ctx, underWay, { isKept: true })));
  let url = '';
  const { trustedProxy: trusted } = config;
  const watch = createProxyWatch(trusted, (is) => log.warn('proxy_trouble', { is }));
  const leases = channels.opened.flatMap(({ lease }) => lease ?? []);
  teardown.add(() => Promise.all(leases.map((lease) => lease.stop())));
  const http = await createHttpApp({
    log,
    readiness: createReadiness(ctx, cycles, probes, watch),
    // An operator who gives an address for outside has something in front that ends TLS.
    proxy: { trusted, watch, isExpected: trusted !== undefined || config.publicUrl !== undefined },
    metricsToken: config.metricsToken?.reveal(),
    metrics: { registry: ctx.metrics.registry, isPublic: config.isMetricsPublic },
    routes: channels.opened.flatMap(({ routes }) => routes ?? []),
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
  teardown.add(() => http.close());
  teardown.add(() => changes.stop());
  const fallsNow = () => fallsWithinHour(guarded?.found.falls ?? [], performance.now() - started);
  const watchdog = createWatchdog(ctx, cycles, probes, config.heartbeatUrl?.reveal(), fallsNow);
  teardown.add(() => watchdog.stop());
  url = await http.listen({ host: config.host, port: config.port });
  for (const lease of leases) void lease.start();
  teardown.add(() => Promise.all([...channels.all.values()].map((channel) => channel.stop())));
  for (const channel of channels.all.values()) await channel.start(receive, fates.note);
  if (channels.simulator) await enrolSimulatedOfficer(ctx, receive);
  log.info('service_started', {
    mode: config.mode,
    port: Number(new URL(url).port),
    ms: Math.round(performance.now() - started),
  });

  if (guarded) await tellOf(ctx, guarded);
  return { url, ctx, stop: () => teardown.run() };
}

/** What the guardian has to say of the runs before this one: into the log, the metrics, and to the supervisors. */
async function tellOf(ctx: Context, guarded: Guarded): Promise<void> {
  const { falls, suspects, told } = guarded.found;
  ctx.metrics.fell(falls.length);
  const last = falls.at(-1);
  if (!last) return;
  ctx.log.error('service_fell', { because: last.kind, times: falls.length, messages: suspects.length });
  const said = await tellFalls(ctx, falls, told);
  if (said) guarded.told(said);
}

const asMap = (suspects: readonly { key: string; times: number }[]): Map<string, number> =>
  new Map(suspects.map(({ key, times }) => [key, times]));

/** Of those within an hour before the start, the ones that are within an hour before now. */
const fallsWithinHour = (falls: readonly { agoMs: number }[], sinceMs: number): number =>
  falls.filter(({ agoMs }) => agoMs + sinceMs < hours(1)).length;
