/** What is still needed outlives its key; what is over goes with it, from the database and from every process. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepFailed } from '../../src/app/alerts/failing-messages.ts';
import { openQuietAlert } from '../../src/app/alerts/quiet-alerts.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { createEpochs, openLive } from '../../src/app/keys/epochs.ts';
import { createDraft, openCase } from '../../src/app/records/case-opening.ts';
import { openReporter, sealReporter } from '../../src/app/records/reporter-link.ts';
import { forget } from '../../src/app/reporters/forget.ts';
import { runTimers } from '../../src/app/reporters/timers.ts';
import { updateAlert } from '../../src/db/alerts.ts';
import { alerts } from '../../src/db/schema.ts';
import type { ContactId, EpochId } from '../../src/kernel/ids.ts';
import { days, hours } from '../../src/kernel/time.ts';
import { keepingOf } from '../../src/messengers/list.ts';
import { createBeat } from '../../src/service/beat.ts';
import { calm, type House, openHouse, referenceOn } from './house.ts';
import type { Phone } from './messenger.ts';

let house: House;
let sql: House['database']['sql'];
beforeEach(async () => {
  house = await openHouse();
  sql = house.database.sql;
});
afterEach(() => house.close());

/** Time goes by; the hourly run happens every six hours. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= hours(6)) {
    house.clock.advance(Math.min(left, hours(6)));
    await runTimers(house.ctx, calm);
    await forget(house.ctx, calm, keepingOf());
  }
}

/** Days whose key was destroyed, and days whose key exists. */
async function keys(): Promise<{ destroyed: string[]; kept: string[] }> {
  const rows = await sql<{ day: string; gone: boolean }[]>`
    select day, wrapped_key is null as gone from epochs order by day`;
  const those = (gone: boolean) => rows.filter((row) => row.gone === gone).map((row) => row.day.slice(-5));
  return { destroyed: those(true), kept: those(false) };
}

/** So long that the first day's key is destroyed, which is proved. */
async function theKeyIsDestroyed(): Promise<void> {
  await pass(days(8));
  expect((await keys()).destroyed).toContain('11-24');
}

