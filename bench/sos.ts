/** From an SOS coming in to the first try to page an officer, while a thousand others write. */
import { randomUUID } from 'node:crypto';
import { addOfficer } from '../src/app/officers.ts';
import { transact } from '../src/app/transaction.ts';
import { percentile, type Row } from './table.ts';
import { openWorld, type Server, timed } from './world.ts';

const WRITERS = 1_000;
const WORDS_EACH = 4;
const CALLS = 100;
/** Chats handled at the same time, as by the Telegram channel. */
const AT_ONCE = 16;
const OFFICER = '7000000001';

export async function benchSos(server: Server): Promise<Row> {
  const world = await openWorld(server.url);
  const say = (address: string, text: string) =>
    world.receive({ channel: 'telegram', id: randomUUID(), address, content: { kind: 'text', text } });
  const { code } = await transact(world.ctx, (tx, ctx, now) =>
    addOfficer(tx, ctx, now, { name: 'Bench', role: 'officer', language: 'fr' }),
  );
  await say(OFFICER, `/start ${code}`);

  const calledAt = new Map<string, number>();
  const referenceOf = new Map<string, string>();
  const pagedAt = new Map<string, number>();
  world.onSend = (address, message) => {
    for (const [reference] of message.text.matchAll(/[A-Z]{4}-\d{4}/g)) {
      if (address !== OFFICER) referenceOf.set(address, reference);
      else if (!pagedAt.has(reference)) pagedAt.set(reference, performance.now());
    }
  };
  const words = Array.from({ length: WRITERS * WORDS_EACH }, (_, n) => ({
    address: `6${n % WRITERS}`,
    text: `mot ${n}`,
  }));
  const every = Math.floor(words.length / CALLS);
  const mixed = words.flatMap((word, n) =>
    n % every === 0 ? [word, { address: `8${String(n).padStart(9, '0')}`, text: 'SOS' }] : [word],
  );
  await timed(mixed, AT_ONCE, async ({ address, text }) => {
    if (text === 'SOS') calledAt.set(address, performance.now());
    await say(address, text);
  });
  const deadline = performance.now() + 60_000;
  const isDone = () => [...calledAt.keys()].every((address) => pagedAt.has(referenceOf.get(address) ?? ''));
  while (!isDone() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  await world.stop();
  const waits = [...calledAt].flatMap(([address, at]) => {
    const paged = pagedAt.get(referenceOf.get(address) ?? '');
    return paged === undefined ? [] : [paged - at];
  });
  return {
    what: `SOS to the first page attempt, ${WRITERS} others writing`,
    median: percentile(waits, 0.5),
    p99: percentile(waits, 0.99),
    note: `${waits.length} of ${calledAt.size} SOS paged; one officer, so most pages are bundles`,
  };
}
