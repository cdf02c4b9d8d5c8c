import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addKey, generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { purgeStaged } from '../../src/db/whatsapp-session.ts';
import { after, days } from '../../src/kernel/time.ts';
import { createStagedMessages, createWhatsappSession } from '../../src/messengers/whatsapp/session.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { sessionParts } from '../linked-number.ts';

const NUMBER = 'session/22370000000.0';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.sql`delete from whatsapp_session`.then(() => undefined));

const file = generateKeyringFile();
const parts = (keys = file) => sessionParts({ db: database.db, keyring: parseKeyring(keys) });
const store = (keys = file) => createWhatsappSession(parts(keys));
const rows = () => database.sql<{ row: string }[]>`select t::text as row from whatsapp_session t`;

describe('the WhatsApp session in the database', () => {
  it('is found again by another process, in bulk too, and forgotten as a whole', async () => {
    const many = Array.from({ length: 1_200 }, (_, n) => [`pre-key/${n}`, `value ${n}`] as const);
    await store().write(new Map(many));
    expect(await store().read([...many.map(([name]) => name), 'pre-key/none'])).toEqual(new Map(many));
    await store().clear();
    expect(await store().read(['pre-key/1'])).toEqual(new Map());
  });

  it('leaves behind who is who, and what waits to be handled, so that no person is lost when the number is linked anew', async () => {
    const [person, destination] = ['person/1@lid', 'destination/1@s.whatsapp.net'];
    const waiting = { hash: 'a', attrs: { id: '1' }, plain: Buffer.from('SOS') };
    await store().write(new Map([[person, 'Awa']]));
    await store().write(
      new Map([
        ['creds', 'keys'],
        [destination, '1@lid'],
      ]),
      waiting,
    );
    await store().clear();
    const left = await store().read(['creds', person, destination]);
    expect([...left.keys()]).toEqual([person, destination]);
    const staged = createStagedMessages(parts());
    expect(await staged.waiting(5)).toHaveLength(1);
    await staged.handled('a');
  });

  it('is written as a whole or not at all', async () => {
    await store().write(new Map([['a', 'before']]));
    await database.sql`alter table whatsapp_session add constraint small check (length(value_sealed) < 1000)`;
    const changes = new Map<string, string | null>([
      ['a', 'after'],
      ['b', 'x'.repeat(2_000)],
    ]);
    await expect(store().write(changes)).rejects.toThrow();
    await database.sql`alter table whatsapp_session drop constraint small`;
    expect(await store().read(['a', 'b'])).toEqual(new Map([['a', 'before']]));
  });

  it('shows neither numbers nor keys, and a value moved to another name does not open', async () => {
    await store().write(
      new Map([
        [NUMBER, 'ratchet'],
        ['creds', 'who we are'],
      ]),
    );
    const seen = (await rows()).map(({ row }) => row).join();
    for (const word of [NUMBER, '22370000000', 'ratchet', 'who we are'])
      for (const form of [word, Buffer.from(word).toString('hex')]) expect(seen).not.toContain(form);
    const [a, b] = await database.sql`select name_index from whatsapp_session`;
    await database.sql`update whatsapp_session set value_sealed =
      (select value_sealed from whatsapp_session where name_index = ${a?.name_index}) where name_index = ${b?.name_index}`;
    await expect(store().read([NUMBER, 'creds'])).rejects.toMatchObject({ code: 'cannot_open' });
  });

  it('outlives a new server key, under which it stands once it is written again', async () => {
    await store().write(
      new Map([
        [NUMBER, 'old'],
        ['gone', 'old'],
      ]),
    );
    const rotated = addKey(file);
    expect((await store(rotated).read([NUMBER])).get(NUMBER)).toBe('old');
    await store(rotated).write(
      new Map<string, string | null>([
        [NUMBER, 'new'],
        ['gone', null],
      ]),
    );
    expect(await rows()).toHaveLength(1);
    expect(await store(rotated).read([NUMBER, 'gone'])).toEqual(new Map([[NUMBER, 'new']]));
  });
});

describe('what was decrypted', () => {
  const open = () => createStagedMessages(parts());
  const message = (hash: string) => ({
    hash,
    attrs: { id: hash, from: NUMBER },
    plain: Buffer.from(`said ${hash}`),
  });

  it('is known by its bytes until long after it was handled, and kept as long as it is not', async () => {
    for (const hash of ['handled', 'waiting']) await store().write(new Map(), message(hash));
    await open().handled('handled');
    expect(await open().find('handled')).toBe('handled');
    await database.db.transaction((tx) => purgeStaged(tx, after(new Date(), -days(30))));
    expect(await open().find('handled')).toBe('handled');
    await database.db.transaction((tx) => purgeStaged(tx, after(new Date(), days(1))));
    expect(await open().find('handled')).toBeUndefined();
    expect((await open().waiting(10)).map(({ hash }) => hash)).toEqual(['waiting']);
  });
});
