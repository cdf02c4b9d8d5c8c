/** What people ask for by right, in their own words, and the secret code by which their case is found again. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sendDigest } from '../../src/app/duty/digest.ts';
import { runTimers } from '../../src/app/reporters/timers.ts';
import { days, minutes } from '../../src/kernel/time.ts';
import { calm, type House, openHouse, referenceOn } from './house.ts';
import type { Phone } from './messenger.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const CODE = /\d{4} \d{4} \d{4} \d{4}/;
const codesOn = (phone: Phone): string[] => phone.screen().flatMap((text) => CODE.exec(text)?.[0] ?? []);

/** A person who cried for help and answered what SOS asks, with this answer to "may we write to you here?". */
async function criesForHelp(name: string, safe = 'Oui'): Promise<Phone> {
  const awa = house.person(name);
  await awa.says('SOS');
  await awa.says('Kati, derrière le marché');
  await awa.presses(safe);
  return awa;
}

const tasks = () =>
  house.database.sql<{ kind: string; state: string; times: number }[]>`
    select kind, state, times from case_tasks order by id`;

describe('a right that the consent names', () => {
  test.each([
    [
      "je veux que vous effaciez tout ce que j'ai dit",
      'erase',
      "Votre demande d'effacement est notée",
      'a été écrit',
    ],
    ['effacer', 'erase', "Votre demande d'effacement est notée", 'a été écrit'],
    ['mes données', 'access', 'savoir ce que nous gardons', 'veut savoir ce que nous gardons'],
    ['corriger mes données', 'correction', 'Votre demande de correction est notée', 'veut corriger'],
    [
      "je m'oppose",
      'objection',
      'nous ne comptons votre dossier dans aucun chiffre',
      "s'oppose à être comptée",
    ],
  ])('%s: is a task in the case, which its officer and the digest name', async (word, kind, said, told) => {
    const officer = await house.officer('Binta');
    const awa = await criesForHelp('Awa');
    await house.cycle();
    await officer.presses('Je prends');
    await awa.says(word);
    expect(awa.screen().join('\n')).toContain(said);
    expect(await tasks()).toMatchObject([{ kind, state: 'open', times: 1 }]);
    expect(officer.screen().join('\n')).toContain(told);
    // Asked again it is the same task.
    await awa.says(word);
    expect(await tasks()).toMatchObject([{ kind, state: 'open', times: 2 }]);
    await sendDigest(house.ctx);
    await house.deliver();
    expect(officer.last()).toContain(`: ${referenceOn(awa)}`);
    const { items } = await house.read(referenceOn(awa));
    expect(JSON.stringify(items)).toContain(kind === 'erase' ? 'erase_requested' : `"${kind}"`);
  });

  test('that is taken back is no task any more: who asked to erase and writes "n\'effacez plus" keeps the case', async () => {
    const officer = await house.officer('Binta');
    const awa = await criesForHelp('Awa');
    await house.cycle();
    await officer.presses('Je prends');
    await awa.says('effacez tout svp');
    await awa.says("finalement n'effacez rien");
    expect(awa.screen().join('\n')).toContain("L'équipe voit que vous voulez garder votre dossier");
    expect(await tasks()).toMatchObject([{ kind: 'erase', state: 'declined' }]);
    expect(officer.last()).toContain("« n'effacez pas » a été écrit");
    expect(JSON.stringify((await house.read(referenceOn(awa))).items)).toContain('keep_asked');
  });

  test('an objection stands beside the case, from the first word of it on if it was made before there was one', async () => {
    const awa = house.person('Awa');
    await awa.says('/start');
    await awa.says("je m'oppose");
    expect(awa.screen().join('\n')).toContain('si vous envoyez un signalement ici');
    expect(await tasks()).toEqual([]);
    await awa.says('SOS');
    expect(await tasks()).toMatchObject([{ kind: 'objection', state: 'open' }]);
    const { sql } = house.database;
    expect(await sql`select 1 from cases where objected_at is not null`).toHaveLength(1);
  });

  test('without a case it is answered with what is true', async () => {
    const awa = house.person('Awa');
    await awa.says('/start');
    await awa.says('mes données');
    expect(awa.screen().join('\n')).toContain("Nous n'avons pas de dossier de vous");
    await awa.says('corriger mes données');
    expect(awa.screen().join('\n')).toContain("Rien n'est encore envoyé");
    expect(await tasks()).toEqual([]);
  });
});

