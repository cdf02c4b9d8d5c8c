/** Fifty strangers guess receipt codes at once: what that holds up, and what it does not. Hashing is held by hand. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transact } from '../../src/app/ground/transaction.ts';
import { createIntake } from '../../src/app/intake/intake.ts';
import { createReceiptCodes } from '../../src/app/keys/receipt-codes.ts';
import { hashReceiptCode } from '../../src/crypto/receipt-code.ts';
import { sql } from '../../src/db/drizzle.cjs';
import { type House, openHouse, until } from '../app/house.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

/** Nobody holds a connection while hashing goes on. */
const openTransactions = async (): Promise<number> => {
  const rows = await house.database.sql`select 1 from pg_stat_activity
    where datname = current_database() and state like 'idle in transaction%'`;
  return rows.length;
};

/** A hash that takes until it is let go. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  const during = async <T>(work: () => Promise<T> | T): Promise<T> => {
    running += 1;
    most = Math.max(most, running);
    await promise;
    running -= 1;
    return work();
  };
  return { during, letGo: resolve, running: () => running, most: () => most };
}

describe('strangers’ phones that guess receipt codes', () => {
  it('cannot hold up an SOS or a connection of the database, nor take all of the machine’s threads', async () => {
    const hash = held();
    const receiptCodes = createReceiptCodes(house.ctx.keyring, 4, {
      hash: hashReceiptCode,
      verify: () => hash.during(() => false),
    });
    const receive = createIntake({ ...house.ctx, receiptCodes });
    const guesses = Array.from({ length: 50 }, (_, n) =>
      receive({
        channel: 'telegram',
        id: `guess-${n}`,
        address: `Inconnu ${n}`,
        content: { kind: 'text', text: 'TAKO-4827 1234 5678 9012 3456' },
      }),
    );
    // One is compared, eight wait, the others are sent away at once.
    let answered = 0;
    for (const each of guesses) void each.then(() => answered++);
    await until(() => answered === 41);
    expect(hash.running()).toBe(1);
    expect(await openTransactions()).toBe(0);
    const awa = house.person('Awa');
    await awa.says('SOS');
    expect(awa.screen().join('\n')).toContain('Nous avons reçu votre SOS');
    hash.letGo();
    await Promise.all(guesses);
    expect(hash.most()).toBe(1);
  });

  it('cannot keep a report from being sent: its code is made while no transaction is open', async () => {
    const hash = held();
    const receiptCodes = createReceiptCodes(house.ctx.keyring, 4, {
      hash: (keyring, code) => hash.during(() => hashReceiptCode(keyring, code)),
      verify: async () => false,
    });
    const sent = transact({ ...house.ctx, receiptCodes }, async ({ tx, ctx }) => {
      await tx.execute(sql`select 1`);
      return ctx.receiptCodes.take();
    });
    await until(() => hash.running() > 0);
    expect(await openTransactions()).toBe(0);
    hash.letGo();
    expect((await sent).code).toHaveLength(16);
    expect(hash.most()).toBe(1);
  });
});
