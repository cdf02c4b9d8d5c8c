/** Rights that the consent names, and the secret code, in every messenger. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cries } from './duty.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import type { Person } from './messengers/messenger.ts';
import { openWorld, REFERENCE, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const CODE = /\d{4} \d{4} \d{4} \d{4}/;
const codesOn = (person: Person): string[] => person.screen().flatMap((text) => CODE.exec(text)?.[0] ?? []);

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  beforeEach(async () => {
    world = await openWorld(messenger);
  });

  /** A person who cried for help and answered what SOS asks; an officer has the alert. */
  async function isHeard(): Promise<{ awa: Person; kadi: Person; reference: string }> {
    const kadi = await world.enrolOfficer('Kadi');
    const awa = world.person('Awa');
    const reference = await cries(awa);
    await awa.says('Kati, derrière le marché');
    await awa.seesText('vous écrire ici sans danger');
    await awa.chooses('1. Oui');
    await kadi.seesText(reference, { ever: true });
    await kadi.chooses('Je prends');
    await kadi.seesText('À VOUS');
    return { awa, kadi, reference };
  }

  test('a person who cried for help gets the code alone, to be written down and deleted, and finds the case elsewhere', async () => {
    const { awa, reference } = await isHeard();
    const { text } = await awa.seesText(CODE, { ever: true });
    expect(text).toContain('Notez ce code, puis effacez ce message.');
    expect(text).not.toMatch(REFERENCE);
    const other = world.person('Awa, ailleurs');
    await other.says(`${reference} ${CODE.exec(text)?.[0]}`);
    await other.seesText(`Votre dossier ${reference} est ouvert ici aussi`);
  });

  test('a code that was lost is another one once the officer said yes, and comes when it is asked for', async () => {
    const { awa, kadi, reference } = await isHeard();
    await awa.seesText(CODE, { ever: true });
    const [old] = codesOn(awa);
    await awa.says("J'ai perdu mon code");
    await awa.seesText('Votre demande de code est notée');
    await kadi.seesText(`${reference} : un code secret a été demandé`);
    expect(codesOn(awa)).toEqual([old]);
    await kadi.chooses('Donner un nouveau code');
    await kadi.seesText('nouveau code accordé');
    await awa.seesText(/\d\d:\d\d – c'est prêt$/);
    expect(codesOn(awa)).toEqual([old]);
    const thief = world.person('Autre');
    await thief.says(`${reference} ${old}`);
    await thief.seesText('ne vont pas ensemble');
    await awa.says('code');
    await awa.seesText('Notez ce code');
    const fresh = codesOn(awa).at(-1);
    expect(fresh).not.toBe(old);
    const other = world.person('Awa, ailleurs');
    await other.says(`${reference} ${fresh}`);
    await other.seesText(`Votre dossier ${reference} est ouvert ici aussi`);
  });

  test.each([
    ['Effacer', "Votre demande d'effacement est notée", '« effacer » a été écrit'],
    ['Mes données', 'savoir ce que nous gardons sur vous', 'veut savoir ce que nous gardons'],
    ['Corriger mes données', 'Votre demande de correction est notée', 'veut corriger'],
    ["Je m'oppose", 'dans aucun chiffre', "s'oppose à être comptée"],
  ])('"%s" is noted, and the officer who has the case is told', async (word, said, told) => {
    const { awa, kadi } = await isHeard();
    await awa.says(word);
    await awa.seesText(said);
    await kadi.seesText(told);
    expect(await world.database.sql`select 1 from case_tasks where state = 'open'`).toHaveLength(1);
  });
});
