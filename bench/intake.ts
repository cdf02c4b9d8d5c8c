/** Steps through the whole intake, beside bare transactions that write the same rows on the same server. */
import { randomBytes, randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import type { IncomingMessage } from '../src/channels/channel.ts';
import { type Row, rowOf } from './table.ts';
import { openWorld, type Server, timed, type World } from './world.ts';

const CONTACTS = 200;
const STEPS = 25;
/** Chats handled at the same time, as by the Telegram channel. */
const AT_ONCE = 16;
const TABLES = ['inbox', 'contacts', 'conversations', 'deliveries'] as const;

/** What a person does next: presses the first button that was offered, or writes. */
function answer(world: World): Map<string, string> {
  const offered = new Map<string, string>();
  world.onSend = (address, message) => {
    const buttons = message.rows?.flat() ?? [];
    // A report that is not urgent: nothing is sealed to a case before it is sent.
    const first = buttons.find(({ label }) => label.includes('Non, pas')) ?? buttons[0];
    if (first) offered.set(address, first.data);
    else offered.delete(address);
  };
  return offered;
}

export async function benchIntake(server: Server): Promise<Row[]> {
  const world = await openWorld(server.url);
  const offered = answer(world);
  const people = Array.from({ length: CONTACTS }, (_, n) => `5${String(n).padStart(9, '0')}`);
  // Each person's messages follow each other; people are mixed.
  const messages = Array.from({ length: STEPS }, (_, step) =>
    people.map((address) => ({ address, step })),
  ).flat();
  const before = await written(world.database.sql);
  const taken = await timed(messages, AT_ONCE, async ({ address, step }) => {
    const data = offered.get(address);
    const content: IncomingMessage['content'] =
      data && step % 5 !== 4
        ? { kind: 'button', data }
        : { kind: 'text', text: `passage ${step}, en quelques mots` };
    await world.receive({ channel: 'telegram', id: randomUUID(), address, content });
  });
  const rows = perStep(before, await written(world.database.sql), messages.length);
  const ceiling = await bare(world.database.sql, messages.length, rows);
  await world.stop();
  const ours = rowOf('a message through the whole intake', taken);
  const reference = rowOf('ceiling: a bare transaction with the same rows', ceiling);
  const said = Object.entries(rows).map(([name, n]) => `${name} ${n.toFixed(1)}`);
  return [
    {
      ...ours,
      ratio: (ours.perSecond ?? 0) / (reference.perSecond ?? 1),
      against: 'the ceiling',
      note: `rows written per message: ${said.join(', ')}`,
    },
    reference,
  ];
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
