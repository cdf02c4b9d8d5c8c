/** Steps through the whole intake, beside bare transactions that write the same rows on the same server. */
import { randomBytes, randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import type { IncomingContent } from '../src/channels/channel.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { type Row, rowOf } from './table.ts';
import { openWorld, type Server, timed, type World } from './world.ts';

const CONTACTS = 200;
/** Messages of each person after an SOS. */
const WORDS = 5;
/** Chats handled at the same time, as by the Telegram channel. */
const AT_ONCE = 16;
type Timings = { each: number[]; seconds: number };
const TABLES = ['inbox', 'contacts', 'conversations', 'deliveries'] as const;

export async function benchIntake(server: Server): Promise<Row[]> {
  const world = await openWorld(server);
  const people = new Map<string, Reporter>(
    Array.from({ length: CONTACTS }, (_, n) => [`5${String(n).padStart(9, '0')}`, createReporter()] as const),
  );
  const before = await written(world.database.sql);
  const answers = await answerAll(world, people);
  const count = answers.each.length;
  const rows = perStep(before, await written(world.database.sql), count);
  const ceiling = await bare(world.database.sql, count, rows);
  const sent = await timed([...people], AT_ONCE, ([address, reporter]) =>
    say(world, address, reporter.send()),
  );
  const added = await addToCases(world, [...people.keys()]);
  await world.stop();
  const ours = rowOf('an answer through the whole intake, and the next question sent', answers);
  const reference = rowOf('ceiling: a bare transaction with the same rows', ceiling);
  const said = Object.entries(rows).map(([name, n]) => `${name} ${n.toFixed(1)}`);
  return [
    {
      ...ours,
      ratio: (ours.perSecond ?? 0) / (reference.perSecond ?? 1),
      against: 'the ceiling',
      note: `${CONTACTS} reports of ${Math.round(count / CONTACTS)} answers; rows an answer: ${said.join(', ')}`,
    },
    reference,
    rowOf('the sending of a report: key, seal, receipt code', sent),
    rowOf('a message into an open case, sealed to the team', added),
  ];
}

/**
 * Everybody reports up to the read-back, so many at the same time: each person answers as soon as the next question
 * has come and it is their turn.
 */
async function answerAll(world: World, people: ReadonlyMap<string, Reporter>): Promise<Timings> {
  const each: number[] = [];
  const ready = [...people.keys()];
  let waiting = people.size;
  let wake: () => void = () => undefined;
  world.onSend = (address, message) => {
    const reporter = people.get(address);
    reporter?.hears(message);
    if (reporter?.send()) waiting -= 1;
    else ready.push(address);
    wake();
  };
  const lane = async (): Promise<void> => {
    while (waiting > 0) {
      const address = ready.shift();
      const content = address === undefined ? undefined : people.get(address)?.next();
      if (address === undefined || content === undefined) {
        await turn();
        continue;
      }
      const before = performance.now();
      await say(world, address, content);
      each.push(performance.now() - before);
    }
    wake();
  };
  /** Something is sent, or all is over. */
  const turn = () =>
    new Promise<void>((resolve) => {
      const others = wake;
      wake = () => {
        others();
        resolve();
      };
      if (waiting === 0) wake();
    });
  const started = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { each, seconds: (performance.now() - started) / 1_000 };
}

async function say(world: World, address: string, content: IncomingContent | undefined): Promise<void> {
  if (content) await world.receive({ channel: 'telegram', id: randomUUID(), address, content });
}

async function addToCases(world: World, people: readonly string[]) {
  await timed(people, AT_ONCE, (address) => say(world, address, { kind: 'text', text: 'SOS' }));
  const messages = Array.from({ length: WORDS }, (_, n) => people.map((address) => ({ address, n }))).flat();
  return timed(messages, AT_ONCE, ({ address, n }) =>
    say(world, address, { kind: 'text', text: `passage ${n}, en quelques mots` }),
  );
}

type Written = Record<(typeof TABLES)[number], number>;

async function written(sql: postgres.Sql): Promise<Written> {
  // Counters of other connections arrive within a second.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const found = await sql<{ name: (typeof TABLES)[number]; n: number }[]>`
    select relname as name, (n_tup_ins + n_tup_upd)::int as n from pg_stat_user_tables
    where relname in ${sql([...TABLES])}`;
  return Object.fromEntries(found.map(({ name, n }) => [name, n])) as Written;
}

function perStep(before: Written, after: Written, steps: number): Written {
  const each = TABLES.map((name) => [name, ((after[name] ?? 0) - (before[name] ?? 0)) / steps] as const);
  return Object.fromEntries(each) as Written;
}

/**
 * Bare transactions: as many rows into tables of the same shape and size, one statement a row, no reading, no
 * thinking, no sealing, and nobody who sends.
 */
async function bare(
  sql: postgres.Sql,
  count: number,
  rows: Written,
): Promise<{ each: number[]; seconds: number }> {
  await sql`create table if not exists bare_inbox (channel text, index bytea, at timestamptz, state text, primary key (channel, index))`;
  await sql`create table if not exists bare_contacts (id int primary key, count int)`;
  await sql`create table if not exists bare_conversations (id int primary key, state bytea, at timestamptz)`;
  await sql`create table if not exists bare_deliveries (id bigserial primary key, contact int, body bytea, at timestamptz)`;
  await sql`insert into bare_contacts select n, 0 from generate_series(0, ${CONTACTS - 1}) n on conflict do nothing`;
  await sql`insert into bare_conversations select n, ${randomBytes(1_024)}, now() from generate_series(0, ${CONTACTS - 1}) n on conflict do nothing`;
  const deliveries = Math.max(1, Math.round(rows.deliveries));
  const all = Array.from({ length: count }, (_, n) => n);
  return timed(all, AT_ONCE, async (n) => {
    const contact = n % CONTACTS;
    await sql.begin(async (tx) => {
      const body = randomBytes(512);
      await Promise.all([
        tx`insert into bare_inbox values ('telegram', ${randomBytes(36)}, now(), 'handled')`,
        tx`update bare_contacts set count = count + 1 where id = ${contact}`,
        tx`update bare_conversations set state = ${randomBytes(1_024)}, at = now() where id = ${contact}`,
        ...Array.from(
          { length: deliveries },
          () => tx`insert into bare_deliveries (contact, body, at) values (${contact}, ${body}, now())`,
        ),
      ]);
    });
  });
}
