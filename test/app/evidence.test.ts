/** Voice notes, photos and documents: from the phone into the case, and what the reporter is told when that fails. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { transact } from '../../src/app/ground/transaction.ts';
import { createDraft } from '../../src/app/records/case-opening.ts';
import { createFetching } from '../../src/app/reporters/ended-tries.ts';
import { noteEvidence, storeEvidence } from '../../src/app/reporters/evidence.ts';
import { beginTry } from '../../src/app/reporters/evidence-tries.ts';
import { forget } from '../../src/app/reporters/forget.ts';
import type { ContactRow } from '../../src/db/contacts.ts';
import { sql } from '../../src/db/drizzle.cjs';
import { LakanaError } from '../../src/kernel/errors.ts';
import type { EvidenceId } from '../../src/kernel/ids.ts';
import { hours, minutes } from '../../src/kernel/time.ts';
import { keepingOf } from '../../src/messengers/list.ts';
import { type House, hold, holdContacts, openHouse, referenceOn, somebodyWaits, until } from './house.ts';
import type { Phone } from './messenger.ts';

const SAVED = /^Enregistré : /;
const VOICE = randomBytes(700_000);

let house: House;
let awa: Phone;
let reference: string;
beforeEach(async () => {
  house = await openHouse();
  awa = house.person('Awa');
  await awa.says('SOS');
  reference = referenceOn(awa);
});
afterEach(() => house.close());

const chunks = async (): Promise<number> =>
  Number((await house.database.sql`select count(*) as n from evidence_chunks`)[0]?.n);
const states = async () =>
  (await house.database.sql`select state, refusal, source_sealed is null as blank from evidence`).map(
    (row) => ({ ...row }),
  );
const told = (about: RegExp): string[] => awa.screen().filter((text) => about.test(text));
const events = async (): Promise<unknown[]> =>
  (await house.read(reference)).items.flatMap(({ kind, payload: { what, media, reason } }) =>
    kind === 'event' ? [{ what, media, reason }] : [],
  );

/** A voice note that stops after its first pieces until it is told how to go on. */
function slowly(bytes: Uint8Array, ref: string) {
  let goOn: (how?: Error) => void = () => undefined;
  const told = new Promise<Error | undefined>((resolve) => {
    goOn = resolve;
  });
  async function* pieces() {
    yield bytes.subarray(0, 400_000);
    const error = await told;
    if (error) throw error;
    yield bytes.subarray(400_000);
  }
  house.phones.files.set(ref, () => ({ ok: true, stream: ReadableStream.from(pieces()) }));
  return { goOn };
}

async function sendsVoice(): Promise<EvidenceId> {
  await awa.sends('voice', 'note', { seconds: 40 });
  const id = house.toFetch.at(-1);
  if (!id) throw new Error('no job was asked for');
  return id;
}

test('a voice note is in the case byte for byte, and "saved" is said once it is there', async () => {
  house.phones.upload('note', VOICE);
  await sendsVoice();
  expect(told(SAVED)).toEqual([]);
  await house.fetch();
  expect(told(SAVED)).toEqual(['Enregistré : 1 fichier.']);
  const { items, files } = await house.read(reference);
  expect(files).toEqual([VOICE]);
  expect(items.find(({ kind }) => kind === 'evidence')?.payload).toMatchObject({
    media: 'voice',
    seconds: 40,
    bytes: VOICE.length,
    // Of the file itself, beside that of the sealed one.
    plainSha256: createHash('sha256').update(VOICE).digest('hex'),
    came: { channel: 'telegram', at: expect.any(String) },
  });
  expect(await states()).toEqual([{ state: 'saved', refusal: null, blank: true }]);
});

