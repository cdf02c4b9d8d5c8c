/** What is counted, in Prometheus form. Labels are channels, classes and codes: never a person. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { CLASS, LEVELS, type Level } from '../../kernel/vocabulary.ts';

export type Metrics = {
  registry: Registry;
  received(channel: string): void;
  parked(channel: string): void;
  /** A message that was too much from one contact, and is not kept. */
  refused(channel: string): void;
  /** Messages that are kept and not handled yet. */
  backlog(count: number): void;
  /** How often the service fell within the hour before this start. */
  fell(times: number): void;
  delivered(channel: string, deliveryClass: number, outcome: string): void;
  /** Seconds from a page being written to its being handed to a channel. */
  paged(seconds: number): void;
  /** Whether it works now, as far as this process knows. */
  channelUp(channel: string, isUp: boolean): void;
  /** Whether each of our numbers there works, where there can be two; undefined: none is linked. */
  numberUp(channel: string, which: 'in_use' | 'standby', isUp: boolean | undefined): void;
  /** Why our account there is refused; undefined: it is not, as far as this process knows. */
  channelFault(channel: string, fault: string | undefined): void;
  /** Whether its other side answered when it was asked last. */
  channelAnswers(channel: string, isAnswering: boolean): void;
  /** Bytes that can still be filled. */
  room(free: number): void;
  waiting(rows: readonly { class: number; count: number; oldestSeconds: number }[]): void;
  /** Alerts of people that nobody has taken, and seconds since the oldest of them (and of those of which no page left). */
  untaken(rows: readonly { level: Level; count: number; seconds: number; unpagedSeconds: number }[]): void;
  /** Seconds from a person's alert being raised to its first page having left. */
  sosPaged(seconds: number): void;
  /** Seconds since what the newest backup holds. Never called: there is none. */
  backupAge(seconds: number): void;
  databaseUp(isUp: boolean): void;
  /** Seconds that this machine's clock is ahead of the database's. */
  clockSkew(seconds: number): void;
  /** Seconds that work waited at most before this process got to it, since it was said last. */
  loopLag(seconds: number): void;
};

