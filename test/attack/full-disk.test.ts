/** The disk is full, or the database only reads: as good as away. What people write waits, and is handled when there is room. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVERY_MESSENGER } from '../end-to-end/messengers/every.ts';
import { openWorld, referenceIn, type World } from '../end-to-end/world.ts';

describe.each(EVERY_MESSENGER)('a full disk, on $name', (messenger) => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld(messenger);
  });
  afterEach(() => world.close());

  const fills = async (): Promise<void> => {
    await world.database.sql.unsafe(`
      create function no_room() returns trigger language plpgsql as $$
      begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
      do $$ declare t text; begin
        for t in select tablename from pg_tables where schemaname = 'public' loop
          execute format('create trigger no_room before insert or update on %I execute function no_room()', t);
        end loop;
      end $$`);
  };
  const hasRoom = () => world.database.sql.unsafe('drop function no_room cascade');

  it('loses no SOS and counts no try; it is handled and pages by itself when there is room', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const awa = world.person('Awa');
    await fills();
    await awa.says('SOS');
    await expect.poll(() => world.logged.filter((line) => line.includes('53100')).length).toBeGreaterThan(3);
    // Where sending needs no room, it is said that nothing is saved yet.
    if (messenger.name === 'Telegram') await awa.seesText("n'est pas encore enregistré");
    expect(awa.screen().join('\n')).not.toContain('Nous avons reçu');
    await hasRoom();
    const { text } = await awa.seesText('Nous avons reçu votre SOS');
    await kadi.seesText(referenceIn(text), { ever: true });
    const [tries] = await world.database.sql`select count(*)::int as failed from inbox where attempts > 0`;
    expect(tries?.failed).toBe(0);
  });
});
