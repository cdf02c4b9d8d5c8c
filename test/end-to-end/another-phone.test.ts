/** A case is found again from another phone, by a person who has its reference and its code, and by nobody else. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answersUntil, greets } from './answering.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import type { Person } from './messengers/messenger.ts';
import { openWorld, REFERENCE, referenceIn, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const CODE = /\d{4} \d{4} \d{4} \d{4}/;

/** Reports something that is not urgent; returns what opens the case. */
async function reports(person: Person): Promise<{ reference: string; code: string }> {
  await greets(person);
  await answersUntil(person, /Voici ce que vous avez dit/);
  await person.chooses('Envoyer');
  const { text } = await person.seesText('Votre signalement est enregistré');
  // Each in a message of its own: one can be written down and deleted without the other.
  expect(text).not.toMatch(CODE);
  const secret = await person.seesText(CODE);
  expect(secret.text).not.toMatch(REFERENCE);
  expect(secret.text).toContain('puis effacez ce message');
  return { reference: referenceIn(text), code: CODE.exec(secret.text)?.[0] ?? 'none' };
}

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  beforeEach(async () => {
    world = await openWorld(messenger);
  });

  test('a reporter with the reference and the code goes on from another phone, and takes the case from no one', async () => {
    const awa = world.person('Awa');
    const { reference, code } = await reports(awa);
    const other = world.person('Awa, ailleurs');
    await other.says(`${reference} ${code}`);
    await other.seesText(`Votre dossier ${reference} est ouvert ici aussi`);
    await other.says('Ils sont revenus cette nuit.');
    await other.seesText('ajouté à votre dossier');
    // The first phone is told nothing, and has the case as before.
    expect(awa.screen().join('\n')).not.toContain('ouvert ici');
    await awa.says('statut');
    await awa.seesText(reference);
    const said = JSON.stringify(await world.openCase(reference));
    expect(said).toContain('Ils sont revenus cette nuit.');
    expect(said).toContain('came_back');
    // The code is a secret: it is no part of what was said.
    expect(said).not.toContain(code);
  });

  test('nothing goes to either phone unasked before the officer, who sees both, has decided', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const awa = world.person('Awa');
    const { reference, code } = await reports(awa);
    await awa.says('SOS');
    await kadi.seesText(reference);
    await kadi.chooses('Je prends');
    await kadi.seesText('À VOUS');
    const other = world.person('Awa, ailleurs');
    await other.says(`${code}\n${reference}`);
    await other.seesText(`Votre dossier ${reference} est ouvert ici aussi`);
    await kadi.seesText('Rien ne part vers aucun des deux avant votre décision', { ever: true });
    await kadi.chooses('pouvez-vous parler');
    await kadi.seesText("Décidez d'abord quel téléphone est à la personne");
    expect([...awa.screen(), ...other.screen()].join('\n')).not.toContain('pouvez-vous parler maintenant');
    await kadi.chooses('Quel téléphone ?');
    await kadi.seesText(/1\. .*, le premier\n2\. .*, revenu avec le code/);
    await kadi.chooses('Garder seulement le 2');
    await kadi.seesText('seul le téléphone 2 a le dossier');
    await kadi.chooses('pouvez-vous parler');
    await other.seesText('pouvez-vous parler maintenant');
    await awa.says('statut');
    await awa.seesText(/pas de dossier ouvert/);
  });

  test('who says that the old phone was taken cuts it at once; the officer sees it, and can give the case back', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const awa = world.person('Awa');
    const { reference, code } = await reports(awa);
    await awa.says('SOS');
    await kadi.chooses('Je prends');
    await kadi.seesText('À VOUS');
    const other = world.person('Quelqu’un');
    await other.says(`${reference} ${code}`);
    await other.chooses('Mon ancien téléphone a été pris');
    await other.seesText("n'arrivent plus sur l'ancien téléphone");
    await kadi.seesText('on a dit à', { ever: true });
    await awa.says('statut');
    await awa.seesText(/pas de dossier ouvert/);
    // A stranger who had seen the code said it: the officer gives the case back to the phone it was on.
    await kadi.chooses('Quel téléphone ?');
    await kadi.seesText(/le premier – coupé/);
    await kadi.chooses('Garder seulement le 1');
    await kadi.seesText('seul le téléphone 1 a le dossier');
    await awa.says('statut');
    await awa.seesText(/s'en occupe depuis/);
    await other.says('statut');
    await other.seesText(/pas de dossier ouvert/);
  });

  test('a wrong code opens nothing, and neither does the sixth try within an hour, right or not', async () => {
    const { reference, code } = await reports(world.person('Awa'));
    const other = world.person('Quelqu’un');
    for (let n = 0; n < 5; n++) {
      await other.says(`${reference} 0000 0000 0000 000${n}`);
      await other.seesText('ne vont pas ensemble');
    }
    await other.says(`${reference} ${code}`);
    await other.seesText("Trop d'essais");
    await other.says('statut');
    await other.seesText(/pas de dossier ouvert/);
    // Nobody else is locked out by it, and an hour later the right code is the right code.
    const awa = world.person('Awa, ailleurs');
    await awa.says(`${reference} ${code}`);
    await awa.seesText('est ouvert ici');
    await world.passes(3_700_000);
    await other.says(`${reference} ${code}`);
    await other.seesText('est ouvert ici');
  });

  test('a case that does not exist, or a code alone, is told as kindly', async () => {
    const other = world.person('Quelqu’un');
    await other.says('TAKO-4827 1234 5678 9012 3456');
    await other.seesText('ne vont pas ensemble');
    await other.says('1234 5678 9012 3456');
    await other.seesText('la référence et le code dans un même message');
  });
});