test('"saved" is not said when the commit fails, and is said once when the next try succeeds', async () => {
  house.phones.upload('note', VOICE);
  const id = await sendsVoice();
  // A constraint that is looked at only at the commit, after everything was written.
  await house.database.sql.unsafe(`
    create function no() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
    create constraint trigger no after update on evidence deferrable initially deferred
      for each row execute function no()`);
  await expect(storeEvidence(house.ctx, id, false)).rejects.toThrow();
  await house.deliver();
  expect(told(SAVED)).toEqual([]);
  expect(await states()).toEqual([{ state: 'received', refusal: null, blank: false }]);
  await house.database.sql.unsafe('drop trigger no on evidence');
  await storeEvidence(house.ctx, id, false);
  await house.deliver();
  expect(told(SAVED)).toHaveLength(1);
  expect((await house.read(reference)).files).toEqual([VOICE]);
});

test('of several files the reporter reads how many are there and how many still come', async () => {
  house.phones.upload('one', VOICE);
  house.phones.upload('two', randomBytes(10));
  await awa.sends('photo', 'one');
  await awa.sends('photo', 'two');
  const [first, second] = house.toFetch;
  if (!first || !second) throw new Error('no jobs');
  house.clock.advance(minutes(1));
  await storeEvidence(house.ctx, first, false);
  await house.deliver();
  expect(awa.last()).toBe('Enregistré : 1. Encore en cours : 1.');
  await storeEvidence(house.ctx, second, false);
  await house.deliver();
  expect(awa.last()).toBe('Enregistré : 2 fichiers.');
});

test('one person’s files count as one person’s, in whichever case; and no contact stands among the jobs', async () => {
  const first = await sendsVoice();
  const binta = house.person('Binta');
  await binta.says('SOS');
  await binta.sends('voice', 'note');
  const others = house.toFetch.at(-1) ?? first;
  const [contact] = await house.database.sql<
    ContactRow[]
  >`select id, channel from contacts order by created_at`;
  const second = await transact(house.ctx, async (at) => {
    const caseId = await createDraft(at, 'telegram');
    if (!contact) throw new Error('nobody wrote');
    return noteEvidence(at, caseId, contact, { kind: 'photo', ref: 'x' });
  });
  const [mine, again, hers] = [first, second, others].map((id) => house.senders.get(id));
  expect(again).toBe(mine);
  expect(hers).not.toBe(mine);
  expect(mine).not.toContain(contact?.id);
});

describe('a file that is too big', () => {
  test("by the messenger's own word is refused at once, with what to do instead", async () => {
    await awa.sends('video', 'film', { size: 30_000_000 });
    expect(house.toFetch).toEqual([]);
    expect(awa.screen().join('\n')).toMatch(
      'Ce fichier est trop gros. La limite est de 3 Mo. Vous pouvez envoyer un fichier plus petit',
    );
  });

  test('says the messenger when it is fetched: the reporter can send less or tell it', async () => {
    house.phones.files.set('note', () => ({ ok: false, reason: 'too_big', code: '400' }));
    await sendsVoice();
    await house.fetch();
    expect(awa.last()).toBe(
      "Ce fichier est trop gros : 3 Mo au plus. Il n'est pas enregistré.\n" +
        'Vous pouvez envoyer une partie plus courte, ou le dire en mots.',
    );
    expect(await events()).toEqual([{ what: 'file_not_saved', media: 'voice', reason: 'too_big' }]);
  });

  test('by its real length: nothing of it stays', async () => {
    house.phones.upload('note', randomBytes(3_000_001));
    await sendsVoice();
    await house.fetch();
    expect(awa.last()).toMatch(/^Ce fichier est trop gros : 3 Mo/);
    expect(await states()).toEqual([{ state: 'refused', refusal: 'too_big', blank: true }]);
    expect(await chunks()).toBe(0);
    expect(await events()).toEqual([{ what: 'file_not_saved', media: 'voice', reason: 'too_big' }]);
  });
});

test('a file that is gone is refused, and the reporter can send it again', async () => {
  await sendsVoice();
  await house.fetch();
  expect(awa.last()).toBe(
    "Ce fichier n'est plus disponible. Il n'est pas enregistré.\nVous pouvez l'envoyer encore une fois.",
  );
  expect(await events()).toEqual([{ what: 'file_not_saved', media: 'voice', reason: 'gone' }]);
});