describe('what is still needed outlives its key', () => {
  test('what a reporter with an open case writes goes into that case, however long ago', async () => {
    const awa = house.person('Awa');
    await awa.says('SOS');
    const reference = referenceOn(awa);
    await theKeyIsDestroyed();
    await pass(days(12));
    await awa.says('Kati, derrière le marché');
    const { items } = await house.read(reference);
    expect(JSON.stringify(items.at(-1))).toContain('Kati, derrière le marché');
    expect(await count('cases')).toBe(1);
  });

  test('a report that a person writes on, a little each day, keeps its first words and its first voice note', async () => {
    const binta = house.person('Binta');
    const voice = randomBytes(1_000);
    house.phones.upload('note', voice);
    await begins(binta);
    await binta.sends('voice', 'note');
    await house.fetch();
    for (let day = 0; day < 8; day++) {
      house.clock.advance(days(1));
      await binta.says(`jour ${day}`);
      // What she wrote lies under the day's key already: there is nothing to carry.
      await forget(house.ctx, calm, keepingOf());
    }
    expect((await keys()).destroyed).toContain('11-24');
    await binta.says('SOS');
    const { items, files } = await house.read(referenceOn(binta));
    const said = JSON.stringify(items);
    for (let day = 0; day < 8; day++) expect(said).toContain(`jour ${day}`);
    expect(files).toEqual([voice]);
  });

  test('an officer who takes an alert after weeks still reaches the person', async () => {
    const kadi = await house.officer('Kadi');
    const awa = house.person('Awa');
    await awa.says('SOS');
    await house.cycle();
    await theKeyIsDestroyed();
    await kadi.presses('Je prends');
    await house.cycle();
    await kadi.presses('pouvez-vous parler');
    expect(awa.last()).toMatch(/parler/);
  });

  test('an officer who takes a case that is not urgent after weeks still reaches the person', async () => {
    const kadi = await house.officer('Kadi');
    const awa = house.person('Awa');
    await awa.says('bonjour');
    const [contact] = await sql<{ contact_id: ContactId }[]>`select contact_id from conversations`;
    const reference = await transact(house.ctx, async (at) => {
      const caseId = await createDraft(at, 'telegram');
      const facts = { level: 'low' as const, isSubmitted: true, isUnfinished: false };
      const found = await openCase(at, caseId, facts);
      const about = contact ? { contactId: contact.contact_id } : {};
      await openQuietAlert(at, { caseId, reference: found, level: 'low', ...about });
      return found;
    });
    await theKeyIsDestroyed();
    await kadi.says(`prendre ${reference}`);
    await house.cycle();
    await kadi.presses('pouvez-vous parler');
    expect(awa.last()).toMatch(/parler/);
  });

  test('an officer who was asked for a reason can give it a week later', async () => {
    const kadi = await house.officer('Kadi');
    const awa = house.person('Awa');
    await awa.says('SOS');
    await house.cycle();
    await kadi.presses('Je prends');
    await kadi.presses('Mettre en sourdine');
    await theKeyIsDestroyed();
    await kadi.says('Insultes répétées');
    expect(kadi.last()).toMatch(/est en sourdine/);
  });

  test('a file that could not be fetched for a week is fetched', async () => {
    const awa = house.person('Awa');
    const photo = randomBytes(1_000);
    await awa.says('SOS');
    await awa.sends('photo', 'photo');
    await theKeyIsDestroyed();
    house.phones.upload('photo', photo);
    await house.fetch();
    expect((await house.read(referenceOn(awa))).files).toEqual([photo]);
  });

  test('an answer that could not leave for a week is still readable to who sends it', async () => {
    const awa = house.person('Awa');
    await house.receive({
      channel: 'telegram',
      id: '1',
      address: 'Awa',
      content: { kind: 'text', text: 'SOS' },
    });
    expect(awa.screen()).toEqual([]);
    await theKeyIsDestroyed();
    await house.deliver();
    // So late the phone may be in other hands: what it says of the answer is read from the answer itself.
    expect(awa.last()).toBe('24/11 14:00 – reçu. Pour la suite, écrivez « bonjour ».');
  });

  test('a message that could not even become a case waits until the program is mended', async () => {
    const ctx = { ...house.ctx, team: { ...house.ctx.team, recipient: 'not a key' } };
    const content = { kind: 'text' as const, text: 'poison' };
    const message = { channel: 'telegram' as const, id: '1', address: 'Awa', content };
    for (let tried = 0; tried < 3; tried++) await keepFailed(ctx, message, new Error('a bug'));
    await theKeyIsDestroyed();
    const [row] = await sql`select epoch_id, body_sealed from inbox where state = 'parked'`;
    expect(await opened('inbox/telegram', row?.epoch_id, row?.body_sealed)).toMatchObject({ content });
  });
});

