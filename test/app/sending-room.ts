/** A room whose messages leave: phones in memory, and processes that deliver to them. */
import { randomUUID } from 'node:crypto';
import { escalateDue } from '../../src/app/alerts/escalate.ts';
import { enqueue, type Outgoing } from '../../src/app/ground/outbox.ts';
import { createIntake } from '../../src/app/intake/intake.ts';
import { createLane, type Lane } from '../../src/app/sending/deliver.ts';
import type { IncomingContent } from '../../src/channels/channel.ts';
import { asc, eq, sql } from '../../src/db/drizzle.cjs';
import { contacts, deliveries, epochs } from '../../src/db/schema.ts';
import type { ContactId, DeliveryId } from '../../src/kernel/ids.ts';
import { CLASS } from '../../src/kernel/vocabulary.ts';
import { createPhones } from './phones.ts';
import { openRoom } from './room.ts';

export type SendingRoom = Awaited<ReturnType<typeof openSendingRoom>>;

/** The lanes of one process. */
export type Process = { pages: Lane; replies: Lane };

export async function openSendingRoom() {
  const phones = createPhones();
  const room = await openRoom({ channels: [phones.channel] });
  const { db } = room.database;
  const intake = createIntake(room.ctx);

  const startProcess = (atOnce = 16, ctx = room.ctx, freed = () => {}): Process => ({
    pages: createLane(ctx, [CLASS.criticalPage, CLASS.page], atOnce, freed),
    replies: createLane(ctx, [CLASS.word, CLASS.reply], atOnce, freed),
  });

  const tries = async (): Promise<number> => {
    const [row] = await db.select({ all: sql<number>`coalesce(sum(attempts), 0)::int` }).from(deliveries);
    return row?.all ?? 0;
  };

  /** Runs lanes, by default those of a new process, until there is nothing that they may send now. */
  async function deliver(lanes: readonly Lane[] = Object.values(startProcess())): Promise<void> {
    for (let before = -1, now = await tries(); now !== before; now = await tries()) {
      before = now;
      await Promise.all(lanes.map((lane) => lane.run()));
      await Promise.all(lanes.map((lane) => lane.idle()));
    }
  }

  /** Looks at the alerts and sends, as the cycles do each second. */
  async function settle(): Promise<void> {
    while ((await escalateDue(room.ctx)) > 0);
    await deliver();
  }

  /** The messenger brings something of a person; then what is due is done and leaves. */
  async function brings(address: string, content: IncomingContent): Promise<void> {
    await intake({ channel: 'telegram', id: randomUUID(), address, languageHint: 'en', content });
    await settle();
  }

  return {
    ...room,
    phones,
    startProcess,
    deliver,
    settle,
    /** A person writes to the service or touches a button (`o:…`); then what is due is done and leaves. */
    async hears(address: string, what: string): Promise<void> {
      const content: IncomingContent = what.startsWith('o:')
        ? { kind: 'button', data: what }
        : { kind: 'text', text: what };
      await brings(address, content);
    },
    brings,
    /** Puts a message into the outbox, in a transaction of its own. */
    say: (
      contactId: ContactId,
      text: string,
      more: Omit<Partial<Outgoing>, 'message' | 'contactId'> = {},
    ): Promise<DeliveryId> =>
      room.inside((at) => enqueue(at, { class: CLASS.reply, ...more, contactId, message: { text } })),
    async row(id: DeliveryId) {
      const [row] = await db.select().from(deliveries).where(eq(deliveries.id, id));
      if (!row) throw new Error('no such delivery');
      return row;
    },
    /** Everything of the outbox that can be read without a key. */
    async dump(): Promise<string> {
      const rows = await room.database.sql`select
        d::text, encode(body_sealed, 'escape') as body, encode(message_ref_sealed, 'escape') as ref
        from deliveries d`;
      return JSON.stringify(rows);
    },
    /** Destroys the keys of all days so far. */
    async destroyKeys(): Promise<void> {
      const lost = await db.update(epochs).set({ wrappedKey: null }).returning({ id: epochs.id });
      room.ctx.epochs.forget(lost.map(({ id }) => id));
    },
    rows: () => db.select().from(deliveries).orderBy(asc(deliveries.id)),
    async contact(address: string) {
      const index = room.ctx.keyring.index('address', `telegram/${address}`);
      const [row] = await db.select().from(contacts).where(eq(contacts.addressIndex, index));
      if (!row) throw new Error('no such contact');
      return row;
    },
  };
}
