/** Steps through the whole intake, beside bare transactions that write the same rows on the same server. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from '../src/channels/channel.ts';
import { bare, written } from './ceiling.ts';
import { type Row, rowOf } from './table.ts';
import { openWorld, type Server, timed, type World } from './world.ts';

const CONTACTS = 200;
const STEPS = 25;
/** Chats handled at the same time, as by the Telegram channel. */
const AT_ONCE = 16;

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

export async function benchIntake(server: Server): Promise<{ ours: Row; ceiling: Row }> {
  const world = await openWorld(server.url);
  const offered = answer(world);
  const people = Array.from({ length: CONTACTS }, (_, n) => `5${String(n).padStart(9, '0')}`);
  // Each person's messages follow each other; people are mixed.
  const messages = Array.from({ length: STEPS }, (_, step) =>
    people.map((address) => ({ address, step })),
  ).flat();
  const { sql } = world.database;
  const before = await written(sql);
  const taken = await timed(messages, AT_ONCE, async ({ address, step }) => {
    const data = offered.get(address);
    const content: IncomingMessage['content'] =
      data && step % 5 !== 4
        ? { kind: 'button', data }
        : { kind: 'text', text: `passage ${step}, en quelques mots` };
    await world.receive({ channel: 'telegram', id: randomUUID(), address, content });
  });
  const after = await written(sql);
  const each = Object.entries(after).map(([name, n]) => [name, (n - (before[name] ?? 0)) / messages.length]);
  const rows: Record<string, number> = Object.fromEntries(each);
  const ceiling = await bare(sql, { count: messages.length, contacts: CONTACTS, atOnce: AT_ONCE, rows });
  await world.stop();
  const said = Object.entries(rows).map(([name, n]) => `${name} ${n.toFixed(1)}`);
  return {
    ours: {
      ...rowOf('a message through the whole intake, answers being sent beside it', taken),
      note: `rows written per message: ${said.join(', ')}`,
    },
    ceiling: rowOf('ceiling: a bare transaction with the same rows', ceiling),
  };
}