describe('what is over goes', () => {
  test('a draft after 72 hours of silence, with what was sealed for it', async () => {
    const binta = house.person('Binta');
    house.phones.upload('note', randomBytes(1_000));
    await begins(binta);
    await binta.sends('voice', 'note');
    await house.fetch();
    await pass(hours(66));
    expect(await count('cases')).toBe(1);
    await pass(hours(12));
    expect(await Promise.all(['cases', 'evidence', 'evidence_chunks'].map(count))).toEqual([0, 0, 0]);
  });

  test('a draft whose timer was lost gets it back, and goes all the same', async () => {
    const binta = house.person('Binta');
    await begins(binta);
    await binta.sends('voice', 'note');
    await sql`update conversations set due_at = null`;
    await forgetAt(hours(80));
    expect(await count('cases')).toBe(1);
    await runTimers(house.ctx, calm);
    expect(await count('cases')).toBe(0);
  });

  test('a conversation that never came to a report, after 72 hours; the language stays', async () => {
    const binta = house.person('Binta');
    await binta.says('/start');
    await binta.presses('Français');
    await forgetAt(hours(70));
    expect(await count('conversations')).toBe(1);
    await forgetAt(hours(24));
    expect(await count('conversations')).toBe(0);
    expect(await sql`select language from contacts`).toMatchObject([{ language: 'fr' }]);
  });

  test('a draft that lost its conversation, after five days', async () => {
    const binta = house.person('Binta');
    await begins(binta);
    await binta.sends('voice', 'note');
    await sql`delete from conversations`;
    await forgetAt(days(5) - hours(1));
    expect(await count('cases')).toBe(1);
    await forgetAt(hours(2));
    expect(await count('cases')).toBe(0);
  });

  test("a closed alert's way back to the person, after 48 hours", async () => {
    const kadi = await house.officer('Kadi');
    const awa = house.person('Awa');
    await awa.says('SOS');
    await house.cycle();
    await kadi.presses('Je prends');
    await kadi.presses('Clore');
    await kadi.presses('Danger passé');
    const link = () => sql`select state, reporter_sealed is null and epoch_id is null as blank from alerts`;
    await forgetAt(hours(47));
    expect(await link()).toMatchObject([{ state: 'closed', blank: false }]);
    await forgetAt(hours(2));
    expect(await link()).toMatchObject([{ state: 'closed', blank: true }]);
    // If they cry for help again, there is a way again.
    await awa.says('SOS');
    expect(await link()).toMatchObject([{ state: 'open', blank: false }]);
    await house.cycle();
    await kadi.presses('Je prends');
    await house.cycle();
    await kadi.presses('pouvez-vous parler');
    expect(awa.last()).toMatch(/parler/);
  });

  test('what a reporter said in the chat about a case, a week after it was closed', async () => {
    const kadi = await house.officer('Kadi');
    const awa = house.person('Awa');
    await awa.says('SOS');
    await house.cycle();
    await pass(days(10));
    await kadi.presses('Je prends');
    await kadi.presses('Clore');
    await kadi.presses('Danger passé');
    await pass(days(6));
    expect(await count('conversations')).toBe(1);
    await pass(days(2));
    expect(await count('conversations')).toBe(0);
  });

  test('where an answer stands on the phone after 48 hours, and the answer itself after 7 days', async () => {
    const awa = house.person('Awa');
    await awa.says('bonjour');
    const sent = () => sql`select message_ref_sealed is null as blank from deliveries where state = 'sent'`;
    await forgetAt(hours(47));
    expect(await sent()).toMatchObject([{ blank: false }]);
    await forgetAt(hours(2));
    expect(await sent()).toMatchObject([{ blank: true }]);
    await forgetAt(days(5) - hours(2));
    expect(await count('deliveries')).toBe(1);
    await forgetAt(hours(2));
    expect(await count('deliveries')).toBe(0);
  });

  test('who wrote and has no case, 30 days after the last word: the address is nowhere, and who writes again is new', async () => {
    const kadi = await house.officer('Kadi');
    const [idle, late, awa] = ['Idle', 'Late', 'Awa'].map((name) => house.person(name));
    await idle?.says('bonjour');
    await awa?.says('SOS');
    await pass(days(20));
    await late?.says('bonjour');
    expect(await count('contacts')).toBe(4);
    await pass(days(14));
    // The one who wrote later, the one with an open case, and the one on duty.
    expect(await count('contacts')).toBe(3);
    await kadi.says(`je prends ${referenceOn(awa as Phone)}`);
    await awa?.says('Kati');
    await idle?.says('bonjour');
    expect(idle?.last()).toContain('Bonjour');
    expect(await count('contacts')).toBe(4);
  });

  test('no phone that was kept out of a case that is open: it would come in again as a new person', async () => {
    const [thief, awa] = ['Thief', 'Awa'].map((name) => house.person(name));
    await thief?.says('bonjour');
    const [{ id: contactId } = { id: '' }] = await sql<{ id: string }[]>`select id from contacts`;
    await awa?.says('SOS');
    await transact(house.ctx, async (at) => {
      const [alert] = await at.tx.select().from(alerts);
      if (!alert) throw new Error('no alert');
      const link = await openReporter(at, alert);
      if (!link) throw new Error('no link');
      const refused = [{ contactId: contactId as ContactId }];
      await updateAlert(at.tx, alert.id, await sealReporter(at, alert.id, { ...link, refused }));
    });
    await pass(days(40));
    expect(await count('contacts')).toBe(2);
  });

  test('no one as long as a link to a person does not open, and all else goes: also the keys', async () => {
    const [idle, awa] = ['Idle', 'Awa'].map((name) => house.person(name));
    await idle?.says('bonjour');
    await awa?.says('SOS');
    await pass(days(1));
    await sql`update alerts set reporter_sealed = reporter_sealed || '\\x00'::bytea`;
    await pass(days(40));
    expect(await count('contacts')).toBe(2);
    expect((await keys()).destroyed.length).toBeGreaterThan(20);
  });

  test('no one who is muted: else a month of silence would undo it', async () => {
    const noise = house.person('Noise');
    await noise.says('bonjour');
    await sql`update contacts set muted_at = now()`;
    await pass(days(40));
    expect(await count('contacts')).toBe(1);
  });

  test('that a message came, after 30 days', async () => {
    await house.person('Awa').says('bonjour');
    await forgetAt(days(30) - hours(1));
    expect(await count('inbox')).toBe(1);
    await forgetAt(hours(2));
    expect(await count('inbox')).toBe(0);
  });
});

