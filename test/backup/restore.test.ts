import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Link, readLinks } from '../../src/backup/links.ts';
import { nameOf } from '../../src/backup/names.ts';
import { opened, sealed } from '../../src/backup/sealing.ts';
import { startBackup } from '../../src/backup/writing.ts';
import { createIdentity } from '../../src/crypto/age.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { inOneGo, isEmpty, migrateWithin, onSnapshot } from '../../src/db/snapshot.ts';
import { type House, openHouse, referenceOn } from '../app/house.ts';
import type { Phone } from '../app/messenger.ts';
import type { TestDatabase } from '../database.ts';
import { emptyDatabase, openSaving } from './saving.ts';

const STORY = 'des hommes en moto devant la maison de Fatoumata';

let house: House;
let saving: Awaited<ReturnType<typeof openSaving>>;
let awa: Phone;
let reference: string;
let name: string;
let empty: TestDatabase;

beforeAll(async () => {
  house = await openHouse();
  saving = await openSaving(house);
  await house.officer('Binta');
  awa = house.person('Awa');
  await awa.says('SOS');
  await awa.says(STORY);
  await awa.presses('Oui');
  reference = referenceOn(awa);
  house.phones.upload('voice', Buffer.from('une voix'));
  await awa.sends('voice', 'voice');
  await house.fetch();
  await house.cycle();
  await house.person('Draft').says('bonjour');
  name = (await saving.save()).name;
  empty = await emptyDatabase();
}, 120_000);
afterAll(async () => {
  await empty.close();
  await house.close();
  await saving.close();
});

const isStillEmpty = () => inOneGo(empty.url, ({ tx }) => isEmpty(tx));

describe('an office whose machine is gone', () => {
  test('restores the backup on another one: every case opens with the team’s key, the chains are whole, the story goes on', async () => {
    const before = await house.read(reference);
    const { there, restored } = await saving.elsewhere(name);
    try {
      expect(restored.chains.broken).toEqual([]);
      expect(restored.chains.cases).toBe(1);
      expect(await there.read(reference)).toEqual(before);
      expect(JSON.stringify(before.items)).toContain(STORY);
      expect(before.files.map(String)).toEqual(['une voix']);
      expect(restored.followed).toMatchObject({
        linked: 2,
        due: 1,
        told: 1,
        lost: { links: 0, conversations: 1 },
      });
      // The officer reads that it was restored, and is called again.
      const binta = there.person('Binta');
      await there.cycle();
      const screen = binta.screen().join('\n');
      expect(screen).toContain('Lakana a été remis en marche avec sa copie du 14:00');
      expect(screen).toContain(reference);
      // Awa goes on where she was: what she writes goes into the same case, and the officer can answer her.
      const again = there.person('Awa');
      await again.says('ils reviennent');
      expect(JSON.stringify((await there.read(reference)).items)).toContain('ils reviennent');
      await binta.presses('Je prends');
      await there.cycle();
      expect(again.screen().join('\n')).toMatch(/bien reçu|Bien reçu/);
    } finally {
      await there.close();
    }
  }, 120_000);

  test('cannot open it with another key, and the database stays empty', async () => {
    const identity = await createIdentity();
    await expect(saving.putInto(empty, name, { identity })).rejects.toMatchObject({
      code: 'not_a_recipient',
    });
    expect(await isStillEmpty()).toBe(true);
  });

  test('cannot restore it without the server key', async () => {
    const other = await openSaving({
      ...house,
      ctx: { ...house.ctx, keyring: parseKeyring(generateKeyringFile()) },
    });
    await other.write(name, await saving.read(name));
    await expect(other.putInto(empty, name)).rejects.toMatchObject({ code: 'wrong_server_key' });
    expect(await isStillEmpty()).toBe(true);
    await other.close();
  });

  test('never restores over what is there', async () => {
    await expect(saving.putInto(house.database, name)).rejects.toMatchObject({ code: 'not_empty' });
  });
});

