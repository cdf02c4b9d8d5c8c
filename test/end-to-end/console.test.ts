/** The officer's room in a real browser, with a passkey: from set-up to the answer that a defender reads. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { HOURS, spanAt } from '../../src/cases/contact-hours.ts';
import { verifyAudit } from '../../src/crypto/audit-chain.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { auditRows } from '../../src/db/audit.ts';
import { seconds } from '../../src/kernel/time.ts';
import { CONTACT_HOURS } from '../../src/kernel/vocabulary.ts';
import { HUM, RED_SQUARE } from '../browser.ts';
import { everythingIn } from '../everything-in.ts';
import { answersUntil, greets } from './answering.ts';
import { cries } from './duty.ts';
import { officersRoom } from './officers-room.ts';
import { referenceIn } from './world.ts';

const room = officersRoom();

describe('an officer on a phone', () => {
  test('joins, opens the alert, takes it, reads what the person wrote, answers, and closes', async () => {
    const kadi = await room.world.enrolOfficer('Kadi');
    const page = await room.phone();
    await room.kadiIsIn(page);
    await room.picture(page, 'inbox-empty');
    const awa = room.world.person('Awa');
    const reference = await cries(awa);
    await awa.says('Ils sont devant la maison. <b>Vite</b> \u202eabc');
    await page
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .click();
    await page.getByRole('button', { name: 'Je prends' }).click();
    await page.getByText('Prise par vous').waitFor();
    await kadi.seesText('À VOUS depuis');
    await page.getByText('<b>Vite</b> abc').first().waitFor();
    await room.picture(page, 'case');
    await page.getByRole('button', { name: 'J’ai lu ci-dessus' }).click();
    await page.getByLabel('Votre réponse').fill('Restez chez votre voisin, nous arrivons.');
    await page.getByRole('button', { name: 'Envoyer' }).click();
    await awa.seesText('Restez chez votre voisin, nous arrivons.');
    await page.locator('.bubble', { hasText: 'Restez chez votre voisin' }).waitFor();
    await page.locator('.fate', { hasText: 'envoyé' }).waitFor();
    await awa.says('Merci, je suis chez lui.');
    await page.getByText('Merci, je suis chez lui.').waitFor();
    // Why it is so urgent, and what the service itself noted.
    await page.getByText('Pourquoi ce niveau').click();
    await page.getByText('C1 · La personne a lancé un SOS').waitFor();
    await awa.says('SOS');
    await page.getByText('La personne a redemandé de l’aide').waitFor();
    await room.picture(page, 'case-talk');
    // The browser keeps the empty page, the server's public keys and hashes of how far it saw which case; nothing else.
    const kept = await page.evaluate(`(async () => {
      await navigator.serviceWorker.ready;
      const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      const pages = requests.flat().map(({ url }) => new URL(url).pathname);
      const databases = await indexedDB.databases();
      return { pages, databases, local: { ...localStorage }, session: sessionStorage.length };
    })()`);
    expect(kept).toEqual({
      pages: ['/console/'],
      databases: [],
      local: {
        'lakana.server-keys': expect.stringMatching(
          /^\[\{"keyId":"[0-9a-f]{8}","publicKey":"[\w+/]{43}="\}\]$/,
        ),
        'lakana.cases-seen': expect.stringMatching(
          /^\{"c[0-9a-f]{31}":\{"length":\d+,"first":"[0-9a-f]{64}","head":"[0-9a-f]{64}"\}\}$/,
        ),
      },
      session: 0,
    });
    await page.getByRole('button', { name: 'Clore' }).click();
    await page.getByRole('menuitem', { name: 'J’ai joint la personne' }).click();
    await page.getByRole('status').getByText('la personne a été jointe').waitFor();
    const { sql } = room.world.database;
    const [alert] = await sql`select state from alerts where reference = ${reference}`;
    expect(alert?.state).toBe('closed');
    const looked = (await sql`select what from audit_log order by seq`).map(({ what }) => what);
    expect(looked).toEqual(
      expect.arrayContaining(['invited', 'joined', 'granted', 'case_opened', 'replied']),
    );
    // What was said by both, and the team's key, stand nowhere in the clear.
    const held = `${await everythingIn(room.world.database)}${room.world.logged.join('')}`;
    for (const secret of [
      'chez votre voisin',
      'devant la maison',
      'je suis chez lui',
      room.world.teamSecret,
      'Kadi',
    ])
      expect(held.includes(secret), secret).toBe(false);
    expect(held).toContain(reference);
    expect(
      await verifyAudit(auditRows(room.world.database.db), room.world.ctx().keyring.signer),
    ).toMatchObject({
      ok: true,
    });
  });

  test('hides everything with one key, comes back with the passkey, sees a photo, hears a voice note, and finds it locked after the laptop slept', async () => {
    await room.world.enrolOfficer('Kadi');
    const page = await room.phone({ locale: 'en', colorScheme: 'dark' });
    await page.goto(await room.invited('Kadi', 'administrator', await room.officerNamed('Kadi')));
    await page.getByRole('button', { name: 'Make my passkey' }).click();
    await page.getByLabel('Or the key as it is printed').fill(room.world.teamSecret);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'Alerts' }).waitFor();
    const awa = room.world.person('Awa');
    const reference = await cries(awa);
    // What comes now answers no question.
    await answersUntil(awa, /Que voulez-vous faire/, {
      picks: { 'Pouvez-vous continuer': 'Pas maintenant' },
    });
    await awa.sendsPhoto(RED_SQUARE);
    await awa.sendsVoice(HUM);
    // What no browser plays: only the beginning came.
    await awa.sendsVoice(HUM.subarray(0, 40));
    await expect
      .poll(async () => (await room.world.database.sql`select 1 from evidence where state = 'saved'`).length)
      .toBe(3);
    // What nobody has heard stands in a queue of its own.
    await page.getByRole('heading', { name: 'To be heard' }).waitFor();
    await page.getByText('2 voice notes not heard').first().waitFor();
    await page.goto(`${room.origin}/console/#/case/${reference}`);
    // A page that is loaded anew has no keys.
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page
      .getByRole('button', { name: /Show · Photo/ })
      .first()
      .click();
    await page.getByRole('img', { name: 'Photo' }).waitFor();
    await page
      .getByRole('button', { name: /Play · Voice note/ })
      .first()
      .click();
    const unheard = async () => (await room.world.database.sql`select unheard from cases`)[0]?.unheard;
    const plays =
      'document.querySelector("audio").duration > 0 && document.querySelector("audio").error === null';
    await expect.poll(() => page.evaluate(plays)).toBe(true);
    await expect.poll(unheard).toBe(1);
    await page
      .getByRole('button', { name: /Play · Voice note/ })
      .first()
      .click();
    await page.getByText('Voice note: this browser cannot play it').waitFor();
    // Fetched, and not heard.
    expect(await unheard()).toBe(1);
    await room.picture(page, 'case-dark-en');
    const saving = page.waitForEvent('download');
    // Only on purpose, and noted.
    await page.getByRole('button', { name: 'Save the original' }).last().click();
    await page.getByText('The original keeps all that it tells').waitFor();
    await page.getByRole('button', { name: 'Save the original all the same' }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toMatch(new RegExp(`^${reference}-\\d\\d-voice-[0-9a-f]{4}\\.wav$`));
    expect(await readFile(await saved.path())).toEqual(HUM.subarray(0, 40));
    await expect.poll(unheard).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.locator('main').textContent()).not.toContain(reference);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: new RegExp(reference) }).waitFor();
    // Each four minutes a turn of the wheel, a key, a finger, the focus of a screen reader, a voice note that plays: the
    // member reads. Then nobody does, which is said; then the lid is shut, and its timers with it.
    await page.evaluate(`(() => {
      const now = Date.now;
      window.later = (minutes, event) => {
        const at = now() + minutes * 60_000;
        Date.now = () => at;
        window.dispatchEvent(new Event(event));
      };
    })()`);
    await page.evaluate(`['wheel', 'keydown', 'touchmove', 'focusin', 'click', 'timeupdate', 'focus']
      .forEach((event, n) => later(4 * n + 4, event))`);
    const closing = page.getByText('Still there?');
    await closing.waitFor();
    await room.picture(page, 'closing-soon');
    await page.keyboard.press('ArrowDown');
    await closing.waitFor({ state: 'detached' });
    expect(await page.getByRole('heading', { name: new RegExp(reference) }).count()).toBe(1);
    await page.evaluate('later(34, "focus")');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.locator('main').textContent()).not.toContain(reference);
  });

  test('who has lost every device comes back with the recovery kit, and opens the case', async () => {
    await room.world.enrolOfficer('Kadi');
    const lost = await room.phone();
    await room.kadiIsIn(lost);
    const awa = room.world.person('Awa');
    const reference = await cries(awa);
    await awa.says('Je suis cachée chez ma soeur.');
    await awa.seesText('écrire ici sans danger');
    await lost.goto(`${room.origin}/console/#/people`);
    await lost.getByRole('button', { name: 'Montrer la clé à imprimer' }).click();
    await room.picture(lost, 'recovery-kit');
    const printed = ((await lost.locator('.sheet code').last().textContent()) ?? '').trim();
    await lost.close();
    // What `setup --again` prints.
    const found = await room.phone();
    await found.goto(await room.invited('Kadi', 'administrator'));
    await found.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
    // Another team's kit is refused, and said to be so.
    await found.getByLabel('Ou la clé comme elle est imprimée').fill((await createTeamKey()).secret);
    await found.getByRole('button', { name: 'Continuer' }).click();
    await found.getByText('Ce n’est pas la clé de cette équipe.').waitFor();
    await found.getByLabel('Ou la clé comme elle est imprimée').fill(printed);
    await found.getByRole('button', { name: 'Continuer' }).click();
    await found
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .click();
    await found.getByText('Je suis cachée chez ma soeur.').first().waitFor();
  });

  test('whose phone cannot keep the key uses a passphrase', async () => {
    await room.world.enrolOfficer('Kadi');
    const page = await room.phone({ hasPrf: false });
    await page.goto(await room.invited('Kadi', 'administrator'));
    await page.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
    await page.getByLabel('Phrase secrète').fill('sept chèvres sous le baobab');
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByRole('heading', { name: 'La clé de l’équipe' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByLabel('Phrase secrète').fill('sept chevres sous le baobab');
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Phrase secrète').fill('sept che\u0300vres\u00a0sous le baobab ');
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByRole('heading', { name: 'La clé de l’équipe' }).waitFor();
  });
});

describe('an officer who has the alert', () => {
  test('can hand over and close on a network so bad that what asks does not come', async () => {
    await room.world.enrolOfficer('Kadi');
    const issa = await room.world.enrolOfficer('Issa');
    const page = await room.phone();
    await room.kadiIsIn(page);
    await page.route(/widgets-.*\.js$/, (route) => route.abort());
    const reference = await cries(room.world.person('Awa'));
    await page
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .click();
    await page.getByRole('button', { name: 'Je prends' }).click();
    await page.getByRole('button', { name: 'Passer à…' }).click();
    await page.getByRole('button', { name: /^Issa/ }).click();
    await issa.seesText('Kadi vous demande de la prendre');
    await page.getByRole('button', { name: 'Clore' }).click();
    await page.getByRole('button', { name: 'J’ai joint la personne' }).click();
    await page.getByText('Clos · la personne a été jointe').waitFor();
  });

  test('sends a ready-made phrase, lowers the level with a reason, and hands over to a colleague', async () => {
    await room.world.enrolOfficer('Kadi');
    const issa = await room.world.enrolOfficer('Issa');
    const page = await room.phone();
    await room.kadiIsIn(page);
    const awa = room.world.person('Awa');
    const reference = await cries(awa);
    await page
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .click();
    await page.getByRole('button', { name: 'Je prends' }).click();
    await page.getByRole('button', { name: 'J’ai lu ci-dessus' }).click();
    // The buttons are the very words that leave; of the one that is not pushed it is said what the person reads.
    const words = 'pouvez-vous parler maintenant ? Répondez oui ou non.';
    await page.getByText(/À « statut », après « du nouveau.*allez dans un endroit sûr/).waitFor();
    await page.getByRole('button', { name: words, exact: true }).click();
    await awa.seesText(`– ${words}`);
    await page.locator('.bubble', { hasText: words }).waitFor();
    await page.getByText('Changer le niveau').first().click();
    await page.getByRole('combobox').selectOption('medium');
    expect(await page.getByRole('button', { name: 'Changer', exact: true }).isEnabled()).toBe(false);
    await page.getByLabel('Pourquoi plus bas ?').fill('Le voisin est avec elle.');
    await page.getByRole('button', { name: 'Changer', exact: true }).click();
    await page.getByText('Le voisin est avec elle.').waitFor();
    await page.getByRole('button', { name: 'Passer à…' }).click();
    await page.getByRole('menuitem', { name: /^Issa/ }).click();
    await page.getByText('Proposée à Issa').waitFor();
    await issa.seesText('Kadi vous demande de la prendre');
    await issa.chooses('Je prends');
    await page.getByText('Prise par Issa').waitFor();
    // Lowering closed nothing, and the reason stands nowhere in the clear.
    const { sql } = room.world.database;
    const [row] =
      await sql`select a.state, a.level, c.level as of_case from alerts a join cases c on c.id = a.case_id`;
    expect(row).toMatchObject({ state: 'taken', level: 'urgent', of_case: 'medium' });
    await room.picture(page, 'case-handed-over');
    // He gives it back to her: she accepts, and says that she saw that the person asks again, without a messenger.
    await issa.chooses("Passer à quelqu'un");
    await issa.chooses('Kadi (de garde)');
    await page.getByText('Issa vous demande de la prendre').waitFor();
    await page.getByRole('button', { name: 'Je prends' }).click();
    await page.getByText('Prise par vous').waitFor();
    await awa.says('SOS');
    await page.getByRole('button', { name: 'Vu', exact: true }).click();
    await page.getByText('Kadi – a vu').waitFor();
    await page.getByRole('button', { name: 'Vu', exact: true }).waitFor({ state: 'detached' });
  });
});

test('what an officer writes outside the hours that a person named waits, and the room shows until when', async () => {
  await room.world.enrolOfficer('Kadi');
  const page = await room.phone();
  await room.kadiIsIn(page);
  const { clock, db, settings } = room.world.ctx();
  const now = await clock.now(db);
  const [hours = 'night'] = CONTACT_HOURS.filter((each) => !spanAt([each], now, settings.timeZone));
  const [from] = HOURS[hours];
  const awa = room.world.person('Awa');
  const reference = await cries(awa);
  await awa.says('À Kati');
  await awa.chooses('Seulement à certaines heures');
  await awa.chooses(`${from} h à`);
  await awa.chooses('Terminé');
  await awa.seesText('À ces heures seulement');
  await page
    .getByRole('link', { name: new RegExp(reference) })
    .first()
    .click();
  await page.getByText(new RegExp(`Écrire seulement à ces heures : ${from} h à`)).waitFor();
  await page.getByRole('button', { name: 'Je prends' }).click();
  await page.getByRole('button', { name: 'J’ai lu ci-dessus' }).click();
  await page.getByRole('button', { name: 'un appel va suivre', exact: true }).click();
  await page.locator('.fate', { hasText: /attend les heures choisies, part à/ }).waitFor();
  await room.picture(page, 'case-waits');
  await awa.says('statut');
  await awa.seesText("Une personne de l'équipe s'en occupe");
  expect(awa.screen().join('\n')).not.toMatch(/– bien reçu|appel va suivre/);
});

test('that a reporter’s phone is not safe, and what else they chose, is what the officer reads', async () => {
  await room.world.enrolOfficer('Kadi');
  const page = await room.phone();
  await room.kadiIsIn(page);
  const awa = room.world.person('Awa');
  await greets(awa);
  await answersUntil(awa, /Voici ce que vous avez dit/, {
    picks: { 'sur ce téléphone sans danger': 'Je ne sais pas', 'vous joindre sans danger': 'à toute heure' },
  });
  await awa.seesText('nous ne vous y écrivons pas les premiers', { ever: true });
  await awa.chooses('Envoyer');
  const reference = referenceIn((await awa.seesText('Votre signalement est enregistré')).text);
  await page
    .getByRole('link', { name: new RegExp(reference) })
    .first()
    .click();
  await page.getByText('NE PAS ÉCRIRE ICI : on ne sait pas si son téléphone est sûr.').waitFor();
  expect(await page.getByRole('button', { name: 'J’ai lu ci-dessus' }).count()).toBe(0);
});

describe('a report that was not urgent', () => {
  /** A reporter tells what is not urgent, and the officer opens it. */
  async function reports(page: Page, name: string) {
    const person = room.world.person(name);
    await greets(person);
    await answersUntil(person, /Voici ce que vous avez dit/);
    await person.chooses('Envoyer');
    const reference = referenceIn((await person.seesText('Votre signalement est enregistré')).text);
    await page
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .click();
    return { person, reference };
  }

  test('is taken, answered and closed, and no phone is rung; what the person adds opens it again', async () => {
    const kadi = await room.world.enrolOfficer('Kadi');
    const page = await room.phone();
    await room.kadiIsIn(page);
    const { person: awa, reference } = await reports(page, 'Awa');
    await page.getByText('Personne ne le suit').waitFor();
    await page.getByText('Accord de la personne qui écrit : Oui').waitFor();
    expect(await page.getByRole('button', { name: 'Je ne peux pas' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Je prends' }).click();
    await page.getByText('Suivi par vous').waitFor();
    await room.picture(page, 'case-calm');
    await page.getByRole('button', { name: 'J’ai lu ci-dessus' }).click();
    await page.getByLabel('Votre réponse').fill('La CNDH lit tout.');
    await page.getByText('« cndh » dit qui vous êtes').waitFor();
    await page.getByLabel('Votre réponse').fill('Merci. Nous lisons tout cette semaine.');
    await page.getByText('« cndh » dit qui vous êtes').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Envoyer' }).click();
    await awa.seesText('Merci. Nous lisons tout cette semaine.');
    await page.locator('.fate', { hasText: 'envoyé' }).waitFor();
    await page.getByRole('button', { name: 'Clore' }).click();
    await page.getByRole('menuitem', { name: 'Le danger est passé' }).click();
    await page.getByText('Clos · le danger est passé').waitFor();
    await awa.seesText('terminé ici. Si besoin, écrivez.');
    await page.getByRole('link', { name: /Retour/ }).click();
    const row = page.getByRole('link', { name: new RegExp(reference) });
    await row.getByText('Clos').waitFor();
    await room.picture(page, 'inbox-closed');
    await awa.says('Ils sont passés encore ce matin.');
    await room.world.isQuiet();
    await room.world.passes(seconds(5));
    await kadi.seesText(`Nouvelles réponses dans ${reference}`);
    await row.getByText('Personne ne le suit').waitFor();
    await row.click();
    await page.getByText('Ils sont passés encore ce matin.').first().waitFor();
    // What goes on in a further message is read as one account, each part with its time.
    await awa.says('Le voisin les a vus.');
    await awa.says('Leur voiture est blanche.');
    const parts = page.locator(':has(> .piece)', { hasText: 'Le voisin les a vus.' }).locator('> .piece');
    await expect.poll(() => parts.count()).toBe(2);
    expect(await parts.last().textContent()).toContain('Leur voiture est blanche.');
    expect(await parts.locator('time').count()).toBe(2);
    await page.getByRole('button', { name: 'Je prends' }).click();
    await page.getByText('Suivi par vous').waitFor();
    const { sql } = room.world.database;
    expect(await sql`select 1 from pages`).toHaveLength(0);
    expect(await sql`select status from cases`).toEqual([{ status: 'waiting_for_us' }]);
  });

  test('is raised by an officer who reads it: the phones ring, and the officer who takes it writes to the person and closes it', async () => {
    const kadi = await room.world.enrolOfficer('Kadi');
    const page = await room.phone();
    await room.kadiIsIn(page);
    const { person: awa, reference } = await reports(page, 'Awa');
    await page.getByText('Changer le niveau').first().click();
    await page.getByRole('combobox').selectOption('critical');
    await page.getByRole('button', { name: 'Changer', exact: true }).click();
    await kadi.seesText(reference);
    await page.getByRole('button', { name: 'Je prends' }).click();
    await page.getByText('Prise par vous').waitFor();
    await page.getByRole('button', { name: 'J’ai lu ci-dessus' }).click();
    await page.getByLabel('Votre réponse').fill('Nous voulons vous parler aujourd’hui.');
    await page.getByRole('button', { name: 'Envoyer' }).click();
    await awa.seesText('Nous voulons vous parler aujourd’hui.');
    await page.getByRole('button', { name: 'Clore' }).click();
    await page.getByRole('menuitem', { name: 'Transmis' }).click();
    await page.getByRole('button', { name: 'Clore' }).waitFor({ state: 'detached' });
    const [row] = await room.world.database.sql`select level, state, outcome from alerts`;
    expect(row).toEqual({ level: 'critical', state: 'closed', outcome: 'transferred' });
  });
});
