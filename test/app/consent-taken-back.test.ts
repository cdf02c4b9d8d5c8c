/** Consent that is taken back, perhaps by another hand: the case stays until the team decides, and no code is given for it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runTimers } from '../../src/app/reporters/timers.ts';
import { hours, minutes } from '../../src/kernel/time.ts';
import { calm, type House, openHouse, referenceOn } from './house.ts';
import type { Phone } from './messenger.ts';

const CODE = /\d{4} \d{4} \d{4} \d{4}/;
const EMPTIED = "Nous gardons seulement qu'une personne a demandé de l'aide";
const STAYS = "Vos réponses ne s'ajoutent plus à votre dossier";
const ASKED = "Votre demande d'effacement est notée";

let house: House;
let awa: Phone;
let officer: Phone;
beforeEach(async () => {
  house = await openHouse();
  officer = await house.officer('Binta');
  awa = house.person('Awa');
});
afterEach(() => house.close());

const codes = (): string[] => awa.screen().flatMap((text) => CODE.exec(text)?.[0] ?? []);
const tasks = () => house.database.sql`select kind, state, times from case_tasks order by id`;
const kept = async (): Promise<string> => JSON.stringify((await house.read(referenceOn(awa))).items);

/** Awa cries for help, and stands before the question of consent. */
async function isAskedForConsent(safe = 'Oui'): Promise<void> {
  await awa.says('SOS');
  await awa.says('Kati, derrière le marché');
  await awa.presses(safe);
  await house.cycle();
  await awa.presses('Oui, je continue');
}

async function later(ms: number): Promise<void> {
  house.clock.advance(ms);
  await runTimers(house.ctx, calm);
}

/** The holder of the phone goes back to the question of consent. */
async function goesBackToConsent(): Promise<void> {
  for (let n = 0; n < 8 && !awa.last().includes('Acceptez-vous de continuer'); n++) await awa.says('retour');
  expect(awa.last()).toContain('Acceptez-vous de continuer');
}

test('a reporter who refuses after saying yes destroys nothing, and the team is asked', async () => {
  await isAskedForConsent();
  for (const label of ['Oui', 'Oui', 'Moi-même']) await awa.presses(label);
  await awa.says('Ils ont menacé ma famille.');
  await awa.presses('Terminé');
  await goesBackToConsent();
  await awa.says('Non');
  expect(awa.screen().join('\n')).toContain(STAYS);
  expect(awa.screen().join('\n')).toContain(ASKED);
  expect(awa.screen().join('\n')).not.toContain(EMPTIED);
  expect(await kept()).toContain('Ils ont menacé ma famille.');
  expect(await tasks()).toMatchObject([{ kind: 'erase', state: 'open', times: 1 }]);
  // The yes and the no are both on record, and nothing more goes in.
  const said = (await house.read(referenceOn(awa))).items.flatMap(({ kind, payload }) =>
    kind === 'consent' ? [(payload as { said: string }).said] : [],
  );
  expect(said).toEqual(['yes', 'no']);
  await awa.says('Un autre mot, après le refus');
  expect(await kept()).not.toContain('Un autre mot');
});

test('after a pause, a refusal destroys nothing, also where no one had agreed, and gives no code', async () => {
  await isAskedForConsent("Non, n'écrivez pas");
  await later(hours(3));
  await awa.says('Non');
  expect(awa.screen().join('\n')).toContain(STAYS);
  expect(await kept()).toContain('Kati, derrière le marché');
  await awa.says('code');
  expect(codes()).toEqual([]);
  expect(awa.screen().join('\n')).toContain('Votre demande de code est notée');
});

test('once an officer has the alert, a refusal destroys nothing', async () => {
  await isAskedForConsent();
  await officer.presses('Je prends');
  await awa.says('Non');
  expect(awa.screen().join('\n')).toContain(STAYS);
  expect(awa.screen().join('\n')).toContain(ASKED);
  expect(awa.screen().join('\n')).not.toContain(EMPTIED);
  expect(await kept()).toContain('Kati, derrière le marché');
  expect(await tasks()).toMatchObject([{ kind: 'erase', state: 'open', times: 1 }]);
});

test('a case that was emptied in the same sitting keeps its code and the "no", and no other code is given for it', async () => {
  await isAskedForConsent();
  expect(codes()).toHaveLength(1);
  await awa.says('Non');
  expect(awa.screen().join('\n')).toContain(EMPTIED);
  expect(await kept()).not.toContain('Kati');
  expect((await house.read(referenceOn(awa))).items).toMatchObject([
    { kind: 'event', payload: { what: 'asked_for_help_and_refused_consent' } },
    { kind: 'consent', payload: { of: 'reporter', said: 'no', language: 'fr' } },
  ]);
  await awa.says('code');
  expect(codes()).toHaveLength(1);
  expect(await house.database.sql`select 1 from receipt_codes`).toHaveLength(1);
});

test('after 72 hours of silence no code is given without an officer, whatever was forgotten by then', async () => {
  await isAskedForConsent("Non, n'écrivez pas");
  await awa.says('Non');
  await awa.presses('Signaler');
  await awa.says('Un mot de plus');
  await later(hours(73));
  await awa.says('code');
  await awa.says('code');
  expect(codes()).toEqual([]);
});

/** Awa sends her report from the question of consent on. */
async function sendsTheReport(): Promise<void> {
  for (const label of ['Oui', 'Oui', 'Moi-même']) await awa.presses(label);
  await awa.says('Ils ont menacé ma famille hier.');
  await awa.presses('Terminé');
  await awa.presses('Ne me contactez pas');
  await awa.presses('Envoyer');
}

test('sending a report gives no code to which an officer said no', async () => {
  await isAskedForConsent("Non, n'écrivez pas");
  await officer.presses('Je prends');
  await later(minutes(31));
  await awa.says('code');
  await officer.presses('Pas de code');
  await sendsTheReport();
  expect(awa.screen().join('\n')).toContain('Votre signalement est enregistré');
  expect(awa.screen().join('\n')).toContain('Pour demander un code secret pour ce dossier, écrivez « code »');
  expect(codes()).toEqual([]);
  await awa.says('code');
  expect(codes()).toEqual([]);
  expect(await tasks()).toMatchObject([{ state: 'declined' }, { kind: 'code', state: 'open' }]);
});

test('a report that is sent in one sitting gets its code', async () => {
  await isAskedForConsent("Non, n'écrivez pas");
  await sendsTheReport();
  expect(codes()).toHaveLength(1);
});