describe('after its key is destroyed', () => {
  /** What a thief copied out of the database on the first day. */
  async function copy() {
    const awa = house.person('Awa');
    await awa.says('SOS');
    await house.receive({
      channel: 'telegram',
      id: '1',
      address: 'Awa',
      content: { kind: 'text', text: 'Kati' },
    });
    const rows = await sql<{ context: string; epoch: EpochId; sealed: Uint8Array }[]>`
      select 'conversation/' || contact_id as context, epoch_id as epoch, state_sealed as sealed from conversations
      union all select 'delivery/' || contact_id, epoch_id, body_sealed from deliveries where body_sealed is not null
      union all select 'alert-reporter/' || id, epoch_id, reporter_sealed from alerts`;
    expect(rows.length).toBeGreaterThanOrEqual(3);
    return rows;
  }

  test('nothing that was sealed with it opens, not with the server key and not from memory', async () => {
    const rows = await copy();
    for (const { context, epoch, sealed } of rows) expect(await opened(context, epoch, sealed)).toBeDefined();
    await theKeyIsDestroyed();
    for (const { context, epoch, sealed } of rows)
      expect(await opened(context, epoch, sealed)).toBeUndefined();
  });

  test('a process that had it in memory and never forgets by itself has lost it too, and keeps the others', async () => {
    const rows = await copy();
    const other = house.another();
    const at = house.clock.at();
    const { id } = await other.epochs.current(other.db, at);
    expect(rows.map((row) => row.epoch)).toContain(id);
    const beat = await createBeat(other, 'live');
    await pass(days(7));
    await other.epochs.refresh();
    expect(await other.epochs.byId(other.db, id)).toBeDefined();
    await pass(days(1));
    const today = await other.epochs.current(other.db, house.clock.at());
    // Its last heartbeat.
    await beat.stop();
    expect(await other.epochs.byId(other.db, id)).toBeUndefined();
    expect(await other.epochs.byId(other.db, today.id)).toEqual(today.key);
  });

  test('an idle process that sealed last on that day does not seal with it again', async () => {
    const other = createEpochs(house.database.db, house.ctx.keyring);
    const first = house.clock.at();
    const { id } = await other.current(house.database.db, first);
    await theKeyIsDestroyed();
    await other.refresh();
    // As a clock would that is set back by a week.
    expect((await other.current(house.database.db, first)).id).not.toBe(id);
  });
});

/** The hourly run after so much more time, without timers. */
async function forgetAt(ms: number): Promise<void> {
  house.clock.advance(ms);
  await forget(house.ctx, calm, keepingOf());
}

async function count(table: string): Promise<number> {
  const [row] = await sql`select count(*)::int as n from ${sql(table)}`;
  return Number(row?.n);
}

/** What lies under an epoch's key; undefined once that is destroyed. */
function opened(context: string, epochId: EpochId, sealed: Uint8Array): Promise<unknown> {
  return openLive(house.ctx, house.ctx.db, { epochId, sealed }, context);
}

/** Chooses a language and is in no danger: a report that is begun. */
async function begins(phone: Phone): Promise<void> {
  await phone.says('/start');
  await phone.presses('Français');
  await phone.presses('Non, pas en ce moment');
}
