/** The cycles that every process runs, and how they are woken. */

import { escalateDue } from '../app/alerts/escalate.ts';
import { movePagesOn } from '../app/alerts/page-failure.ts';
import type { Context } from '../app/ground/context.ts';
import type { TimeGuard } from '../app/ground/time-guard.ts';
import { officerTimers } from '../app/officer-chat/officer-self.ts';
import { runTimers } from '../app/reporters/timers.ts';
import { createLane, type Lane } from '../app/sending/deliver.ts';
import { createNumberWatch } from '../app/sending/number-watch.ts';
import { followTexts } from '../app/texts/bench.ts';
import { createChannelWatch } from '../app/watch/channel-watch.ts';
import { createDeadChannels } from '../app/watch/dead-channels.ts';
import { createRoomWatch } from '../app/watch/disk-watch.ts';
import type { Probes } from '../app/watch/probes.ts';
import type { Database } from '../db/database.ts';
import { type Cycle, createCycle } from '../kernel/cycle.ts';
import { reduceError } from '../kernel/log.ts';
import { CLASS } from '../kernel/vocabulary.ts';
import { createVoiceWatch } from './voices.ts';

export type Cycles = {
  /** `guard`: whether the time can be trusted. `catchUp`: begins with some of the messages that wait. */
  start(guard: TimeGuard, catchUp: () => Promise<unknown>): Promise<void>;
  nudge: Context['nudge'];
  /** Seconds since each cycle last ended well. */
  ages(): { name: string; seconds: number }[];
  /** Finishes what is under way, sends included. */
  stop(): Promise<void>;
};

/** Sends at the same time. Pages and people's words have lanes of their own: replies never stand in their way. */
const PAGES_AT_ONCE = 16;
const WORDS_AT_ONCE = 8;
const REPLIES_AT_ONCE = 16;

/** A step is at most so late, and what the ones before it take; milliseconds. */
const ESCALATE_EVERY = 250;
const BACKLOG_EVERY = 250;
/** What was changed in another process is told at once; this is for the time when that was lost. */
const TEXTS_EVERY = 10_000;
/** What other processes are told of. */
const TOLD: Partial<Record<string, string>> = { escalate: 'lakana_wake', texts: 'lakana_texts' };
/** Room on the disk does not go in an instant. */
const ROOM_EVERY = 20_000;

/** `context` is asked for when a cycle runs: the cycles exist before it does. `probes`: what is said of silent channels. */
export function createCycles(database: Database, context: () => Context, probes?: Probes): Cycles {
  const cycles: Record<string, Cycle> = {};
  const lanes: Lane[] = [];
  let unlisten: (() => Promise<void>) | undefined;

  const add = (name: string, run: () => Promise<number>, everyMs?: number) => {
    cycles[name] = createCycle({ name, run, log: context().log, ...(everyMs ? { everyMs } : {}) });
  };
  const addLane = (name: string, classes: readonly [number, number], size: number) => {
    const lane = createLane(context(), classes, size, () => cycles[name]?.nudge());
    lanes.push(lane);
    add(name, () => lane.run());
  };

  const listenTo = async (all: Readonly<Record<string, readonly string[]>>) => {
    const ends = await Promise.all(
      Object.entries(all).map(([channel, names]) =>
        database.listen(channel, () => {
          for (const name of names) cycles[name]?.nudge();
        }),
      ),
    );
    return async () => void (await Promise.all(ends.map((end) => end())));
  };

  return {
    async start(guard, catchUp) {
      addLane('pages', [CLASS.criticalPage, CLASS.page], PAGES_AT_ONCE);
      addLane('words', [CLASS.word, CLASS.word], WORDS_AT_ONCE);
      addLane('replies', [CLASS.reply, CLASS.reply], REPLIES_AT_ONCE);
      add('escalate', () => escalateDue(context()), ESCALATE_EVERY);
      const dead = createDeadChannels(context().channels, () => probes?.silent().keys() ?? []);
      add('stuck', () => movePagesOn(context(), dead(performance.now())));
      add('timers', async () => (await runTimers(context(), guard)) + (await officerTimers(context())));
      const lookAtChannels = createChannelWatch(context(), probes);
      add('channels', () => lookAtChannels(performance.now()));
      const lookAtNumbers = createNumberWatch(context());
      if ([...context().channels.values()].some(({ numbers }) => numbers))
        add('numbers', () => lookAtNumbers(performance.now()).then(() => 0));
      // Never again at once: a contact that floods gets no more than this share of the machine.
      add('backlog', () => catchUp().then(() => 0), BACKLOG_EVERY);
      add('room', createRoomWatch(context()), ROOM_EVERY);
      const followVoices = createVoiceWatch(context());
      add(
        'texts',
        () =>
          followTexts(context())
            .then(followVoices)
            .then(() => 0),
        TEXTS_EVERY,
      );
      for (const cycle of Object.values(cycles)) cycle.start();
      unlisten = await listenTo({
        lakana_wake: ['escalate', 'pages'],
        lakana_texts: ['texts'],
      });
    },
    nudge(which, inMs) {
      cycles[which]?.nudge(inMs);
      const channel = TOLD[which];
      if (!channel) return;
      // The other processes too. A lost wake-up costs a second, of texts some more.
      database.notify(channel).catch((error: unknown) => {
        context().log.warn('cycle_failed', { cycle: 'notify', ...reduceError(error) });
      });
    },
    ages: () =>
      Object.entries(cycles).map(([name, cycle]) => ({
        name,
        seconds: Math.round((performance.now() - cycle.lastRunAt()) / 1_000),
      })),
    async stop() {
      await unlisten?.();
      await Promise.all(Object.values(cycles).map((cycle) => cycle.stop()));
      await Promise.all(lanes.map((lane) => lane.idle()));
    },
  };
}
