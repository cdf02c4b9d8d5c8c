/** From an SOS coming in to the first try to page an officer, while a thousand others write. */
import { randomUUID } from 'node:crypto';
import { addOfficer, removeOfficer } from '../src/app/duty/officers.ts';
import { transact } from '../src/app/ground/transaction.ts';
import { percentile, type Row } from './table.ts';
import { openWorld, type Server, timed, type World } from './world.ts';

const WRITERS = 1_000;
const ROUNDS = 10;
/** From the fourth alert in five minutes on an officer's pages are bundled: so many are paged one by one. */
const CALLS = 3;
/** Chats handled at the same time, as by the Telegram channel. */
const AT_ONCE = 16;

export async function benchSos(server: Server): Promise<Row> {
  const world = await openWorld(server);
  const waits: number[] = [];
  for (let round = 0; round < ROUNDS; round++) waits.push(...(await oneRound(world, round)));
  await world.stop();
  return {
    what: `SOS to the first page attempt, ${WRITERS} others writing`,
    median: percentile(waits, 0.5),
    p99: percentile(waits, 0.99),
    note: `${waits.length} of ${ROUNDS * CALLS} SOS paged`,
  };
}

/** One officer on watch, a thousand newcomers writing, three more for help among them. */
async function oneRound(world: World, round: number): Promise<number[]> {
  const officer = `700000000${round}`;
  const say = (address: string, text: string) =>
    world.receive({ channel: 'telegram', id: randomUUID(), address, content: { kind: 'text', text } });
  const { code, officerId } = await transact(world.ctx, (at) =>
    addOfficer(at, { name: 'Bench', role: 'officer', language: 'fr' }),
  );
  await say(officer, `/start ${code}`);

  const calledAt = new Map<string, number>();
  const referenceOf = new Map<string, string>();
  const pagedAt = new Map<string, number>();
  world.onSend = (address, message) => {
    for (const [reference] of message.text.matchAll(/[A-Z]{4}-\d{4}/g)) {
      if (address !== officer) referenceOf.set(address, reference);
      else if (!pagedAt.has(reference)) pagedAt.set(reference, performance.now());
    }
  };
  const words = Array.from({ length: WRITERS }, (_, n) => ({ address: `6${round}${n}`, text: `mot ${n}` }));
  const every = Math.floor(WRITERS / CALLS);
  const mixed = words.flatMap((word, n) =>
    n % every === every - 1 ? [word, { address: `8${round}${n}`, text: 'SOS' }] : [word],
  );
  await timed(mixed, AT_ONCE, async ({ address, text }) => {
    if (text === 'SOS') calledAt.set(address, performance.now());
    await say(address, text);
  });
  const deadline = performance.now() + 30_000;
  const isDone = () => [...calledAt.keys()].every((address) => pagedAt.has(referenceOf.get(address) ?? ''));
  while (!isDone() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  await transact(world.ctx, (at) => removeOfficer(at, officerId));
  return [...calledAt].flatMap(([address, at]) => {
    const paged = pagedAt.get(referenceOf.get(address) ?? '');
    return paged === undefined ? [] : [paged - at];
  });
}
