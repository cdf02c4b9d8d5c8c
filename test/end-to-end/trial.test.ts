/** What `npm start` gives a newcomer: the real service in trial mode, its page as Vite builds it, two phones. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { evidenceOf, findCaseByReference } from '../../src/db/cases.ts';
import { createLog } from '../../src/kernel/log.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { MESSENGERS } from '../../src/messengers/list.ts';
import { readContent } from '../../src/service/content.ts';
import { firstLink } from '../../src/service/first-link.ts';
import { type Service, startService } from '../../src/service/service.ts';
import { addAuthenticator, RED_SQUARE, sharedBrowser, type TestBrowser } from '../browser.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { bothAreThere, cutWords, isInSight, openTwoPhones, type TwoPhones } from '../two-phones.ts';

let browser: TestBrowser;
let database: TestDatabase;
let dataDir: string;
let service: Service;
let phones: TwoPhones;

beforeAll(async () => {
  browser = await sharedBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  [database, dataDir] = await Promise.all([createTestDatabase(), mkdtemp(join(tmpdir(), 'lakana-trial-'))]);
  service = await start(0);
});
afterEach(async () => {
  await phones.page.context().close();
  await service.stop();
  await database.close();
  await rm(dataDir, { recursive: true });
});

/** Read once: services only read it. */
let content: Awaited<ReturnType<typeof readContent>> | undefined;

async function start(port: number): Promise<Service> {
  const config: Config = {
    mode: 'trial',
    dataDir,
    databaseUrl: new Secret(database.url),
    host: '127.0.0.1',
    port,
    logLevel: 'silent',
    languages: ['fr', 'en'],
    isUnreviewedOffered: false,
    unchecked: 'marked',
    defaultLanguage: 'fr',
    alertDetail: 'level',
    timeZone: 'Africa/Bamako',
    floodPerMinute: 1_000,
    isMetricsPublic: false,
    everyMessenger: MESSENGERS,
    messengers: [],
  };
  content ??= await readContent(config);
  return startService(config, createLog('silent'), { content });
}

