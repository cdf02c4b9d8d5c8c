/** A case is found again from another phone, by whoever has its reference and its code, and by nobody else. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answersUntil, greets } from './answering.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import type { Person } from './messengers/messenger.ts';
import { openWorld, referenceIn, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const CODE = /\d{4} \d{4} \d{4} \d{4}/;

/** Reports something that is not urgent; returns what opens the case. */
async function reports(person: Person): Promise<{ reference: string; code: string }> {
  await greets(person);
  await answersUntil(person, /Voici ce que vous avez dit/);
  await person.chooses('Envoyer');
  const { text } = await person.seesText(CODE);
  return { reference: referenceIn(text), code: CODE.exec(text)?.[0] ?? 'none' };
}

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  beforeEach(async () => {
    world = await openWorld(messenger);
  });

  test('who has the reference and the code goes on from another phone, and what they add is in the case', async () => {
    const awa = world.person('Awa');
    const { reference, code } = await reports(awa);
    const other = world.person('Awa, ailleurs');
    await other.says(`${reference} ${code}`);
    await other.seesText(`Votre dossier ${reference} est ouvert ici`);
    await other.says('Ils sont revenus cette nuit.');
    await other.seesText('ajouté à votre dossier');
    // The first phone may be in other hands: it has the case no more, urgent or not.
    await awa.says('statut');
    await awa.seesText(/pas de dossier ouvert/);
    const said = JSON.stringify(await world.openCase(reference));
    expect(said).toContain('Ils sont revenus cette nuit.');
    expect(said).toContain('came_back');
    // The code is a secret: it is no part of what was said.
    expect(said).not.toContain(code);
  });

  test('an officer who has the alert is told, and writes to the new phone; the old one has the case no more', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const awa = world.person('Awa');
    const { reference, code } = await reports(awa);
    await awa.says('SOS');
    await kadi.seesText(reference);
    await kadi.chooses('Je prends');
    await kadi.seesText('À VOUS');
    const other = world.person('Awa, ailleurs');
    await other.says(`${code}\n${reference}`);
    await other.seesText(`Votre dossier ${reference} est ouvert ici`);
    await kadi.seesText('un autre téléphone', { ever: true });
    await kadi.chooses('pouvez-vous parler');
    await other.seesText(/parler/);
    await awa.says('statut');
    await awa.seesText(/pas de dossier ouvert/);
  });

  test('a report that was begun since on the old phone goes on there, and knows nothing of the case', async () => {
    await world.enrolOfficer('Kadi');
    const awa = world.person('Awa');
    const { reference, code } = await reports(awa);
    await awa.says('SOS');
    await awa.seesText(reference);
    await answersUntil(awa, /Que voulez-vous faire/, { picks: { 'sans danger': 'Oui' } });
    await awa.chooses('Signaler');
    await answersUntil(awa, /Racontez/);
    const other = world.person('Awa, ailleurs');
    await other.says(`${reference} ${code}`);
    await other.seesText('est ouvert ici');
    await awa.says('statut');
    await awa.seesText(/pas de dossier ouvert/);
    await awa.says('Une autre fois, on a crevé mes pneus.');
    await awa.seesText("C'est noté");
    expect(JSON.stringify(await world.openCase(reference))).not.toContain('pneus');
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