describe('a file that cannot be reached', () => {
  test('is tried again without a word, and saved when it can', async () => {
    house.phones.files.set('note', () => ({ ok: false, reason: 'unreachable', code: '502' }));
    const id = await sendsVoice();
    const before = awa.screen();
    await expect(storeEvidence(house.ctx, id, false)).rejects.toMatchObject({ code: 'evidence_unreachable' });
    await house.deliver();
    expect(awa.screen()).toEqual(before);
    house.phones.upload('note', VOICE);
    await storeEvidence(house.ctx, id, false);
    await house.deliver();
    expect(told(SAVED)).toHaveLength(1);
    expect((await house.read(reference)).files).toEqual([VOICE]);
  });

  test('on the last try is refused with a reason, and the case says that there was one', async () => {
    house.phones.files.set('note', () => ({ ok: false, reason: 'unreachable', code: '502' }));
    const id = await sendsVoice();
    await storeEvidence(house.ctx, id, true);
    await house.deliver();
    expect(awa.last()).toBe(
      "Nous n'avons pas pu recevoir ce fichier. Il n'est pas enregistré.\nVous pouvez l'envoyer encore une fois.",
    );
    expect(await events()).toEqual([{ what: 'file_not_saved', media: 'voice', reason: 'unreachable' }]);
  });
});