describe('a backup that an intruder laid hands on', () => {
  test('is refused whichever byte is another one, and nothing of it is left', async () => {
    const whole = await saving.read(name);
    const places = Array.from({ length: 12 }, (_, n) => Math.floor(((whole.length - 1) * n) / 11));
    for (const place of places) {
      const changed = Buffer.from(whole);
      changed[place] = (changed[place] ?? 0) ^ 1;
      await saving.write('lakana-2026-01-01T00-00-00Z.backup', changed);
      await expect(
        saving.putInto(empty, 'lakana-2026-01-01T00-00-00Z.backup'),
        String(place),
      ).rejects.toMatchObject({
        code: expect.stringMatching(/^(cannot_open|not_a_recipient|not_a_backup)$/),
      });
    }
    expect(await isStillEmpty()).toBe(true);
  }, 120_000);

  test('is refused if its end is missing', async () => {
    const whole = await saving.read(name);
    for (const left of [whole.length - 1, whole.length - 70_000, 100, 0]) {
      await saving.write('lakana-2026-01-01T00-00-00Z.backup', whole.subarray(0, Math.max(0, left)));
      await expect(saving.putInto(empty, 'lakana-2026-01-01T00-00-00Z.backup')).rejects.toMatchObject({
        code: expect.stringMatching(/^(cannot_open|not_a_backup)$/),
      });
    }
    expect(await isStillEmpty()).toBe(true);
  });

  test('is refused if this server did not sign it: anybody can seal to a public key', async () => {
    const { signer } = parseKeyring(generateKeyringFile());
    await forge({ signer, currentKeyId: house.ctx.keyring.currentKeyId });
    await expect(saving.putInto(empty, FORGED)).rejects.toMatchObject({ code: 'not_ours' });
    expect(await isStillEmpty()).toBe(true);
  });

  test('is refused if a newer program made it, and the line names that version', async () => {
    await house.database
      .sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${'f'.repeat(64)}, 9999999999999)`;
    await forge(house.ctx.keyring).finally(
      () => house.database.sql`delete from drizzle.__drizzle_migrations where created_at = 9999999999999`,
    );
    await expect(saving.putInto(empty, FORGED)).rejects.toMatchObject({
      code: 'newer_backup',
      message: expect.stringContaining('7.7.7'),
    });
    expect(await isStillEmpty()).toBe(true);
  });

  const FORGED = 'lakana-2026-02-01T00-00-00Z.backup';
  async function forge(keyring: Parameters<typeof startBackup>[0]['keyring']): Promise<void> {
    await onSnapshot(house.database.url, async ({ tx }) => {
      const about = { version: '7.7.7', asOf: '2026-02-01T00:00:00.000Z', mode: 'live' as const, erased: 0 };
      const { bytes } = await startBackup({ tx, about, keyring, settings: saving.keeping.settings });
      await saving.target.write(FORGED, await sealed(saving.keeping.settings.recipient, bytes));
    });
  }
});

describe('a backup of an older version', () => {
  test('is put back as it was, and brought to this one', async () => {
    const [old, fresh] = await Promise.all([emptyDatabase(), emptyDatabase()]);
    try {
      await inOneGo(old.url, async ({ tx }) => {
        await migrateWithin(tx, 0, 20);
        await tx.unsafe(`insert into service (mode) values ('live')`);
        await tx.unsafe(`insert into outages (started_at, ended_at) values (now(), now()), (now(), now())`);
      });
      await onSnapshot(old.url, async ({ tx }) => {
        const about = {
          version: '0.0.1',
          asOf: '2026-03-01T00:00:00.000Z',
          mode: 'live' as const,
          erased: 0,
        };
        const { keyring } = house.ctx;
        const { bytes } = await startBackup({ tx, about, keyring, settings: saving.keeping.settings });
        const file = nameOf(new Date(about.asOf), 'backup');
        await saving.target.write(file, await sealed(saving.keeping.settings.recipient, bytes));
      });
      const { migrated } = await saving.putInto(fresh, nameOf(new Date('2026-03-01T00:00:00Z'), 'backup'));
      expect(migrated).toBeGreaterThan(9);
      expect(await fresh.sql`select mode, to_clean_since from service`).toEqual([
        { mode: 'live', to_clean_since: null },
      ]);
      // The next row gets the next number.
      await fresh.sql`insert into outages (started_at, ended_at) values (now(), now())`;
      expect((await fresh.sql`select max(id)::int as id from outages`)[0]?.id).toBe(3);
    } finally {
      await Promise.all([old.close(), fresh.close()]);
    }
  });
});

describe('what lies in the folder', () => {
  test('shows no one what was said, nor who said it', async () => {
    for (const file of await readdir(saving.folder)) {
      const bytes = (await saving.read(file)).toString('latin1');
      for (const word of [STORY, 'Fatoumata', 'Awa', 'Binta', reference])
        expect(bytes, file).not.toContain(word);
    }
  });

  test('opens for no one who has only the key of the backups: links are under the server key besides', async () => {
    let text = '';
    for await (const piece of await opened(
      saving.identity,
      saving.target.read(name.replace('backup', 'links')),
    ))
      text += Buffer.from(piece).toString('latin1');
    expect(text.split('\n').length).toBeGreaterThan(3);
    expect(text).not.toContain('contactId');
    expect(text).not.toContain(STORY);
  });

  test('leads from what is open to the people, and holds none of their words', async () => {
    const asOf = house.ctx.clock.stated()?.toISOString() ?? '';
    const bytes = await opened(saving.identity, saving.target.read(name.replace('backup', 'links')));
    const links: Link[] = [];
    for await (const link of readLinks(house.ctx.keyring, asOf, bytes)) links.push(link);
    expect(links.map(({ of }) => of).sort()).toEqual(['alert', 'conversation']);
    expect(JSON.stringify(links)).toContain('contactId');
    expect(JSON.stringify(links)).not.toContain('moto');
  });
});
