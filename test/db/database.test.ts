import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertLog, alerts, contacts } from '../../src/db/schema.ts';
import { type ContactId, newId } from '../../src/kernel/ids.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

describe('what is written comes back as it was', () => {
  test('bytes, instants and nothing else', async () => {
    const id = newId<ContactId>();
    const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
    const createdAt = new Date('2026-03-01T23:59:59.123Z');
    await database.db
      .insert(contacts)
      .values({ id, channel: 'telegram', addressIndex: bytes, addressSealed: bytes, createdAt });
    const [row] = await database.db.select().from(contacts).where(eq(contacts.id, id));
    expect(Buffer.from(row?.addressIndex ?? []).equals(bytes)).toBe(true);
    expect(row?.createdAt).toEqual(createdAt);
    const [raw] = await database.db.execute(
      sql`select created_at, address_index from contacts where id = ${id}`,
    );
    expect(raw?.created_at).toEqual(createdAt);
    expect(raw?.address_index).toBeInstanceOf(Uint8Array);
  });
});