describe('the secret code', () => {
  test.each([
    ['not safe', 'non'],
    ['not known to be', 'je ne sais pas'],
  ])('is not shown on a phone that is %s; asked for there it comes, once', async (_, safe) => {
    const awa = house.person('Awa');
    await awa.says('Le maire me menace');
    for (const word of ['non', 'oui', safe, 'moi', 'terminé', 'ne me contactez pas', 'envoyer'])
      await awa.says(word);
    expect(awa.screen().join('\n')).toContain('Votre signalement est enregistré');
    expect(codesOn(awa)).toEqual([]);
    expect(awa.screen().join('\n')).toContain("Il n'est pas montré ici");
    await awa.says('code');
    expect(codesOn(awa)).toHaveLength(1);
    expect(await tasks()).toEqual([]);
  });

  test('is shown on one that is safe', async () => {
    const awa = house.person('Awa');
    await awa.says('Le maire me menace');
    for (const word of ['non', 'oui', 'oui', 'moi', 'terminé', 'ne me contactez pas', 'envoyer'])
      await awa.says(word);
    expect(codesOn(awa)).toHaveLength(1);
  });

  test('after SOS comes once, in a message of its own, when what SOS asks is answered', async () => {
    const awa = house.person('Awa');
    await awa.says('SOS');
    await awa.says('Kati');
    expect(codesOn(awa)).toEqual([]);
    await awa.presses('Oui');
    const [message] = awa.screen().filter((text) => CODE.test(text));
    expect(message).toContain('Notez ce code, puis effacez ce message.');
    expect(message).not.toContain(referenceOn(awa));
    // Once more the same questions: the code stays the one that was written down.
    await awa.presses('Pas maintenant');
    await awa.says('SOS');
    await awa.says('Kati');
    await awa.presses('Oui');
    expect(codesOn(awa)).toHaveLength(1);
    // A cry for help asks for no code: the person reads nothing of one, and no officer has one to decide on.
    expect(await tasks()).toEqual([]);
    expect(awa.screen().join('\n')).not.toContain('demande de code');
  });

  test('that was asked for before is not shown, nor asked for, by another cry for help', async () => {
    const awa = await criesForHelp('Awa', "Non, n'écrivez pas");
    await awa.says('code');
    const [code] = codesOn(awa);
    await awa.presses('Pas maintenant');
    await awa.says('SOS');
    await awa.says('Kati');
    await awa.presses('Oui');
    expect(codesOn(awa)).toEqual([code]);
    expect(await tasks()).toEqual([]);
    expect(awa.screen().join('\n')).not.toContain('demande de code');
  });

  test('comes also to a person who had written the day before', async () => {
    const awa = house.person('Awa');
    await awa.says('bonjour');
    house.clock.advance(days(1));
    await awa.says('SOS');
    await awa.says('Kati');
    await awa.presses('Oui');
    expect(codesOn(awa)).toHaveLength(1);
  });

  test('opens the case elsewhere', async () => {
    const awa = await criesForHelp('Awa');
    const other = house.person('Awa, ailleurs');
    await other.says(`${referenceOn(awa)} ${codesOn(awa)[0]}`);
    expect(other.screen().join('\n')).toContain('est ouvert ici aussi');
  });

  test('is not shown after SOS where another person may see the phone, and can be asked for', async () => {
    const awa = await criesForHelp('Awa', "Non, n'écrivez pas");
    expect(codesOn(awa)).toEqual([]);
    await awa.says('code');
    expect(codesOn(awa)).toHaveLength(1);
  });

  test('after half an hour of silence is given only once an officer said yes: another person may hold the phone', async () => {
    const officer = await house.officer('Binta');
    const awa = await criesForHelp('Awa', "Non, n'écrivez pas");
    await house.cycle();
    await officer.presses('Je prends');
    house.clock.advance(minutes(31));
    await runTimers(house.ctx, calm);
    await awa.says('code');
    expect(codesOn(awa)).toEqual([]);
    expect(awa.screen().join('\n')).toContain("vérifie d'abord que la demande vient de vous");
    expect(officer.last()).toContain('un code secret a été demandé');
    await officer.presses('Donner un nouveau code');
    // They must not be written to: nothing is said, and the officer knows that.
    expect(awa.screen().join('\n')).not.toContain("c'est prêt\n");
    expect(officer.last()).toContain('dites-le-lui autrement');
    await awa.says('code');
    expect(codesOn(awa)).toHaveLength(1);
  });

  test('that was lost is another one after an officer’s yes; from the yes on the old one opens nothing', async () => {
    const officer = await house.officer('Binta');
    const awa = await criesForHelp('Awa');
    const [old] = codesOn(awa);
    const reference = referenceOn(awa);
    await house.cycle();
    await officer.presses('Je prends');
    await awa.says("j'ai perdu mon code");
    await awa.says('code');
    expect(codesOn(awa)).toEqual([old]);
    expect(await tasks()).toMatchObject([{ kind: 'code', state: 'open', times: 2 }]);
    await officer.presses('Donner un nouveau code');
    expect(awa.last()).toMatch(/^\d\d:\d\d – c'est prêt$/);
    const thief = house.person('Autre');
    await thief.says(`${reference} ${old}`);
    expect(thief.last()).toContain('ne vont pas ensemble');
    await awa.says('code');
    const [, fresh] = codesOn(awa);
    expect(fresh).toMatch(CODE);
    expect(fresh).not.toBe(old);
    // Fetched once.
    await awa.says('code');
    expect(codesOn(awa)).toHaveLength(2);
    const other = house.person('Awa, ailleurs');
    await other.says(`${reference} ${fresh}`);
    expect(other.screen().join('\n')).toContain('est ouvert ici aussi');
  });

  test('is not given where the officer said no, and can be asked for again', async () => {
    const officer = await house.officer('Binta');
    const awa = await criesForHelp('Awa');
    const [old] = codesOn(awa);
    await house.cycle();
    await officer.presses('Je prends');
    await awa.says('code');
    await officer.presses('Pas de code');
    expect(officer.last()).toContain('pas de nouveau code');
    expect(await tasks()).toMatchObject([{ state: 'declined' }]);
    await awa.says('code');
    expect(codesOn(awa)).toEqual([old]);
    expect(await tasks()).toMatchObject([{ state: 'declined' }, { state: 'open' }]);
    // A second yes under an old button grants what is asked for now.
    await officer.presses('Donner un nouveau code');
    await officer.presses('Donner un nouveau code');
    expect(officer.last()).toContain('quelqu’un a déjà décidé'.replace('’', "'"));
  });

  test('that was granted and not fetched for three days is granted no more', async () => {
    const officer = await house.officer('Binta');
    const awa = await criesForHelp('Awa');
    await house.cycle();
    await officer.presses('Je prends');
    await awa.says('code');
    await officer.presses('Donner un nouveau code');
    house.clock.advance(days(3));
    await awa.says('code');
    expect(codesOn(awa)).toHaveLength(1);
    expect(await tasks()).toMatchObject([{ state: 'done' }, { state: 'open' }]);
  });

  test('is not granted before it is known whose the phones are', async () => {
    const officer = await house.officer('Binta');
    const awa = await criesForHelp('Awa');
    const other = house.person('Autre');
    await other.says(`${referenceOn(awa)} ${codesOn(awa)[0]}`);
    await house.cycle();
    await officer.presses('Je prends');
    await other.says('code');
    expect(codesOn(other)).toEqual([]);
    await officer.presses('Donner un nouveau code');
    expect(officer.last()).toContain("Décidez d'abord quel téléphone");
    await other.says('code');
    expect(codesOn(other)).toEqual([]);
  });

  test('without a case there is none', async () => {
    const awa = house.person('Awa');
    await awa.says('/start');
    await awa.says('code');
    expect(awa.screen().join('\n')).toContain("Nous n'avons pas de dossier ouvert pour vous");
  });
});

test('what was asked for in a quiet case is told to those on duty', async () => {
  const officer = await house.officer('Binta');
  const awa = await criesForHelp('Awa');
  const { sql } = house.database;
  await sql`update alerts set is_quiet = true`;
  await awa.says('mes données');
  expect(officer.last()).toContain('veut savoir ce que nous gardons');
});