const open = async (options?: Parameters<typeof openTwoPhones>[2]): Promise<TwoPhones> => {
  phones = await openTwoPhones(browser, service.url, options);
  return phones;
};
/** Without motion: a finger waits until a button has come to rest. */
const DESK = { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' as const };
const HAND = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const ringing = () => phones.officer.phone.getByText('Appel : une alerte est arrivée');
/** A page and nothing else: level, reference, time, two buttons. */
const PAGE =
  /^CRITIQUE · [A-Z]{4}-\d{4}\nDemande d'aide à \d\d:\d\d\.\s+\d\d:\d\d\s+Je prends\s+Je ne peux pas$/;
/** Keys, placeholders and dates that were meant for machines. */
const RAW = /\{\{|undefined|\[object|[a-z_]+\.[a-z_]+\.(ask|say|help|short)|\d{4}-\d\d-\d\d/;
const referenceIn = (text: string): string => /[A-Z]{4}-\d{4}/.exec(text)?.[0] ?? 'none';

/** From the first word to the question whether there is danger, in French. */
async function begins({ defender }: TwoPhones): Promise<void> {
  await defender.presses('Bonjour');
  await defender.reads('Êtes-vous en danger maintenant');
}

test('a defender in danger is heard: an officer is called, takes the alert and asks, and each learns what is true', async () => {
  const { page, defender, officer, complaints } = await open(DESK);
  await officer.presses('Je suis de garde');
  await officer.reads('Vous êtes de garde');
  await defender.says('Je suis Awa Traoré, deux hommes sont devant chez moi');
  await defender.reads('Êtes-vous en danger maintenant');

  // Loaded again, the page shows all that was said.
  const before = [await defender.screen(), await officer.screen()];
  await page.reload();
  await bothAreThere(page);
  expect([await defender.screen(), await officer.screen()]).toEqual(before);

  await defender.presses('Oui, maintenant');
  const reference = referenceIn(await defender.reads('Où êtes-vous ?'));
  // The phone in the officer's hand tells nobody who it is about, or what happened.
  expect(await officer.reads(`CRITIQUE · ${reference}`)).toMatch(PAGE);
  await ringing().waitFor();
  await defender.says('statut');
  await defender.message('Personnes de garde appelées : 1.').waitFor();
  await defender.message("Personne ne s'en occupe encore").waitFor();

  await officer.presses('Je prends');
  await officer.reads('À VOUS depuis');
  await officer.message('Prise par vous').waitFor();
  await ringing().waitFor({ state: 'detached' });
  await defender.message('– bien reçu').waitFor();
  await defender.says('statut');
  await defender.message("Une personne de l'équipe s'en occupe depuis").waitFor();
  await expect.poll(() => page.getByText('(fait)').count()).toBe(3);

  await defender.says('Kati, derrière le marché');
  await defender.reads('écrire ici sans danger');
  await defender.presses('Oui');
  await defender.reads('continuer maintenant');
  await defender.presses('Pas maintenant');
  await defender.message("D'accord. Votre alerte reste ouverte.").waitFor();
  await officer.presses('Demander : pouvez-vous parler ?');
  await defender.reads('pouvez-vous parler maintenant ?');
  await defender.says('Oui, je peux parler');
  await defender.message('transmis').waitFor();
  await officer.reads(`Nouvelles réponses dans ${reference}`);

  expect((await officer.screen()).join('\n')).not.toMatch(/Awa|Traoré|hommes|Kati|je peux parler/);
  expect(complaints).toEqual([]);
});

test('a defender reports question by question, with words, voice and a photo, corrects an answer, sends and leaves', async () => {
  const { defender, officer, complaints } = await open(DESK);
  await begins(phones);
  await defender.presses('Aide');
  await defender.reads("Vous n'avez rien à prouver.");
  await defender.presses('Non, pas en ce moment');
  await defender.reads('Comment pouvons-nous vous aider ?');
  await defender.presses('Signaler une menace ou une violence');
  await defender.reads('Acceptez-vous de continuer ?');
  await defender.presses('Lire plus');
  await defender.reads('Rien ne va à une antenne régionale');
  await defender.presses('Oui');
  await defender.reads('sur ce téléphone sans danger');
  await defender.presses('Oui');
  await defender.reads("De qui s'agit-il ?");

  // Two taps are one answer; a button of a question that is past changes nothing.
  await defender.button('Moi-même').dblclick();
  await defender.message('Votre choix est bien noté.').waitFor();
  await defender.presses('Lire plus');
  await defender.message('Cette réponse est pour une ancienne question.').waitFor();
  await defender.says('retour');
  await defender.reads("De qui s'agit-il ?");
  await defender.presses('Moi-même');
  await defender.reads('Racontez ce qui');
  await defender.says('langue');
  await defender.reads('Tell what happened');
  await defender.says('language');
  await defender.reads('Racontez ce qui');

  await defender.says('Deux hommes ont suivi ma moto.');
  await defender.reads("C'est noté.");
  await defender.sendsVoice();
  await defender.message('Enregistré : 1 fichier.').waitFor();
  await defender.sendsPhoto(RED_SQUARE);
  await defender.message('Enregistré : 2 fichiers.').waitFor();
  await defender.presses('Terminé');
  await defender.reads('vous joindre sans danger');
  await defender.says('envoyer');
  await defender.message('Il manque encore : comment vous joindre.').waitFor();
  await defender.presses('Ici, à toute heure');

  // It could be sent now. The reporter goes on, and "Send" stands under every question.
  await defender.reads('Voici ce que vous avez dit.');
  await defender.says('2');
  await defender.reads("De quoi s'agit-il surtout ?");
  await defender.presses('Menaces ou intimidation');
  await defender.reads('la plus proche');
  await defender.presses('Chantage ou racket');
  await defender.reads('dans votre équipe ou votre réseau');
  await defender.presses('Non');
  await defender.reads('Quand est-ce arrivé ?');
  await defender.presses('Ces 30 derniers jours');
  for (const question of [
    'Et maintenant',
    "Y a-t-il eu d'autres menaces",
    'Où est-ce arrivé ?',
    'Qui serait responsable',
    'Une antenne régionale',
    'De quoi avez-vous besoin ?',
    'Dans quelle langue',
    'Avez-vous déjà des photos',
    'Dans quel domaine',
    'de votre organisation',
    'une femme ou un homme',
    'Que devons-nous savoir',
    "C'est la dernière question.",
  ]) {
    await defender.reads(question);
    await defender.presses('Passer');
  }

  const readBack = await defender.reads('Voici ce que vous avez dit.');
  expect(readBack).toContain('Votre récit – Deux hommes ont suivi ma moto. · Fichiers : 2');
  expect(readBack).toContain('Date – Ces 30 derniers jours');
  expect(readBack).toContain('Téléphone sûr – Oui');
  await defender.presses('Corriger');
  await defender.reads('Quelle réponse voulez-vous corriger ?');
  await defender.presses('Téléphone sûr');
  await defender.reads('sur ce téléphone sans danger');
  await defender.presses('Non');
  expect(await defender.reads('Voici ce que vous avez dit.')).toContain('Téléphone sûr – Non');
  await defender.presses('Envoyer');
  const sent = await defender.message('Votre signalement est enregistré.').innerText();
  // This phone is not safe: the code comes when the person asks for it.
  await defender.message("Il n'est pas montré ici").waitFor();
  await defender.says('code');
  await defender.message('Notez ce code').waitFor();
  expect(await defender.message('Notez ce code').innerText()).toMatch(
    /Code secret\s:\s\d{4} \d{4} \d{4} \d{4}\n/,
  );

  const kept = await findCaseByReference(database.db, referenceIn(sent));
  expect(kept && (await evidenceOf(database.db, kept.id))).toHaveLength(2);
  expect((await defender.screen()).join('\n')).not.toMatch(RAW);
  await defender.presses('Partir');
  await defender.reads("D'accord. À bientôt.");
  // What the service wrote is gone from the screen.
  await defender.message('Votre signalement').waitFor({ state: 'detached' });
  // It was not urgent: nobody was called.
  expect(await ringing().isVisible()).toBe(false);
  expect((await officer.screen()).join('\n')).not.toMatch(/CRITIQUE|URGENT/);
  expect(complaints).toEqual([]);
});

test('when the service is started again the page comes back by itself, says so, and the conversation goes on', async () => {
  const { page, defender, officer } = await open(DESK);
  await begins(phones);
  await defender.presses('Oui, maintenant');
  const reference = referenceIn(await defender.reads('Où êtes-vous ?'));
  await officer.reads(reference);
  const port = Number(new URL(service.url).port);
  await service.stop();
  await defender.phone.getByText('Connexion perdue. Nouvel essai…').waitFor();
  await defender.says('Kati');
  await defender.phone.getByText('Pas envoyé : le service ne répond pas.').waitFor();

  service = await start(port);
  await defender.phone.getByText('la conversation continue où elle en était').waitFor();
  await expect.poll(() => page.getByText('Connexion perdue').count()).toBe(0);
  // The words were not lost on the way.
  await expect.poll(() => defender.field.inputValue()).toBe('Kati');
  await defender.field.press('Enter');
  await defender.reads('écrire ici sans danger');
  await officer.says(`je prends ${reference}`);
  await officer.reads('À VOUS depuis');
  await defender.message('– bien reçu').waitFor();
});

test('on a small phone the question is in sight, no word is cut, nothing sticks out, and a call is seen', async () => {
  const { page, defender, officer } = await open(HAND);
  await begins(phones);
  const question = defender.phone.getByText('Êtes-vous en danger maintenant');
  await expect.poll(() => isInSight(question)).toBe(true);
  expect(await cutWords(defender.phone)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await defender.presses('Oui, maintenant');
  const reference = referenceIn(await defender.reads('Où êtes-vous ?'));
  await page.locator('.tabs .is-ringing').waitFor();
  await page.getByRole('button', { name: 'La permanence' }).tap();
  await expect.poll(() => isInSight(officer.message(reference))).toBe(true);
  await officer.presses('Je prends');
  await officer.reads('À VOUS depuis');
  expect(await cutWords(officer.phone)).toEqual([]);
});

test('who comes into the officer’s room by the first link is the officer of the trial, and takes the alert there', async () => {
  const { defender, officer } = await open(DESK);
  await defender.presses('SOS');
  await officer.reads('CRITIQUE');
  const room = await browser.page(DESK);
  await addAuthenticator(await room.context().newCDPSession(room));
  await room.goto((await firstLink(service)) ?? '');
  await room.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
  const key = await readFile(join(dataDir, 'trial-keys', 'team.key'), 'utf8');
  await room.getByLabel('Ou la clé comme elle est imprimée').fill(key.trim());
  await room.getByRole('button', { name: 'Continuer' }).click();
  await room.locator('.row.alert a').click();
  await room.getByRole('button', { name: 'Je prends' }).click();
  await room.getByText('Prise par vous').waitFor();
  await officer.reads('À VOUS depuis');
  await room.context().close();
});