/** Names of the classes in metrics, by their number. */
const CLASS_NAMES = Object.keys(CLASS).map((name) =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
);

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const received = new Counter({
    name: 'lakana_messages_received_total',
    help: 'Messages taken in and committed',
    labelNames: ['channel'],
    registers,
  });
  const parked = new Counter({
    name: 'lakana_messages_parked_total',
    help: 'Messages that could not be handled and wait for a person',
    labelNames: ['channel'],
    registers,
  });
  const refused = new Counter({
    name: 'lakana_messages_refused_total',
    help: 'Messages beyond what is kept of one contact',
    labelNames: ['channel'],
    registers,
  });
  const backlog = new Gauge({
    name: 'lakana_messages_waiting',
    help: 'Messages that are kept and wait to be handled',
    registers,
  });
  const fell = new Gauge({
    name: 'lakana_service_falls',
    help: 'How often the service froze or died within the hour before it was started',
    registers,
  });
  const delivered = new Counter({
    name: 'lakana_deliveries_total',
    help: 'Tries to send, by what became of them',
    labelNames: ['channel', 'class', 'outcome'],
    registers,
  });
  const queued = new Gauge({
    name: 'lakana_deliveries_waiting',
    help: 'Deliveries that wait to be sent',
    labelNames: ['class'],
    registers,
  });
  const oldest = new Gauge({
    name: 'lakana_deliveries_oldest_seconds',
    help: 'Age of the oldest delivery that is due',
    labelNames: ['class'],
    registers,
  });
  const numberUp = new Gauge({
    name: 'lakana_number_up',
    help: 'Whether the number in use, and the one that stands by, work in this process',
    labelNames: ['channel', 'number'],
    registers,
  });
  const up = new Gauge({
    name: 'lakana_channel_up',
    help: '1 while the channel works',
    labelNames: ['channel'],
    registers,
  });
  const faults = new Gauge({
    name: 'lakana_channel_fault',
    help: '1 while our account at the channel is refused, by what is wrong with it',
    labelNames: ['channel', 'fault'],
    registers,
  });
  const faultNow = new Map<string, string>();
  const answers = new Gauge({
    name: 'lakana_channel_answers',
    help: '1 if the other side of the channel answered when it was asked last',
    labelNames: ['channel'],
    registers,
  });
  const room = new Gauge({
    name: 'lakana_room_bytes',
    help: 'Bytes that can still be filled where the database lies',
    registers,
  });
  const untaken = new Gauge({
    name: 'lakana_alerts_untaken',
    help: 'Alerts that page people and that nobody has taken',
    labelNames: ['level'],
    registers,
  });
  const untakenFor = new Gauge({
    name: 'lakana_alerts_untaken_seconds',
    help: 'How long the oldest alert has waited that nobody has taken',
    labelNames: ['level'],
    registers,
  });
  const unpagedFor = new Gauge({
    name: 'lakana_alerts_unpaged_seconds',
    help: 'How long the oldest alert of the last day has waited of which no page has left',
    labelNames: ['level'],
    registers,
  });
  const databaseUp = new Gauge({
    name: 'lakana_database_up',
    help: '1 while the database answers this process; what is counted there is old otherwise',
    registers,
  });
  const skew = new Gauge({
    name: 'lakana_clock_skew_seconds',
    help: "How far this machine's clock is ahead of the database's",
    registers,
  });
  const lag = new Gauge({
    name: 'lakana_loop_lag_seconds',
    help: 'How long work waited at most before this process got to it, in the last ten seconds',
    registers,
  });
  const backup = new Gauge({
    name: 'lakana_backup_age_seconds',
    help: 'Seconds since the moment that the newest backup holds',
    registers,
  });
  // Not known is not zero: no room, a clock that is right.
  for (const each of [room, skew, lag, databaseUp, backup]) each.remove();
  const sosPaged = new Histogram({
    name: 'lakana_sos_to_page_seconds',
    help: 'From an alert being raised to its first page having left; each process counts each alert',
    buckets: [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900],
    registers,
  });
  const paged = new Histogram({
    name: 'lakana_page_seconds',
    help: 'From a page being written to its being handed to a channel',
    buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300],
    registers,
  });
  return {
    registry,
    received: (channel) => received.inc({ channel }),
    parked: (channel) => parked.inc({ channel }),
    refused: (channel) => refused.inc({ channel }),
    backlog: (count) => backlog.set(count),
    fell: (times) => fell.set(times),
    delivered: (channel, deliveryClass, outcome) =>
      delivered.inc({ channel, class: CLASS_NAMES[deliveryClass] ?? 'other', outcome }),
    paged: (seconds) => paged.observe(seconds),
    channelUp: (channel, isUp) => up.set({ channel }, isUp ? 1 : 0),
    numberUp: (channel, number, isUp) =>
      isUp === undefined
        ? numberUp.remove({ channel, number })
        : numberUp.set({ channel, number }, isUp ? 1 : 0),
    channelFault(channel, fault) {
      const before = faultNow.get(channel);
      if (before === fault) return;
      if (before !== undefined) faults.remove({ channel, fault: before });
      if (fault === undefined) return void faultNow.delete(channel);
      faultNow.set(channel, fault);
      faults.set({ channel, fault }, 1);
    },
    channelAnswers: (channel, isAnswering) => answers.set({ channel }, isAnswering ? 1 : 0),
    room: (free) => room.set(free),
    untaken(rows) {
      for (const level of LEVELS) {
        const row = rows.find((each) => each.level === level);
        untaken.set({ level }, row?.count ?? 0);
        untakenFor.set({ level }, Math.max(0, row?.seconds ?? 0));
        unpagedFor.set({ level }, Math.max(0, row?.unpagedSeconds ?? 0));
      }
    },
    sosPaged: (seconds) => sosPaged.observe(Math.max(0, seconds)),
    backupAge: (seconds) => backup.set(Math.max(0, seconds)),
    databaseUp: (isUp) => databaseUp.set(isUp ? 1 : 0),
    clockSkew: (seconds) => skew.set(seconds),
    loopLag: (seconds) => lag.set(seconds),
    waiting(rows) {
      for (const [index, name] of CLASS_NAMES.entries()) {
        const row = rows.find((each) => each.class === index);
        queued.set({ class: name }, row?.count ?? 0);
        oldest.set({ class: name }, Math.max(0, row?.oldestSeconds ?? 0));
      }
    },
  };
}
