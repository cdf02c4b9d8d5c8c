/** Time goes by: minutes, hours, days, a changed questionnaire; and buttons that lie on phones for as long. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadFlows } from '../../src/app/ground/load-flows.ts';
import { forget } from '../../src/app/reporters/forget.ts';
import { compileFlows } from '../../src/conversation/flows/compile.ts';
import type { Flow } from '../../src/conversation/flows/flow.ts';
import { days, hours, minutes } from '../../src/kernel/time.ts';
import { keepingOf } from '../../src/messengers/list.ts';
import { answersUntil, greets } from './answering.ts';
import { EVERY_MESSENGER } from './messengers/every.ts';
import type { Person } from './messengers/messenger.ts';
import { type Telegram, telegram } from './messengers/telegram.ts';
import { entriesOf, openWorld, referenceIn, type World } from './world.ts';

/** A reporter who has told their story and is asked what it is about. */
async function hasTold<P extends Person>(newcomer: P): Promise<P> {
  const person = await greets(newcomer);
  await answersUntil(person, /De quoi s'agit-il surtout/);
  return person;
}

describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(messenger);
  });
  afterAll(() => world?.close());

  describe('a person who comes back', () => {
    test('after a minute goes on, after 31 is told so, after 73 hours finds the draft erased, and is told once', async () => {
      const awa = await hasTold(world.person('Awa'));
      await world.passes(minutes(1));
      await awa.says('bonjour');
      await awa.seesText(/^De quoi s'agit-il surtout/);
      await world.passes(minutes(31));
      await awa.says('bonjour');
      await awa.seesText(/^Nous reprenons là où nous étions\.\s+De quoi s'agit-il surtout/);
      await world.passes(hours(73));
      await expect.poll(async () => (await world.database.sql`select 1 from cases`).length).toBe(0);
      await awa.says('bonjour');
      await awa.seesText(
        /^Votre dernier message date de plus de 3 jours.*sont effacées.*Que voulez-vous faire/s,
      );
      await awa.says('bonjour');
      await awa.seesText(/^Que voulez-vous faire/);
    });

    test('after 31 minutes at the read-back sees none of it, and can send it unseen', async () => {
      const binta = await hasTold(world.person('Binta'));
      await answersUntil(binta, /1\. Envoyer/);
      await world.passes(minutes(31));
      await binta.says('bonjour');
      const { text } = await binta.seesText('vos réponses ne sont plus montrées');
      expect(text).not.toContain('On me suit');
      await binta.chooses('Envoyer');
      const sent = referenceIn((await binta.seesText('Votre signalement est enregistré')).text);
      expect(JSON.stringify(await world.openCase(sent))).toContain('On me suit depuis lundi.');
    });

    test('8 days after an SOS, when keys were destroyed, still has the alert and can add to it', async () => {
      const djeneba = world.person('Djeneba');
      await djeneba.says('SOS');
      const reference = referenceIn((await djeneba.seesText('Où êtes-vous ?')).text);
      const stranger = await hasTold(world.person('Emma'));
      const asked = stranger.newest();
      // As a live service lives them: an hourly run now and then, and time that nobody doubts.
      for (let day = 1; day <= 8; day++) {
        await world.passes(days(1));
        await forget(world.ctx(), { mayErase: () => true }, keepingOf());
      }
      const [gone] = await world.database
        .sql`select count(*)::int as n from epochs where wrapped_key is null`;
      expect(gone?.n).toBeGreaterThan(0);
      await djeneba.says('Je suis encore en vie, à Ségou');
      await djeneba.seesText(/Référence|dossier|écrire ici/);
      expect(JSON.stringify(entriesOf(await world.openCase(reference)))).toContain('encore en vie, à Ségou');
      // Of the other nothing is left but the language; the old choice leads back to the beginning.
      await stranger.chooses('Menaces', { in: asked });
      await stranger.seesText(
        /Choisissez votre langue|ancienne question.*(Que voulez-vous faire|en danger maintenant)/s,
      );
    });
  });

  test('an old choice is known by its age: of an earlier question, of an erased report', async () => {
    const fanta = await hasTold(world.person('Fanta'));
    const consent = await fanta.seesText('Acceptez-vous', { ever: true });
    const asked = fanta.newest();
    await fanta.chooses('2. Non', { in: consent });
    // Where it is a reply to the question of consent: how to have all erased is said.
    await fanta.seesText(
      /^(Cette réponse est pour une ancienne question|Votre accord ne change pas).*De quoi s'agit-il surtout/s,
    );
    await fanta.chooses('Menaces', { in: asked });
    await fanta.seesText('Quelle réponse est la plus proche');
    await fanta.chooses('Arrestation', { in: asked });
    // Where it is a reply to the old question, it answers that one.
    await fanta.seesText(
      /^(Cette réponse est pour une ancienne|C'est noté pour la) question.*Quelle réponse est/s,
    );
    await fanta.says('tout effacer');
    await fanta.seesText('est effacé de notre service');
    await fanta.chooses('Menaces', { in: asked });
    await fanta.seesText(/ancienne question.*Que voulez-vous faire/s);
  });

  test('a reporter who changes the language in the middle is asked the same question in it, and loses nothing', async () => {
    const issa = await hasTold(world.person('Issa'));
    await issa.says('english');
    await issa.seesText(/^We go on in English\.\s+What is it mostly about\?/);
    await issa.says('SOS');
    const reference = referenceIn((await issa.seesText('We have received your SOS')).text);
    expect(JSON.stringify(await world.openCase(reference))).toContain('On me suit depuis lundi.');
    await issa.says('statut');
    await issa.seesText('Nobody is dealing with it yet');
    await issa.says('langue');
    await issa.seesText(/^Nous continuons en français.*Où êtes-vous/s);
  });

  test('a reporter who comes back to changed questions keeps every answer and is asked again what no longer fits', async () => {
    const kadia = await hasTold(world.person('Kadia'));
    const { conversation } = world.ctx();
    const before = conversation.flows;
    conversation.flows = await changed((report) => {
      report.steps.who = { ask: 'yes_no', required: true, sensitive: false, unknown: false };
    });
    try {
      await kadia.says('bonjour');
      await kadia.seesText(/^Nos questions ont changé.*De qui s'agit-il/s);
      await kadia.chooses('1. Oui');
      await kadia.seesText("De quoi s'agit-il surtout");
      await kadia.says('SOS');
      const reference = referenceIn((await kadia.seesText('Nous avons reçu votre SOS')).text);
      const told = entriesOf(await world.openCase(reference));
      expect(
        told
          .filter(({ step }) => step === 'who')
          .map(({ answer }) => answer.value)
          .sort(),
      ).toEqual(['self', 'yes']);
      expect(JSON.stringify(told)).toContain('On me suit depuis lundi.');
    } finally {
      conversation.flows = before;
    }
  });
});

describe('on Telegram only,', () => {
  let world: World<Telegram>;
  beforeAll(async () => {
    world = await openWorld(telegram);
  });
  afterAll(() => world?.close());

  test('a button pressed twice counts once, and one that is not ours not at all', async () => {
    const { phone } = await hasTold(world.person('Fanta'));
    const asked = phone.shown().at(-1);
    const threats = String(asked?.rows.flat().find(({ text }) => text.includes('Menaces'))?.callback_data);
    await Promise.all([phone.pressesData(threats, asked), phone.pressesData(threats, asked)]);
    await phone.seesText(/^Votre choix est bien noté.*Quelle réponse est la plus proche/s);
    await phone.pressesData('%%% not ours', asked);
    await phone.seesText(/^Cette réponse est pour une ancienne question.*Quelle réponse est la plus proche/s);
  });

  test('a touch that Telegram finds too old to be answered counts all the same', async () => {
    const hawa = await greets(world.person('Hawa'));
    const description = 'Bad Request: query is too old and response timeout expired or query ID is invalid';
    world.messenger.fake.fail({ method: 'answerCallbackQuery', with: 400, description });
    await hawa.chooses('Non, pas en ce moment');
    await hawa.seesText('Comment pouvons-nous vous aider');
  });
});

/** The questions as they would be after the CNDH changed the report. */
async function changed(change: (report: Flow) => void) {
  const { flows } = await loadFlows({ flows: 'flows', locales: 'locales' }, { defaultLanguage: 'fr' });
  const report = flows.flows.get('report');
  if (report) change(report);
  return compileFlows(
    [...flows.flows.values()].map((content) => ({ name: content.flow, content })),
    [...flows.lists.values()].map((content) => ({ name: content.list, content })),
    flows.knowledge,
  );
}
