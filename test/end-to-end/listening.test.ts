/**
 * The path without reading, through the whole service and on every messenger: a person who only listens, and answers by
 * thumb, digit, keycap and voice. The recordings hold their names; what was heard is read by an independent reader.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hearFile, openFile } from '../../src/app/console/case-files.ts';
import { readInbox } from '../../src/app/console/inbox.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { findMember, insertMember, type MemberRow } from '../../src/db/members.ts';
import { type MemberId, newId } from '../../src/kernel/ids.ts';
import { MESSENGERS } from '../../src/messengers/list.ts';
import { readContent } from '../../src/service/content.ts';
import { WITHIN } from '../fakes/within.ts';
import { pagesOf, piecesIn } from '../ogg.ts';
import { recordedFolder } from '../spoken.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import type { Person } from './messengers/messenger.ts';
import { type Telegram, telegram } from './messengers/telegram.ts';
import { entriesOf, openWorld, referenceIn, type World } from './world.ts';

const content = await readContent({ defaultLanguage: 'fr', everyMessenger: MESSENGERS });
const folder = await recordedFolder(content.flows, content.texts);
const voice = Buffer.from('a voice note '.repeat(200));

/** Waits until this is heard, and that its words came before it. */
async function hears(person: Person, question: string, words: string): Promise<string[]> {
  const heard = async () => piecesIn((await person.hears()).bytes);
  await expect.poll(heard, { timeout: WITHIN }).toContain(question);
  const { bytes, seconds } = await person.hears();
  expect(pagesOf(bytes).at(-1)?.isLast).toBe(true);
  expect(seconds).toBeGreaterThan(0);
  expect(person.screen().some((line) => line.includes(words))).toBe(true);
  return piecesIn(bytes);
}

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  let world: World;
  let kadi: Person;
  beforeAll(async () => {
    world = await openWorld(messenger, { voiceFolders: [folder] });
    kadi = await world.enrolOfficer('Kadi');
  });
  afterAll(() => world?.close());

  test('a person who only listens is paged for, reports, and a person hears what they said', async () => {
    const awa = world.person('Awa', { language: 'fr' });
    await awa.says('🔊');
    const danger = await hears(awa, 'report.danger.ask', 'Êtes-vous en danger maintenant');
    const first = danger.indexOf('report.danger.ask');
    expect(danger.slice(first + 1, first + 3)).toEqual(['report.danger.options.now', 'voice.number_1']);
    await awa.says('1');
    await hears(awa, 'sos.where.ask', 'Où êtes-vous ?');
    const page = await kadi.seesText('CRITIQUE');
    await awa.sendsVoice(voice);
    await hears(awa, 'sos.safe.ask', 'Est-ce que nous pouvons vous écrire ici');
    await awa.says('👍');
    await hears(awa, 'sos.go_on.ask', 'Pouvez-vous continuer maintenant');
    await awa.says('1️⃣');
    await hears(awa, 'report.consent.ask', 'Acceptez-vous de continuer');
    await awa.says('👍');
    await hears(awa, 'report.phone_safe.ask', 'sur ce téléphone');
    await awa.says('1');
    await hears(awa, 'report.who.ask', "De qui s'agit-il");
    // Said aloud, twice: nobody is kept there, and a person hears it.
    await awa.sendsVoice(voice);
    await hears(awa, 'report.who.ask', "De qui s'agit-il");
    await awa.sendsVoice(voice);
    await hears(awa, 'bot.account_so_far', 'Ce que vous avez déjà envoyé est gardé');
    await awa.sendsVoice(voice);
    await hears(awa, 'voice.done', 'Reçu. Vous pouvez continuer');
    await awa.says('👍');
    await hears(awa, 'report.contact_how.ask', 'Comment pouvons-nous vous joindre');
    await awa.says('1');
    await hears(awa, 'report.review.ask', 'Voici ce que vous avez dit');
    await awa.says('1');
    await awa.seesText('Votre signalement est enregistré');
    await world.isQuiet();
    const reference = referenceIn(page.text);
    const items = await world.openCase(reference);
    expect(entriesOf(items).find(({ step }) => step === 'who')?.answer).toMatchObject({ kind: 'not_said' });
    expect((await world.openFiles(reference)).length).toBe(4);

    // What was said aloud where a number was asked stands in the room among what nobody has heard, until a member hears it.
    const member = await joinsTheRoom();
    const toHear = async () => {
      const { cases } = await transact(world.ctx(), (at) => readInbox(at, member));
      return cases.filter(({ unheard }) => unheard > 0).map((each) => [each.reference, each.unheard]);
    };
    expect(await toHear()).toEqual([[reference, 4]]);
    const { sql } = world.database;
    const notes = await sql`select id from evidence where media in ('voice', 'audio') order by created_at`;
    for (const { id } of notes) {
      await transact(world.ctx(), async (at) => {
        const found = await openFile(at, member, reference, id);
        expect(found.ok).toBe(true);
        expect(await hearFile(at.tx, at.now, member, reference, id)).toEqual({ ok: true });
      });
    }
    expect(await toHear()).toEqual([]);
  });

  const joinsTheRoom = (): Promise<MemberRow> =>
    transact(world.ctx(), async ({ tx, ctx, now }) => {
      const id = newId<MemberId>();
      const nameSealed = ctx.keyring.seal('member-name', id, Buffer.from('Fanta'));
      const member = { id, officerId: null, role: 'officer' as const, recipient: 'age1pq1x', createdAt: now };
      await insertMember(tx, { ...member, nameSealed });
      const row = await findMember(tx, id);
      if (!row) throw new Error('nobody');
      return row;
    });

  test('one voice note and silence is enough after an SOS, also for who listens', async () => {
    const binta = world.person('Binta', { language: 'fr' });
    await binta.says('🔊');
    await binta.hears();
    await binta.sendsVoice(voice);
    await hears(binta, 'report.danger.ask', 'Êtes-vous en danger maintenant');
    const before = kadi.screen().length;
    await world.passes(121_000);
    await binta.seesText('transmis', { ever: true });
    await world.messenger.until(() => kadi.screen().length > before);
    // What nobody had just asked for made no sound.
    const voices = binta.screen().filter((line) => /^bot: (\((voice|audioMessage)\))?$/.test(line));
    expect(voices).toHaveLength(2);
  });
});

describe('on Telegram only,', () => {
  let world: World<Telegram>;
  afterAll(() => world?.close());

  test('a person who takes no voice notes is asked in words, and goes on', async () => {
    world = await openWorld(telegram, { voiceFolders: [folder] });
    const awa = world.person('Awa');
    await awa.says('Bonjour');
    await awa.seesText('Êtes-vous en danger maintenant');
    awa.phone.room.takesNoVoice = true;
    await awa.chooses('🔊 Voix');
    await awa.seesText('Les questions viennent aussi en message vocal');
    await awa.says('4');
    await awa.seesText('Comment pouvons-nous vous aider');
    expect(awa.screen().filter((line) => line.includes('(voice)'))).toEqual([]);
  });
});