describe('a connection that breaks off in the middle', () => {
  test('is another try, and what came before it is in no file', async () => {
    const { goOn } = slowly(VOICE, 'note');
    const id = await sendsVoice();
    const trying = storeEvidence(house.ctx, id, false);
    await until(async () => (await chunks()) > 0);
    goOn(new Error('socket hang up'));
    await expect(trying).rejects.toMatchObject({ code: 'evidence_unreachable' });
    expect(await chunks()).toBe(0);
    house.phones.upload('note', VOICE);
    await storeEvidence(house.ctx, id, false);
    const { files } = await house.read(reference);
    expect(files).toEqual([VOICE]);
    expect(await chunks()).toBe(3);
  });

  test('on the last try is told to the reporter', async () => {
    const { goOn } = slowly(VOICE, 'note');
    const id = await sendsVoice();
    goOn(new Error('socket hang up'));
    await storeEvidence(house.ctx, id, true);
    await house.deliver();
    expect(awa.last()).toMatch(/^Nous n'avons pas pu recevoir ce fichier/);
    expect(await states()).toEqual([{ state: 'refused', refusal: 'unreachable', blank: true }]);
    expect(await chunks()).toBe(0);
  });
});

describe('a file that is bad', () => {
  const altered = () =>
    house.phones.files.set('note', () => ({
      ok: true,
      stream: ReadableStream.from(
        (async function* () {
          yield VOICE.subarray(0, 400_000);
          throw new LakanaError('file_altered', 'not what was sent');
        })(),
      ),
    }));
  /** The service starts under this guardian, after whatever it was doing there before. */
  const restarts = (guardian: string, isMessageSuspect = false) =>
    createFetching(house.ctx, { guardian, isMessageSuspect });
  const underWay = async () =>
    Number((await house.database.sql`select count(fetched_by) as n from evidence`)[0]?.n);
  const tries = async (id: EvidenceId) =>
    storeEvidence(house.ctx, id, false).catch((error: { code?: string }) => error.code);

  test('three times is parked: the person can send it again or say it, and the case says that there was one', async () => {
    altered();
    const id = await sendsVoice();
    expect([await tries(id), await tries(id)]).toEqual(['evidence_unreachable', 'evidence_unreachable']);
    await house.deliver();
    expect(told(/abîmé/)).toEqual([]);
    await tries(id);
    await house.deliver();
    expect(awa.last()).toBe(
      "Ce fichier est arrivé trois fois incomplet ou abîmé. Il n'est pas enregistré.\n" +
        "Vous pouvez l'envoyer encore une fois, ou le dire en mots.",
    );
    expect(await states()).toEqual([{ state: 'refused', refusal: 'broken', blank: true }]);
    expect(await events()).toEqual([{ what: 'file_not_saved', media: 'voice', reason: 'broken' }]);
    expect(await chunks()).toBe(0);
  });

  test('because it ends the service each time is parked when that has happened three times', async () => {
    house.phones.upload('note', VOICE);
    const id = await sendsVoice();
    const guardian = randomUUID();
    for (let n = 0; n < 3; n++) {
      await restarts(guardian);
      await beginTry(house.ctx, id, guardian);
    }
    const fetch = await restarts(guardian);
    await fetch(id, false);
    expect(await states()).toEqual([{ state: 'refused', refusal: 'broken', blank: true }]);
  });

  test('is not one that was under way beside others, or beside a message that froze the service; then each is tried alone', async () => {
    const guardian = randomUUID();
    const first = await sendsVoice();
    house.phones.upload('photo', randomBytes(10));
    await awa.sends('photo', 'photo');
    const second = house.toFetch.at(-1) ?? first;
    for (let n = 0; n < 4; n++) {
      for (const id of [first, second]) await beginTry(house.ctx, id, guardian);
      await restarts(guardian);
    }
    for (let n = 0; n < 4; n++) {
      await beginTry(house.ctx, first, guardian);
      await restarts(guardian, true);
    }
    for (const id of [first, second]) await beginTry(house.ctx, id, guardian);
    const fetch = await restarts(guardian);
    const { goOn } = slowly(VOICE, 'note');
    const both = [fetch(first, false), fetch(second, false)];
    await until(async () => (await chunks()) > 0);
    expect((await states()).map(({ state }) => state)).toEqual(['received', 'received']);
    expect(await underWay()).toBe(1);
    goOn();
    await Promise.all(both);
    expect((await states()).map(({ state }) => state)).toEqual(['saved', 'saved']);
  });

  test('that drips after a fall holds up what may also be why, and no one else’s file', async () => {
    const guardian = randomUUID();
    const sends = async (ref: string) => {
      house.phones.upload(ref, randomBytes(10));
      await awa.sends('photo', ref);
      return house.toFetch.at(-1) as EvidenceId;
    };
    const note = await sendsVoice();
    const [beside, after] = [await sends('beside'), await sends('after')];
    for (const id of [note, beside]) await beginTry(house.ctx, id, guardian);
    const fetch = await restarts(guardian);
    const { goOn } = slowly(VOICE, 'note');
    const suspects = [fetch(note, false), fetch(beside, false)];
    await fetch(after, false);
    const stateOf = async (id: EvidenceId) =>
      (await house.database.sql`select state from evidence where id = ${id}`)[0]?.state;
    expect([await stateOf(note), await stateOf(beside), await stateOf(after)]).toEqual([
      'received',
      'received',
      'saved',
    ]);
    goOn();
    await Promise.all(suspects);
  });

  test('and was under way at several falls is known by that, whatever else was under way at each', async () => {
    const guardian = randomUUID();
    house.phones.upload('note', VOICE);
    const bad = await sendsVoice();
    for (let n = 0; n < 4; n++) {
      await awa.sends('photo', `photo ${n}`);
      for (const id of [bad, house.toFetch.at(-1) as EvidenceId]) await beginTry(house.ctx, id, guardian);
      await restarts(guardian);
    }
    const faults = async () => [
      ...(await house.database.sql`select faults from evidence order by created_at, faults desc`),
    ];
    expect((await faults()).map((row) => row.faults)).toEqual([3, 0, 0, 0, 0]);
    const fetch = await restarts(guardian);
    await fetch(bad, false);
    expect((await states()).filter(({ refusal }) => refusal === 'broken')).toHaveLength(1);
  });

  test('is not one that was on its way in three power cuts, or while the office had no network for days', async () => {
    const id = await sendsVoice();
    for (const pause of [2, 2, 2, 180, 180].map(minutes)) {
      const guardian = randomUUID();
      await restarts(guardian);
      await beginTry(house.ctx, id, guardian);
      house.clock.advance(pause);
    }
    await restarts(randomUUID());
    house.phones.files.set('note', () => ({ ok: false, reason: 'unreachable', code: 'econnrefused' }));
    for (let n = 0; n < 20; n++) expect(await tries(id)).toBe('evidence_unreachable');
    house.phones.upload('note', VOICE);
    await tries(id);
    expect((await house.read(reference)).files).toEqual([VOICE]);
  });

  test('is not one whose line is bad for a moment; one that is cut again and again over minutes is', async () => {
    house.phones.files.set('note', () => ({
      ok: true,
      stream: ReadableStream.from(
        (async function* () {
          yield VOICE.subarray(0, 10);
          throw new Error('socket hang up');
        })(),
      ),
    }));
    const id = await sendsVoice();
    for (let n = 0; n < 6; n++) expect(await tries(id)).toBe('evidence_unreachable');
    house.clock.advance(minutes(2));
    expect(await tries(id)).toBe('evidence_unreachable');
    house.clock.advance(minutes(2));
    await tries(id);
    expect(await states()).toEqual([{ state: 'refused', refusal: 'broken', blank: true }]);
  });
});

test('a file that is not what its message says is kept, and the case says what differs', async () => {
  house.phones.upload('note', Buffer.from('MZ a program'));
  await awa.sends('document', 'note', { size: 5_000, mediaType: 'application/pdf', name: 'list.pdf' });
  await house.fetch();
  const { items } = await house.read(reference);
  expect(items.find(({ kind }) => kind === 'evidence')?.payload.differs).toEqual({
    size: { said: 5_000, came: 12 },
    type: { said: 'application/pdf', found: 'program' },
  });
});

test('two tries at once do not mix their pieces, and "saved" is said once', async () => {
  const { goOn } = slowly(VOICE, 'note');
  const id = await sendsVoice();
  const slow = storeEvidence(house.ctx, id, false);
  await until(async () => (await chunks()) > 0);
  house.phones.upload('note', VOICE);
  await storeEvidence(house.another(), id, false);
  const saved = await chunks();
  goOn();
  await slow;
  await house.deliver();
  expect((await house.read(reference)).files).toEqual([VOICE]);
  expect(await chunks()).toBe(saved);
  expect(told(SAVED)).toHaveLength(1);
});

test('a try that comes back after another one refused the file leaves nothing behind', async () => {
  const { goOn } = slowly(VOICE, 'note');
  const id = await sendsVoice();
  const slow = storeEvidence(house.ctx, id, false);
  await until(async () => (await chunks()) > 0);
  house.phones.files.delete('note');
  await storeEvidence(house.another(), id, true);
  goOn();
  await slow;
  await house.deliver();
  expect(await chunks()).toBe(0);
  expect(told(SAVED)).toEqual([]);
});

test('two tries that have all pieces at the same moment: one of them is saved, once', async () => {
  house.phones.upload('note', VOICE);
  const id = await sendsVoice();
  const letGo = await holdContacts(house);
  const tries = [house.ctx, house.another()].map((ctx) => storeEvidence(ctx, id, false));
  await until(() => somebodyWaits(house, 2));
  await letGo();
  await Promise.all(tries);
  await house.deliver();
  const { items, files } = await house.read(reference);
  expect(files).toEqual([VOICE]);
  expect(items.filter(({ kind }) => kind === 'evidence')).toHaveLength(1);
  expect(told(SAVED)).toHaveLength(1);
});

test('a piece that comes at the moment in which another try settles the file is not added', async () => {
  const { goOn } = slowly(VOICE, 'note');
  const id = await sendsVoice();
  const slow = storeEvidence(house.ctx, id, false);
  await until(async () => (await chunks()) > 0);
  const letGo = await hold(house, async (tx) => {
    await tx`update evidence set state = 'refused' where id = ${id}`;
    await tx`delete from evidence_chunks`;
  });
  goOn();
  await until(() => somebodyWaits(house));
  await letGo();
  await slow;
  expect(await chunks()).toBe(0);
});

test('a draft that was erased while its file was fetched takes the file with it, and no one hears of it', async () => {
  const binta = house.person('Binta');
  await binta.says('/start');
  await binta.presses('Français');
  const { goOn } = slowly(VOICE, 'secret');
  await binta.sends('voice', 'secret');
  const id = house.toFetch.at(-1) as EvidenceId;
  const trying = storeEvidence(house.ctx, id, false).catch((error: unknown) => error);
  await until(async () => (await chunks()) > 0);
  await binta.says('effacer');
  const before = binta.screen();
  await binta.presses('Oui');
  goOn();
  await trying;
  // Another try, as the job would.
  await storeEvidence(house.ctx, id, true);
  await house.deliver();
  expect(await chunks()).toBe(0);
  expect(await states()).toEqual([]);
  expect(
    binta
      .screen()
      .slice(before.length)
      .filter((text) => SAVED.test(text)),
  ).toEqual([]);
});

test('a file that arrives after consent was refused is not in the case, which holds only that a person asked', async () => {
  const { goOn } = slowly(VOICE, 'note');
  const id = await sendsVoice();
  const trying = storeEvidence(house.ctx, id, false).catch((error: unknown) => error);
  await until(async () => (await chunks()) > 0);
  await refusesConsent(awa);
  goOn();
  await trying;
  await storeEvidence(house.ctx, id, true);
  await house.deliver();
  expect(await chunks()).toBe(0);
  const { items, files } = await house.read(reference);
  expect(files).toEqual([]);
  // Beside it only what was answered to which text.
  expect(items.filter(({ kind }) => kind !== 'consent').map(({ payload }) => payload.what)).toEqual([
    'asked_for_help_and_refused_consent',
  ]);
  expect(told(SAVED)).toEqual([]);
});

test('the database going away in the middle is another try, also when it is the last one: the file is not refused', async () => {
  const { goOn } = slowly(VOICE, 'note');
  const id = await sendsVoice();
  const trying = storeEvidence(house.ctx, id, true).catch((error: unknown) => error);
  await until(async () => (await chunks()) > 0);
  await house.database.sql.unsafe(
    'create function away() returns trigger language plpgsql as $$ begin ' +
      "raise exception using errcode = '57P01'; end $$; " +
      'create trigger away before insert on evidence_chunks for each row execute function away()',
  );
  goOn();
  expect(await trying).toMatchObject({ code: 'evidence_not_kept' });
  await house.database.db.execute(sql`drop trigger away on evidence_chunks`);
  await house.deliver();
  expect(await states()).toEqual([{ state: 'received', refusal: null, blank: false }]);
  expect(awa.screen().join('\n')).not.toMatch(/pas pu recevoir/);
  house.phones.upload('note', VOICE);
  await storeEvidence(house.ctx, id, true);
  expect((await house.read(reference)).files).toEqual([VOICE]);
});

test('a process that dies in the middle loses nothing: the next one saves the whole file', async () => {
  const { goOn } = slowly(VOICE, 'note');
  const id = await sendsVoice();
  const killed = storeEvidence(house.ctx, id, false).catch(() => undefined);
  await until(async () => (await chunks()) > 0);
  house.phones.upload('note', VOICE);
  await storeEvidence(house.another(), id, false);
  expect((await house.read(reference)).files).toEqual([VOICE]);
  expect(await chunks()).toBe(3);
  goOn(new Error('killed'));
  await killed;
});

test('a file whose job was lost is asked for again after five days, and only then', async () => {
  const guard = { mayErase: () => false };
  house.phones.upload('note', VOICE);
  await sendsVoice();
  house.toFetch.splice(0);
  house.clock.advance(hours(20));
  await forget(house.ctx, guard, keepingOf());
  expect(house.toFetch).toEqual([]);
  house.clock.advance(hours(101));
  await forget(house.ctx, guard, keepingOf());
  await house.fetch();
  expect((await house.read(reference)).files).toEqual([VOICE]);
});

/** Answers the SOS questions until consent is asked, and says no. */
async function refusesConsent(phone: Phone): Promise<void> {
  await phone.says('Kati');
  await phone.presses('Oui');
  await phone.presses('Oui, je continue');
  await phone.presses('Non');
}
