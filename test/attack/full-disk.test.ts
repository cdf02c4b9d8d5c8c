/** The disk is full, or the database only reads: as good as away. What people write waits, and is handled when there is room. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isUnavailable } from '../../src/db/database.ts';
import { EVERY_MESSENGER } from '../end-to-end/messengers/every.ts';
import { openWorld, referenceIn, type World } from '../end-to-end/world.ts';

const said = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('the database counts as away', () => {
  it.each([
    ['a full disk', said('53100', 'could not extend file "base/5/16413": No space left on device')],
    ['a disk that cannot be read or written', said('58030', 'could not fsync file')],
    ['a file of the cluster that is gone', said('58P01', 'could not open file "pg_xact/0000"')],
    ['a standby after a fail-over', said('25006', 'cannot execute INSERT in a read-only transaction')],
    ['a file system that was made read-only', said('42501', 'could not open file: Read-only file system')],
    ['a disk quota', said('XX000', 'could not write to file "base/5/1": Disk quota exceeded')],
    ['no memory', said('53200', 'out of memory')],
    ['a crash', said('57P02')],
    ['a restart after it', said('57P03')],
    ['a password that is refused', said('28P01')],
    ['any of them inside other errors', new Error('failed query', { cause: said('53100') })],
  ])('with %s', (_what, error) => expect(isUnavailable(error)).toBe(true));

  it.each([
    ['a constraint', said('23505')],
    ['a statement that takes too long', said('57014')],
    ['a damaged row', said('XX001')],
    ['a bug of PostgreSQL', said('XX000', 'unexpected node type')],
    ['a bug of ours', new TypeError('x is undefined')],
  ])('not with %s: that is counted as a try', (_what, error) => expect(isUnavailable(error)).toBe(false));
});

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
    await expect
      .poll(() => world.logged.filter((line) => line.includes('53100')).length, { timeout: 10_000 })
      .toBeGreaterThan(3);
    // Where sending needs no room, it is said that nothing is saved yet.
    if (messenger.name === 'Telegram') await awa.seesText("n'est pas encore enregistré");
    expect(awa.screen().join('\n')).not.toContain('Nous avons reçu');
    await hasRoom();
    const { text } = await awa.seesText('Nous avons reçu votre SOS', { within: 20_000 });
    await kadi.seesText(referenceIn(text), { ever: true, within: 20_000 });
    const [tries] = await world.database.sql`select count(*)::int as failed from inbox where attempts > 0`;
    expect(tries?.failed).toBe(0);
  });
});
