/**
 * What a service is made of, by name: its store, channels, jobs, cycles, and the context that use cases are given.
 *
 * Invariant: the store is open, and nothing else is under way yet: no channel, cycle or job has been started.
 */
import { createArriving } from '../app/alerts/marked-work.ts';
import { type Context, createContext, type Running } from '../app/ground/context.ts';
import { createUnsaved } from '../app/ground/during-outage.ts';
import { createJobs, type JobRunner } from '../app/ground/jobs.ts';
import { createLivingContent } from '../app/ground/living-content.ts';
import type { FlowContent } from '../app/ground/load-flows.ts';
import { createMetrics } from '../app/ground/metrics.ts';
import { createUnderWay, type UnderWay } from '../app/ground/under-way.ts';
import type { Keeping } from '../app/keeping/keeping.ts';
import { createEpochs } from '../app/keys/epochs.ts';
import { createReceiptCodes, type Hashing } from '../app/keys/receipt-codes.ts';
import { roomVoices } from '../app/texts/heard.ts';
import { readVoiceFiles, type VoiceFolder } from '../app/voices/voice-files.ts';
import { createProbes, type Probes } from '../app/watch/probes.ts';
import type { Config } from '../config.ts';
import { parseKeyring } from '../crypto/keyring.ts';
import { type DatabaseClock, databaseClock } from '../db/clock.ts';
import type { Database } from '../db/database.ts';
import { createDiskRoom } from '../db/disk-room.ts';
import type { Log } from '../kernel/log.ts';
import { type Changes, createChanges } from './changes.ts';
import { type Channels, createChannels } from './channels.ts';
import { readContent, voiceFolders } from './content.ts';
import { type Cycles, createCycles } from './cycles.ts';
import { roomOf } from './disk-room.ts';
import type { Guarded } from './guarded.ts';
import { keepingBy } from './keeping.ts';
import { createListKeeper, type ListKeeper } from './list-keeper.ts';
import { openStore } from './store.ts';
import type { Teardown } from './teardown.ts';
import { trialKeys } from './trial.ts';

export type Given = {
  /** What tests bring: what tells the time, flows that are read already, cheap codes. */
  clock?: DatabaseClock;
  content?: FlowContent;
  hashing?: Hashing;
  voiceFolders?: readonly VoiceFolder[];
  /** What the process brings: its guardian, what stops everything that was started, and whether it is to stop. */
  guarded?: Guarded;
  teardown: Teardown;
  stopping?: AbortSignal;
};

export type Parts = {
  ctx: Context;
  database: Database;
  channels: Channels;
  jobs: JobRunner;
  cycles: Cycles;
  lists: ListKeeper;
  probes: Probes;
  changes: Changes;
  underWay: UnderWay;
  /** What makes backups; absent: none are made. */
  keeping?: Keeping;
};

/** Opens the store and makes the parts; what is to be stopped is added to `teardown`. */
export async function createParts(config: Config, log: Log, given: Given): Promise<Parts> {
  const { clock = databaseClock, hashing, guarded, teardown } = given;
  const keys = config.keys ?? (await trialKeys(config.dataDir));
  const keyring = parseKeyring(keys.serverKey);
  const content = createLivingContent(given.content ?? (await readContent(config)));
  const voiceFiles = await readVoiceFiles(given.voiceFolders ?? voiceFolders(config.contentDir));
  const store = await openStore(config, log, teardown, given.stopping);
  const { database } = store;
  const { db } = database;
  const epochs = createEpochs(store.aside.db, keyring);
  const session = { db, keyring, epochs, clock };
  const underWay = createUnderWay(guarded, asMap(guarded?.found.suspects ?? []));
  const arriving = createArriving(keyring, underWay, () => ctx);
  const channels = await createChannels(config, { ...session, texts: content.texts, log, arriving });
  const { timeZone, drill } = config;
  const jobs = createJobs({
    url: store.url,
    primary: store.primary,
    timeZone,
    ...(drill ? { drill } : {}),
    hasBackups: config.backup !== undefined,
    log,
  });
  const metrics = createMetrics();
  const probes = createProbes({ channels: channels.all, log, metrics });
  const changes = createChanges();
  teardown.add(await database.listen('lakana_wake', changes.tell));
  const cycles = createCycles(database, () => ctx, probes);
  const lists = createListKeeper(database, log, () => ({ ctx, keeping }));
  const room = roomOf(config);
  const running: Running = {
    clock,
    epochs,
    log,
    metrics,
    jobs,
    receiptCodes: createReceiptCodes(keyring, undefined, hashing),
    unsaved: createUnsaved({ channels: channels.all, texts: content.texts, ...config }),
    underWay,
    diskRoom: createDiskRoom(db, room.of, room.reserve),
    nudge(which, inMs) {
      if (which === 'list') return lists.nudge(inMs);
      cycles.nudge(which, inMs);
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
    voices: (now) => roomVoices(voiceFiles, now, () => ctx),
    ...running,
  });
  const keeping = keepingBy(config, { ...session, url: store.url });
  return {
    ctx,
    database,
    channels,
    jobs,
    cycles,
    lists,
    probes,
    changes,
    underWay,
    ...(keeping ? { keeping } : {}),
  };
}

const asMap = (suspects: readonly { key: string; times: number }[]): Map<string, number> =>
  new Map(suspects.map(({ key, times }) => [key, times]));
