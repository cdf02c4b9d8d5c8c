/** What is counted, in Prometheus form. Labels are channels, classes and codes: never a person. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { CLASS } from '../../kernel/vocabulary.ts';

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
  /** Why our account there is refused; undefined: it is not, as far as this process knows. */
  channelFault(channel: string, fault: string | undefined): void;
  /** Whether its other side answered when it was asked last. */
  channelAnswers(channel: string, isAnswering: boolean): void;
  /** Bytes that can still be filled. */
  room(free: number): void;
  waiting(rows: readonly { class: number; count: number; oldestSeconds: number }[]): void;
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
    waiting(rows) {
      for (const [index, name] of CLASS_NAMES.entries()) {
        const row = rows.find((each) => each.class === index);
        queued.set({ class: name }, row?.count ?? 0);
        oldest.set({ class: name }, Math.max(0, row?.oldestSeconds ?? 0));
      }
    },
  };
}
