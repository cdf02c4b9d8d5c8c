/** Officers on bad days: codes that do not work, alerts that lie, and officers who are in danger themselves. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { removeOfficer } from '../../src/app/duty/officers.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import type { OfficerId } from '../../src/kernel/ids.ts';
import { days, hours, minutes, seconds } from '../../src/kernel/time.ts';
import { clearsUp, cries } from './duty.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import type { Person } from './messengers/messenger.ts';
import { type Telegram, telegram } from './messengers/telegram.ts';
import { openWorld, referenceIn, type World } from './world.ts';

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  let world: World;
  let salif: Person;
  beforeAll(async () => {
    world = await openWorld(messenger);
    salif = await world.enrolOfficer('Salif', 'supervisor');
    await salif.says('pas de garde');
  });
  afterEach(async () => {
    await clearsUp(world, salif);
    const { sql } = world.database;
    const gone = await sql<
      { id: OfficerId }[]
    >`select id from officers where role = 'officer' and removed_at is null`;
    for (const { id } of gone) await transact(world.ctx(), (at) => removeOfficer(at, id));
  });
  afterAll(() => world?.close());

  const stateOf = async (reference: string) => {
    const [row] = await world.database.sql`select state from alerts where reference = ${reference}`;
    return row?.state;
  };

  test('a code that is wrong, used or too old is refused in the same words, and a good one still works', async () => {
    const code = await world.codeFor('Kadi');
    const late = await world.codeFor('Oumar');
    const stranger = world.person('Stranger');
    const refusals = new Set<string>();
    const isRefused = async (tried: string) => {
      await stranger.says(`/start ${tried}`);
      refusals.add((await stranger.seesText('Ce code ne fonctionne pas, ou plus.')).text);
    };
    const wrong = [...'ABCDEFGHJK'].map((letter) => `${letter}${code.slice(1, -1)}${letter}`);
    for (const tried of wrong) if (tried !== code) await isRefused(tried);
    const kadi = world.person('Kadi');
    await kadi.says(`/start ${code}`);
    await kadi.seesText('Êtes-vous de garde en ce moment ?');
    await isRefused(code);
    await world.passes(hours(25));
    await isRefused(late);
    expect(refusals.size).toBe(1);
    await stranger.says('SOS');
    await stranger.seesText('Nous avons reçu votre SOS');
  });

  describe('an alert', () => {
    test('goes on to an officer off duty when the only one on duty cannot', async () => {
      const kadi = await world.enrolOfficer('Kadi');
      const issa = await world.enrolOfficer('Issa');
      await issa.says('pas de garde');
      await issa.seesText("Vous n'êtes pas de garde.");
      const reference = await cries(world.person('Awa'));
      await kadi.seesText(reference, { ever: true });
      expect(issa.screen().join()).not.toContain(reference);
      await kadi.chooses('Je ne peux pas');
      await kadi.seesText(`${reference} : compris. La personne suivante est appelée.`);
      await issa.seesText(new RegExp(`CRITIQUE · ${reference}`), { ever: true });
    });

    test('that was taken and left lying for 30 minutes rings with the others again', async () => {
      const kadi = await world.enrolOfficer('Kadi');
      const issa = await world.enrolOfficer('Issa');
      const reference = await cries(world.person('Awa'));
      await kadi.chooses('Je prends');
      await kadi.seesText('À VOUS');
      await issa.seesText(new RegExp(`${reference}\\nPrise par Kadi`), { ever: true });
      await issa.says('liste');
      await issa.seesText(`${reference}`);
      await world.passes(minutes(31));
      await kadi.seesText(`${reference} n'est plus à vous`);
      await issa.chooses('Je prends');
      await issa.seesText('À VOUS');
      expect(await stateOf(reference)).toBe('taken');
    });

    test('closed long ago stays closed, whatever is chosen in its old page', async () => {
      const kadi = await world.enrolOfficer('Kadi');
      const reference = await cries(world.person('Awa'));
      const page = await kadi.seesText(`CRITIQUE · ${reference}`, { ever: true });
      await kadi.chooses('Je prends');
      const controls = await kadi.seesText('À VOUS');
      await kadi.chooses('Clore');
      await kadi.seesText(`Clore ${reference}`);
      await kadi.chooses('Danger passé');
      await kadi.seesText(`${reference} : close`);
      await world.passes(days(9));
      for (const [seen, label] of [
        [page, 'Je prends'],
        [page, 'Je ne peux pas'],
        [controls, 'Je rends'],
        [controls, 'Clore'],
        [controls, 'un appel va suivre'],
      ] as const) {
        await kadi.chooses(label, { in: seen });
        await kadi.seesText(`${reference} est déjà close.`);
      }
      for (const said of ['je prends', 'je ne peux pas', 'je rends', 'clore', 'vu', 'appel', 'parler']) {
        await kadi.says(`${said} ${reference}`);
        await kadi.seesText(`${reference} est déjà close.`);
      }
      expect(await stateOf(reference)).toBe('closed');
      await kadi.says('je prends KOKO-0000');
      await kadi.seesText('Aucune alerte KOKO-0000.');
    });
  });

  describe('an officer', () => {
    let kadi: Person;
    beforeEach(async () => {
      kadi = await world.enrolOfficer('Kadi');
    });

    test('who sends what is no command is told that it went to no one', async () => {
      const casesOf = async () => (await world.database.sql`select 1 from cases`).length;
      const before = await casesOf();
      await kadi.sendsOddly('sticker');
      await kadi.seesText("Pas compris ; rien n'est envoyé à personne.");
      await kadi.sendsVoice(Buffer.from('a voice note'));
      await kadi.seesText("Pas compris ; rien n'est envoyé à personne.");
      await kadi.says('Bonjour, je vais à la réunion');
      await kadi.seesText("Pas compris ; rien n'est envoyé à personne.");
      expect(await casesOf()).toBe(before);
    });

    test('who shares where they are is told once, and not again at every step', async () => {
      const sent = await kadi.sharesWay(12, -8);
      await kadi.seesText("Pas compris ; rien n'est envoyé à personne.");
      const told = () => kadi.screen().filter((line) => line.includes('Pas compris')).length;
      const before = told();
      for (const step of [1, 2, 3]) await kadi.moves(sent, 12 + step / 100, -8);
      await world.isQuiet();
      expect(told()).toBe(before);
    });

    test('who sends SOS and says nothing more is looked for after two minutes', async () => {
      const issa = await world.enrolOfficer('Issa');
      await kadi.says('SOS');
      await kadi.seesText('Pour VOUS-MÊME ?');
      await world.passes(seconds(121));
      const reference = referenceIn((await kadi.seesText('Nous avons reçu votre SOS')).text);
      await issa.seesText(`CRITIQUE · ${reference}`, { ever: true });
      await kadi.says('Devant la Bourse du travail');
      await kadi.seesText('écrire ici sans danger');
      expect(JSON.stringify(await world.openCase(reference))).toContain('Devant la Bourse du travail');
    });

    test('who sends SOS by mistake and says no wakes no one', async () => {
      await kadi.says('sos');
      await kadi.chooses('Non');
      await kadi.seesText('Aucune alerte ne part.');
      await world.passes(minutes(5));
      await kadi.says('liste');
      await kadi.seesText('Aucune alerte ouverte.');
    });
  });
});

// WhatsApp tells nobody that it is blocked, and what is sent again there is the same message to the phone.
describe('on Telegram only, an alert', () => {
  let world: World<Telegram>;
  beforeEach(async () => {
    world = await openWorld(telegram);
  });
  afterEach(() => world?.close());

  test('rings with other officers when the one who has it blocks the bot', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const issa = await world.enrolOfficer('Issa');
    const reference = await cries(world.person('Awa'));
    await kadi.chooses('Je prends');
    await kadi.seesText('À VOUS');
    await kadi.phone.blocks();
    await issa.seesText(new RegExp(`^CRITIQUE · ${reference}.*relance`, 's'), { ever: true });
    await issa.chooses('Je prends');
    await issa.seesText('À VOUS');
  });

  test('closed long ago stays closed, whatever is pressed under its old page', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const reference = await cries(world.person('Awa'));
    await kadi.chooses('Je prends');
    await kadi.seesText('À VOUS');
    await kadi.chooses('Clore');
    await kadi.chooses('Danger passé');
    await kadi.seesText(`${reference} : close`);
    await world.passes(days(9));
    for (const verb of ['take', 'cannot', 'release', 'close', 'end_reached', 'ack', 'p_call', 'p_talk']) {
      await kadi.phone.pressesData(`o:${verb}:${reference}`);
      await kadi.seesText(`${reference} est déjà close.`);
    }
    const [alert] = await world.database.sql`select state from alerts where reference = ${reference}`;
    expect(alert?.state).toBe('closed');
    await kadi.phone.pressesData('o:take:KOKO-0000');
    await kadi.seesText('Aucune alerte KOKO-0000.');
  });

  test('that may have arrived says so when it comes again', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    world.messenger.fails(kadi, 'accept_then_drop');
    const reference = await cries(world.person('Awa'));
    await kadi.seesText(new RegExp(`^\\(peut-être déjà reçu\\)\nCRITIQUE · ${reference}`), { ever: true });
  });
});
