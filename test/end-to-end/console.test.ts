/** The officer's room in a real browser, with a passkey: from set-up to the answer that a defender reads. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDraft, type ItemKind, openCase, sealIntoCase } from '../../src/app/case-record.ts';
import { invite } from '../../src/app/console/members.ts';
import { addPush } from '../../src/app/officer-contacts.ts';
import { transact } from '../../src/app/transaction.ts';
import { compareConsole } from '../../src/commands/console-verify.ts';
import { verifyAudit } from '../../src/crypto/audit-chain.ts';
import { createTeamKey, fingerprint } from '../../src/crypto/case-key.ts';
import { sealGrant, vouchFor } from '../../src/crypto/member-key.ts';
import { auditRows } from '../../src/db/audit.ts';
import { evidence as evidenceTable } from '../../src/db/schema.ts';
import { joiningLink } from '../../src/http/console/team-routes.ts';
import { type EvidenceId, newId, type OfficerId } from '../../src/kernel/ids.ts';
import { HUM, openBrowser, RED_SQUARE, type TestBrowser } from '../browser.ts';
import { readCase } from '../case-file.ts';
import { everythingIn } from '../everything-in.ts';
import { startGateway } from '../fakes/paging/gateways.ts';
import { senderOf, subscribedBrowser } from '../fakes/paging/push-browser.ts';
import { answersUntil, greets } from './answering.ts';
import { cries } from './duty.ts';
import { type Telegram, telegram } from './messengers/telegram.ts';
import { openWorld, referenceIn, type World } from './world.ts';

/** Where pictures of the rooms are kept, for people to look at. */
const PICTURES = process.env.LAKANA_PICTURES;
const PHONE = { viewport: { width: 390, height: 780 } };

const DESK = { viewport: { width: 1280, height: 800 } };
/** Both languages, light and dark, phone and desk: all of them when pictures are wanted, else two that differ in each. */
const LOOKS: BrowserContextOptions[] = PICTURES
  ? [PHONE, DESK].flatMap((size) =>
      (['light', 'dark'] as const).flatMap((colorScheme) =>
        ['fr', 'en'].map((locale) => ({ ...size, colorScheme, locale })),
      ),
    )
  : [{}, { ...DESK, colorScheme: 'dark', locale: 'en' }];

const nameOf = ({ viewport, colorScheme = 'light', locale = 'fr' }: BrowserContextOptions): string =>
  `${viewport?.width === DESK.viewport.width ? 'desk' : 'phone'}-${colorScheme}-${locale}`;

let browser: TestBrowser;
let world: World<Telegram>;
let origin: string;

beforeAll(async () => {
  browser = await openBrowser();
}, 60_000);
afterAll(() => browser?.close());
beforeEach(async () => {
  world = await openWorld(telegram);
  origin = world.origin();
});
afterEach(() => world.close());

/** A page on a phone whose passkeys are made by a device that also computes (PRF), unless said otherwise. */
async function phone(options: BrowserContextOptions & { hasPrf?: boolean } = {}): Promise<Page> {
  const { hasPrf = true, ...rest } = options;
  const page = await browser.page({ ...PHONE, ...rest });
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      hasPrf,
    },
  });
  return page;
}

/**
 * Brings a push to the worker, as the browser does; returns what it would show. This browser has no screen to show it on, so
 * that last step is looked at instead of done.
 */
async function deliverPush(page: Page, data: string): Promise<unknown> {
  const [worker] = page.context().serviceWorkers();
  if (!worker) throw new Error('no worker');
  await worker.evaluate(
    'self.registration.showNotification = async (title, { body, data }) => { self.shown = { title, body, data }; }',
  );
  const devTools = await page.context().newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    devTools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [found] = registrations;
      if (found) resolve(found.registrationId);
    });
  });
  await devTools.send('ServiceWorker.enable');
  await devTools.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registered, data });
  await expect.poll(() => worker.evaluate('self.shown'), { timeout: 10_000 }).toBeTruthy();
  return worker.evaluate('self.shown');
}

/** Somebody touches what the worker showed. */
async function touchPush(page: Page): Promise<void> {
  const [worker] = page.context().serviceWorkers();
  await worker?.evaluate(
    'self.dispatchEvent(Object.assign(new ExtendableEvent("notificationclick"), { notification: { close() {}, data: self.shown.data } })), 0',
  );
}

async function invited(
  name: string,
  role: 'administrator' | 'officer',
  officerId?: OfficerId,
): Promise<string> {
  const { code } = await transact(world.ctx(), (tx, ctx, now) =>
    invite(tx, ctx, now, null, { name, role, ...(officerId ? { officerId } : {}) }),
  );
  return joiningLink(origin, code);
}

async function officerNamed(name: string): Promise<OfficerId> {
  const { listOfficers } = await import('../../src/app/officers.ts');
  const found = (await listOfficers(world.database.db, world.ctx())).find((each) => each.name === name);
  if (!found) throw new Error(`no officer ${name}`);
  return found.id;
}

/** The first administrator, who is the officer Kadi too, has joined and brought the team's key. */
async function kadiIsIn(page: Page): Promise<void> {
  await page.goto(await invited('Kadi', 'administrator', await officerNamed('Kadi')));
  await page.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
  await page.getByLabel('Ou la clé comme elle est imprimée').fill(world.teamSecret);
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.getByRole('heading', { name: 'Alertes' }).waitFor();
}

async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  await mkdir(PICTURES, { recursive: true });
  await writeFile(join(PICTURES, `${name}.png`), await page.screenshot({ fullPage: true }));
}

describe('an officer on a phone', () => {
  test('joins, opens the alert, takes it, reads what the person wrote, answers, and closes', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const page = await phone();
    await kadiIsIn(page);
    await picture(page, 'inbox-empty');
    const awa = world.person('Awa');
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
    await picture(page, 'case');
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
    await picture(page, 'case-talk');
    // The browser keeps the empty page and nothing else.
    const kept = await page.evaluate(`(async () => {
      await navigator.serviceWorker.ready;
      const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      const pages = requests.flat().map(({ url }) => new URL(url).pathname);
      const databases = await indexedDB.databases();
      return { pages, databases, local: localStorage.length, session: sessionStorage.length };
    })()`);
    expect(kept).toEqual({ pages: ['/console/'], databases: [], local: 0, session: 0 });
    await page.getByRole('button', { name: 'Clore' }).click();
    await page.getByRole('button', { name: 'Personne jointe' }).click();
    await page.getByRole('status').getByText('Personne jointe').waitFor();
    const { sql } = world.database;
    const [alert] = await sql`select state from alerts where reference = ${reference}`;
    expect(alert?.state).toBe('closed');
    const looked = (await sql`select what from audit_log order by seq`).map(({ what }) => what);
    expect(looked).toEqual(
      expect.arrayContaining(['invited', 'joined', 'granted', 'case_opened', 'replied']),
    );
    // What was said by both, and the team's key, stand nowhere in the clear.
    const held = `${await everythingIn(world.database)}${world.logged.join('')}`;
    for (const secret of [
      'chez votre voisin',
      'devant la maison',
      'je suis chez lui',
      world.teamSecret,
      'Kadi',
    ])
      expect(held.includes(secret), secret).toBe(false);
    expect(held).toContain(reference);
    expect(await verifyAudit(auditRows(world.database.db), world.ctx().keyring.signer)).toMatchObject({
      ok: true,
    });
  });

  test('hides everything with one key, comes back with the passkey, sees a photo and hears a voice note', async () => {
    await world.enrolOfficer('Kadi');
    const page = await phone({ locale: 'en', colorScheme: 'dark' });
    await page.goto(await invited('Kadi', 'administrator', await officerNamed('Kadi')));
    await page.getByRole('button', { name: 'Make my passkey' }).click();
    await page.getByLabel('Or the key as it is printed').fill(world.teamSecret);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'Alerts' }).waitFor();
    const awa = world.person('Awa');
    const reference = await cries(awa);
    await awa.sendsPhoto(RED_SQUARE);
    await awa.sendsVoice(HUM);
    await expect
      .poll(async () => (await world.database.sql`select 1 from evidence where state = 'saved'`).length, {
        timeout: 10_000,
      })
      .toBe(2);
    // What nobody has heard stands in a queue of its own.
    await page.getByRole('heading', { name: 'To be heard' }).waitFor();
    await page.getByText('1 voice note not heard').first().waitFor();
    await page.goto(`${origin}/console/#/case/${reference}`);
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
    const plays =
      'document.querySelector("audio").duration > 0 && document.querySelector("audio").error === null';
    await expect.poll(() => page.evaluate(plays), { timeout: 10_000 }).toBe(true);
    await expect
      .poll(async () => (await world.database.sql`select unheard from cases`)[0]?.unheard, {
        timeout: 10_000,
      })
      .toBe(0);
    await picture(page, 'case-dark-en');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.locator('main').textContent()).not.toContain(reference);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: new RegExp(reference) }).waitFor();
  });

  test('who has lost every device comes back with the recovery kit, and opens the case', async () => {
    await world.enrolOfficer('Kadi');
    const lost = await phone();
    await kadiIsIn(lost);
    const awa = world.person('Awa');
    const reference = await cries(awa);
    await awa.says('Je suis cachée chez ma soeur.');
    await awa.seesText('écrire ici sans danger');
    await lost.goto(`${origin}/console/#/people`);
    await lost.getByRole('button', { name: 'Montrer la clé à imprimer' }).click();
    await picture(lost, 'recovery-kit');
    const printed = ((await lost.locator('.sheet code').last().textContent()) ?? '').trim();
    await lost.close();
    // What `setup --again` prints.
    const found = await phone();
    await found.goto(await invited('Kadi', 'administrator'));
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
    await world.enrolOfficer('Kadi');
    const page = await phone({ hasPrf: false });
    await page.goto(await invited('Kadi', 'administrator'));
    await page.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
    await page.getByLabel('Phrase secrète').fill('sept chèvres sous le baobab');
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByRole('heading', { name: 'La clé de l’équipe' }).waitFor({ timeout: 20_000 });
    await page.reload();
    await page.getByRole('button', { name: 'Entrer' }).click();
    await page.getByLabel('Phrase secrète').fill('huit chèvres sous le baobab');
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByRole('alert').waitFor({ timeout: 20_000 });
    await page.getByLabel('Phrase secrète').fill('sept chèvres sous le baobab');
    await page.getByRole('button', { name: 'Continuer' }).click();
    await page.getByRole('heading', { name: 'La clé de l’équipe' }).waitFor({ timeout: 20_000 });
  });
});

describe('an officer who has the alert', () => {
  test('sends a ready-made phrase, lowers the level with a reason, and hands over to a colleague', async () => {
    await world.enrolOfficer('Kadi');
    const issa = await world.enrolOfficer('Issa');
    const page = await phone();
    await kadiIsIn(page);
    const awa = world.person('Awa');
    const reference = await cries(awa);
    await page
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .click();
    await page.getByRole('button', { name: 'Je prends' }).click();
    await page.getByRole('button', { name: 'J’ai lu ci-dessus' }).click();
    await page.getByRole('button', { name: 'Pouvez-vous parler ?' }).click();
    await awa.seesText('Pouvez-vous parler maintenant ?');
    await page.getByText('Changer le niveau').first().click();
    await page.getByRole('combobox').selectOption('medium');
    expect(await page.getByRole('button', { name: 'Changer', exact: true }).isEnabled()).toBe(false);
    await page.getByLabel('Pourquoi plus bas ?').fill('Le voisin est avec elle.');
    await page.getByRole('button', { name: 'Changer', exact: true }).click();
    await page.getByText('Le voisin est avec elle.').waitFor();
    await page.getByRole('button', { name: 'Passer à…' }).click();
    await page.getByRole('button', { name: /^Issa/ }).click();
    await page.getByText('Proposée à Issa').waitFor();
    await issa.seesText('Kadi vous demande de la prendre');
    await issa.chooses('Je prends');
    await page.getByText('Prise par Issa').waitFor();
    // Lowering closed nothing, and the reason stands nowhere in the clear.
    const { sql } = world.database;
    const [row] =
      await sql`select a.state, a.level, c.level as of_case from alerts a join cases c on c.id = a.case_id`;
    expect(row).toMatchObject({ state: 'taken', level: 'urgent', of_case: 'medium' });
    await picture(page, 'case-handed-over');
  });
});

describe('a report that was not urgent', () => {
  test('is raised by an officer who reads it: the phones ring, and whoever takes it writes to the person and closes it', async () => {
    const kadi = await world.enrolOfficer('Kadi');
    const page = await phone();
    await kadiIsIn(page);
    const awa = world.person('Awa');
    await greets(awa);
    await answersUntil(awa, /Voici ce que vous avez dit/);
    await awa.chooses('Envoyer');
    const reference = referenceIn((await awa.seesText('dossier')).text);
    await page
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .click();
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
    await page.getByRole('button', { name: 'Transmis' }).click();
    await page.getByRole('button', { name: 'Clore' }).waitFor({ state: 'detached' });
    const [row] = await world.database.sql`select level, state, outcome from alerts`;
    expect(row).toEqual({ level: 'critical', state: 'closed', outcome: 'transferred' });
  });
});

describe('what a hostile reporter writes', () => {
  test('is shown as text: markup, scripts, signs that steer or hide, huge texts, names of files', async () => {
    await world.enrolOfficer('Kadi');
    const page = await phone();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('dialog', () => errors.push('dialog'));
    await kadiIsIn(page);
    const markup = '<img src=x onerror="alert(1)"><script>alert(2)</script>{{7*7}}javascript:alert(3)';
    const steering = '\u202eexe.pdf\u2066\u200b\u0000\u{e0041}\u3164';
    const evil = (n: number) => `${n} ${markup} ${steering}`;
    const huge = 'x'.repeat(200_000);
    const evidence = newId<EvidenceId>();
    const parts = (n: number) => [
      { kind: 'text', text: evil(n) },
      { kind: 'text', text: huge },
      { kind: 'file', evidence, media: evil(n + 1) },
      { kind: 'point', latitude: 12, longitude: -8 },
    ];
    const entries = [
      { step: 'account', answer: { kind: 'account', parts: parts(1), done: true } },
      { step: 'happened', answer: { kind: 'text', text: evil(3) } },
      { step: 'kind', answer: { kind: 'choice', value: evil(4) } },
      { step: 'needs', answer: { kind: 'choices', values: [evil(5), evil(6)] } },
      { step: 'since', answer: { kind: 'date', precision: 'day', date: evil(7), words: evil(8) } },
      {
        step: 'where',
        answer: {
          kind: 'place',
          zone: evil(9),
          region: evil(10),
          cercle: evil(11),
          words: evil(12),
          parts: parts(13),
          done: true,
        },
      },
      { step: evil(15), answer: { kind: 'code', text: evil(16) } },
      { step: '__proto__', answer: { kind: 'text', text: evil(17) } },
    ];
    const reference = await transact(world.ctx(), async (tx, ctx, now) => {
      const caseId = await createDraft(tx, ctx, now, 'telegram');
      const put = (type: ItemKind, content: object) => sealIntoCase(tx, ctx, now, caseId, type, content);
      await put('report', { entries });
      await put('message', { at: evil(18), by: evil(19), text: evil(20) });
      await put('note', { by: evil(21), text: evil(22) });
      await put('phrase', { phrase: evil(23) });
      await put('event', { what: evil(27), because: evil(28), rules: [evil(29)] });
      const message = { content: { kind: 'text', text: evil(30) } };
      await put('event', { what: 'message_could_not_be_handled', message });
      await put('evidence', {
        evidence,
        media: 'document',
        mediaType: evil(24),
        name: `25 ${steering} ${markup}`,
        seconds: evil(26),
      });
      await tx.insert(evidenceTable).values({
        id: evidence,
        caseId,
        state: 'saved',
        media: 'document',
        size: 1,
        hash: new Uint8Array(32),
        createdAt: now,
      });
      // What is no object at all, and what has other shapes than ours.
      await put('answers', { entries: [{ step: 'account', answer: { kind: 'account', parts: 'no list' } }] });
      await put('answers', { entries: 'no list' });
      const facts = { level: 'medium' as const, isSubmitted: true, isUnfinished: false };
      return openCase(tx, ctx, now, caseId, facts);
    });
    await page.goto(`${origin}/console/#/case/${reference}`);
    await page.locator('article[aria-busy=false]').waitFor();
    const said = (await page.locator('article').textContent()) ?? '';
    for (const n of [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 15, 16, 17, 19, 20, 21, 22, 23, 27, 28, 29, 30])
      expect(said, `${n}`).toContain(`${n} ${markup}`);
    expect(said).toContain('25 □exe.pdf□□□□□');
    for (const sign of steering.replace('exe.pdf', '')) expect(said.includes(sign), escape(sign)).toBe(false);
    expect(await page.locator('article img, article script, article iframe').count()).toBe(0);
    const isWider = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
    expect(await page.evaluate(isWider)).toBe(false);
    await picture(page, 'case-hostile');
    // A huge text is folded, and there when it is wanted.
    expect(said.length).toBeLessThan(100_000);
    await page
      .getByRole('button', { name: /Tout montrer/ })
      .first()
      .click();
    await page.getByText('x'.repeat(5_000)).first().waitFor();
    expect(await page.evaluate(isWider)).toBe(false);
    expect(errors).toEqual([]);
  });
});

describe('somebody who looks for words', () => {
  test('opens all cases, sees how far it is, and finds the one that has them; each look is noted', async () => {
    await world.enrolOfficer('Kadi');
    const page = await phone();
    await kadiIsIn(page);
    const told = ['des chèvres volées', 'une lettre de menace', 'Ségou, près du pont'];
    const references = await transact(world.ctx(), async (tx, ctx, now) => {
      const found: string[] = [];
      for (let n = 0; n < 30; n++) {
        const caseId = await createDraft(tx, ctx, now, 'telegram');
        const text = told[n % 10] ?? `rien de tel ${n}`;
        const answer = { kind: 'account', parts: [{ kind: 'text', text }] };
        await sealIntoCase(tx, ctx, now, caseId, 'report', { entries: [{ step: 'account', answer }] });
        const facts = { level: 'medium' as const, isSubmitted: true, isUnfinished: false };
        found.push(await openCase(tx, ctx, now, caseId, facts));
      }
      return found;
    });
    world.ctx().nudge('replies');
    await page.getByText(references[0] ?? '').waitFor();
    const rows = () => page.locator('.rows .row').count();
    await page.getByRole('searchbox').fill('segou pont');
    expect(await rows()).toBe(0);
    await page.getByRole('button', { name: 'Ouvrir tous les dossiers' }).click();
    await page.getByText('Dossiers ouverts : 30 / 30').waitFor();
    expect(await rows()).toBe(3);
    await page.getByRole('combobox').selectOption('low');
    expect(await rows()).toBe(0);
    await page.getByRole('combobox').selectOption('medium');
    expect(await rows()).toBe(3);
    await page.getByRole('searchbox').fill(references[7] ?? '');
    expect(await rows()).toBe(1);
    const looks = await world.database.sql`select 1 from audit_log where what = 'case_opened'`;
    expect(looks).toHaveLength(30);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Entrer' }).click();
    await page.getByRole('button', { name: 'Ouvrir tous les dossiers' }).waitFor();
    await page.getByRole('searchbox').fill('segou pont');
    expect(await rows()).toBe(0);
  });
});

describe('the rooms', () => {
  test(
    'have nothing that a screen reader or a keyboard stumbles over, on a phone and on a desk, light and dark',
    async () => {
      await world.enrolOfficer('Kadi');
      const kadi = await officerNamed('Kadi');
      for (const [n, look] of LOOKS.entries()) {
        const page = await phone({ ...look, bypassCSP: true });
        const isWell = async (room: string) => {
          await page.evaluate(axe.source);
          const found = (await page.evaluate(
            'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }).then((r) => r.violations.map((v) => v.id + ": " + v.nodes.map((x) => x.target).join(" ")))',
          )) as string[];
          expect(found, room).toEqual([]);
          await picture(page, `${room}-${nameOf(look)}`);
        };
        await page.goto(`${origin}/console/`);
        await page.getByRole('main').getByRole('button').first().waitFor();
        await isWell('sign-in');
        await page.goto(`${origin}/console/#/make-key`);
        await page.getByRole('main').getByRole('button').first().click();
        await page.locator('code.link').waitFor();
        await isWell('make-key');
        await page.goto(await invited('Kadi', 'administrator', n === 0 ? kadi : undefined));
        await page.getByRole('main').getByRole('button').first().waitFor();
        await isWell('join');
        await page.getByRole('main').getByRole('button').first().click();
        await page.locator('#team-secret').waitFor();
        await isWell('bring-key');
        await page.locator('#team-secret').fill(world.teamSecret);
        await page.keyboard.press('Enter');
        await page.locator('.inbox').waitFor();
        const reference = await cries(world.person('Awa'));
        await page
          .getByRole('link', { name: new RegExp(reference) })
          .first()
          .waitFor();
        await isWell('inbox');
        await page.goto(`${origin}/console/#/case/${reference}`);
        await page.getByRole('heading', { name: new RegExp(reference) }).waitFor();
        await isWell('case');
        await page.goto(`${origin}/console/#/people`);
        await page.locator('.member').first().waitFor();
        await isWell('people');
        await page.goto(`${origin}/console/#/me`);
        await page.locator('.member').first().waitFor();
        await isWell('me');
        await page.goto(`${origin}/console/#/audit`);
        await page.locator('.timeline li').first().waitFor();
        await page.getByRole('searchbox').fill(reference.toLowerCase());
        expect(await page.locator('.timeline li').allTextContents()).toEqual([
          expect.stringMatching(new RegExp(`Kadi (a ouvert|opened) ${reference}`)),
        ]);
        await isWell('audit');
      }
    },
    LOOKS.length * 15_000,
  );

  test('are gone through by keyboard alone: from the alert to the answer', async () => {
    await world.enrolOfficer('Kadi');
    const page = await phone();
    await kadiIsIn(page);
    const awa = world.person('Awa');
    const reference = await cries(awa);
    await page
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .waitFor();
    const tabTo = async (name: RegExp) => {
      for (let n = 0; n < 40; n++) {
        await page.keyboard.press('Tab');
        const said = await page.evaluate(
          'document.activeElement.textContent || document.activeElement.id || ""',
        );
        if (name.test(String(said))) return;
      }
      throw new Error(`no way to ${name} by keyboard`);
    };
    await tabTo(new RegExp(reference));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: new RegExp(reference) }).waitFor();
    await tabTo(/^Je prends$/);
    await page.keyboard.press('Enter');
    await page.getByText('Prise par vous').waitFor();
    await tabTo(/^J’ai lu/);
    await page.keyboard.press('Enter');
    await tabTo(/^reply$/);
    await page.keyboard.type('Nous arrivons.');
    await tabTo(/^Envoyer$/);
    await page.keyboard.press('Enter');
    await awa.seesText('Nous arrivons.');
  });
});

describe('the page as the service sends it', () => {
  test('is compared with what was built elsewhere, and a file that is another one is named', async () => {
    const built = resolve(import.meta.dirname, '../../dist/console');
    const compared = await compareConsole(origin, built);
    expect(compared.length).toBeGreaterThan(3);
    expect(new Set(compared.map(({ is }) => is))).toEqual(new Set(['same']));
    const elsewhere = await mkdtemp(join(tmpdir(), 'lakana-built-'));
    const sums = await readFile(join(built, 'SHA256SUMS'), 'utf8');
    const other = sums.replace(/^[0-9a-f]{64}(?= {2}worker\.js)/m, '0'.repeat(64));
    await writeFile(join(elsewhere, 'SHA256SUMS'), `${other}${'1'.repeat(64)}  files/gone.js\n`);
    const wrong = (await compareConsole(origin, elsewhere)).filter(({ is }) => is !== 'same');
    expect(wrong).toEqual([
      { file: 'worker.js', is: 'other' },
      { file: 'files/gone.js', is: 'missing' },
    ]);
    await rm(elsewhere, { recursive: true });
  });
});

describe('a phone that is lost', () => {
  test('is taken away from another device that was added before, and is out at once', async () => {
    await world.enrolOfficer('Kadi');
    const stolen = await phone();
    await kadiIsIn(stolen);
    await stolen.getByRole('link', { name: 'Mes entrées' }).click();
    // The only device stays: without it there would be no way in.
    await stolen.getByText('celui-ci').waitFor();
    expect(await stolen.getByRole('button', { name: 'Retirer l’appareil' }).count()).toBe(0);
    await stolen.getByRole('button', { name: 'Ajouter un appareil' }).click();
    await stolen.getByRole('img', { name: 'Ajouter un appareil' }).waitFor();
    await picture(stolen, 'add-device');
    const link = (await stolen.locator('code.link').textContent()) ?? '';
    const laptop = await phone(DESK);
    await laptop.goto(link);
    await laptop.getByText('Kadi, cet appareil sera ajouté').waitFor();
    await laptop.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
    // It opens cases without any further gift: the same person's key.
    await laptop.getByRole('heading', { name: 'Alertes' }).waitFor();
    const reference = await cries(world.person('Awa'));
    await laptop
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .click();
    await laptop.getByRole('heading', { name: new RegExp(reference) }).waitFor();
    await laptop.locator('article[aria-busy=false]').waitFor();
    expect(await laptop.getByText('Cette partie ne s’ouvre pas').count()).toBe(0);
    // The link worked once.
    const late = await phone();
    await late.goto(link);
    await late.getByText('Ce lien a déjà servi').waitFor();
    await laptop.getByRole('link', { name: 'Mes entrées' }).click();
    // A further link, made on the phone while it was open, ends with it.
    await stolen.getByRole('button', { name: 'C’est fait' }).click();
    await stolen.getByRole('button', { name: 'Ajouter un appareil' }).click();
    await stolen.locator('code.link').waitFor();
    const second = (await stolen.locator('code.link').textContent()) ?? '';
    const other = laptop.locator('li', { hasText: 'Appareil ajouté' }).filter({ hasNotText: 'celui-ci' });
    await other.getByRole('button', { name: 'Retirer l’appareil' }).click();
    await laptop.locator('.ask').getByRole('button', { name: 'Retirer l’appareil' }).click();
    await expect.poll(() => laptop.getByRole('button', { name: 'Retirer l’appareil' }).count()).toBe(0);
    await picture(laptop, 'my-devices');
    await late.goto('about:blank');
    await late.goto(second);
    await late.getByText('Ce lien a déjà servi').waitFor();
    await stolen.getByRole('link', { name: 'À traiter' }).click();
    await stolen.getByRole('button', { name: 'Entrer' }).click();
    await stolen.getByRole('alert').waitFor();
    const kept = await world.database.sql`select wrapped_secret from passkeys where revoked_at is not null`;
    expect(kept.map((row) => row.wrapped_secret.length)).toEqual([0]);
  });
});

describe('an officer whose page is closed', () => {
  test('is rung by a push that says "alert" and the reference, and nothing more; it opens the case', async () => {
    const service = await startGateway();
    const kadi = await world.enrolOfficer('Kadi');
    const page = await phone({ permissions: ['notifications'] });
    await kadiIsIn(page);
    await page.getByRole('link', { name: 'Mes entrées' }).click();
    // This browser knows no push service: it subscribes at ours.
    const browserOf = subscribedBrowser(`${service.url}/push/1`);
    await page.evaluate(`PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
      window.subscribedWith = applicationServerKey;
      return { toJSON: () => (${JSON.stringify(browserOf.subscription)}) };
    }`);
    await page.getByRole('button', { name: 'Faire sonner cet appareil' }).click();
    await page.getByText('Cet appareil sonne à chaque alerte.').waitFor();
    await picture(page, 'push-is-on');
    service.answer({ status: 201 });
    const awa = world.person('Awa');
    const reference = await cries(awa);
    await kadi.seesText(reference);
    await expect.poll(() => service.requests.length, { timeout: 10_000 }).toBe(1);
    const [request] = service.requests;
    const said = browserOf.open(request?.bytes ?? Buffer.alloc(0));
    expect(said).toEqual({ reference });
    expect(request?.headers).toMatchObject({ urgency: 'high', 'content-encoding': 'aes128gcm' });
    expect(JSON.stringify(request?.headers)).not.toContain(reference);
    const sender = senderOf(request?.headers.authorization ?? '');
    expect(sender).toMatchObject({ aud: service.url });
    expect(await page.evaluate('window.subscribedWith')).toBe(sender?.key);
    // The browser brings it to the worker.
    const shown = await deliverPush(page, JSON.stringify(said));
    expect(shown).toMatchObject({ title: 'Alerte', body: reference });
    // Touched, it opens the case: here in the page that is there, and unlocked.
    await touchPush(page);
    await page.getByRole('heading', { name: new RegExp(reference) }).waitFor();
    await page.getByRole('link', { name: 'Mes entrées' }).click();
    await page.getByRole('button', { name: 'Ne plus faire sonner cet appareil' }).click();
    await page.getByRole('button', { name: 'Faire sonner cet appareil' }).waitFor();
    const later = await cries(world.person('Binta'));
    await kadi.seesText(later);
    await world.isQuiet();
    expect(service.requests).toHaveLength(1);
    const held = await everythingIn(world.database);
    expect(held.includes(browserOf.subscription.keys.p256dh)).toBe(false);
    expect(held.includes('/push/1')).toBe(false);
    await service.close();
  });

  test('is no longer rung there when the browser has unsubscribed', async () => {
    const service = await startGateway();
    service.answer({ status: 410 });
    const kadi = await world.enrolOfficer('Kadi');
    const { subscription } = subscribedBrowser(`${service.url}/push/2`);
    const officerId = await officerNamed('Kadi');
    await transact(world.ctx(), (tx, ctx, now) => addPush(tx, ctx, now, officerId, subscription));
    await kadi.seesText(await cries(world.person('Awa')));
    await expect.poll(() => service.requests.length, { timeout: 10_000 }).toBe(1);
    await kadi.seesText(await cries(world.person('Binta')));
    await world.isQuiet();
    expect(service.requests).toHaveLength(1);
    await service.close();
  });
});

describe('a team that somebody leaves', () => {
  test('changes its key: old cases are sealed anew, new ones to the new key, and the old key opens nothing any more', async () => {
    await world.enrolOfficer('Kadi');
    const kadi = await phone();
    await kadiIsIn(kadi);
    const awa = world.person('Awa');
    const before = await cries(awa);
    await awa.says('Ils sont revenus devant la maison.');
    await awa.seesText('écrire ici sans danger');
    await kadi.getByRole('link', { name: 'Équipe' }).click();
    await kadi.getByRole('button', { name: 'Faire une nouvelle clé' }).click();
    const next = ((await kadi.locator('.sheet code').textContent()) ?? '').trim();
    await picture(kadi, 'next-key');
    const address =
      (await kadi.getByRole('link', { name: 'Enregistrer le fichier public' }).getAttribute('href')) ?? '';
    const recipient = decodeURIComponent(address.split(',')[1] ?? '').trim();
    // Nothing is sealed to it yet: the operator decides.
    const rows = () =>
      world.database.sql`select key_fingerprint as key, count(*)::int as n from case_wraps group by 1`;
    expect((await rows()).map(({ key }) => key)).toEqual([fingerprint(world.teamRecipient)]);
    expect(await world.doctor()).toContainEqual(
      expect.stringContaining('new team key: the next one is made'),
    );
    await world.stops();
    world.pinsTeamKey(recipient);
    await world.starts();
    expect(await world.doctor()).toContainEqual('new team key: 1 cases open only with the one from before');
    const after = await cries(world.person('Binta'));
    await kadi.goto(`${world.origin()}/console/#/people`);
    await kadi.getByRole('button', { name: 'Entrer' }).click();
    await kadi.getByText('La clé de l’équipe a changé.').waitFor();
    await picture(kadi, 'reseal');
    // Both open in between.
    const opens = async (reference: string) => {
      await kadi.goto(`${world.origin()}/console/#/case/${reference}`);
      await kadi.getByRole('heading', { name: new RegExp(reference) }).waitFor();
      await kadi.locator('article[aria-busy=false]').waitFor();
      expect(await kadi.getByText('Cette partie ne s’ouvre pas').count()).toBe(0);
    };
    await opens(before);
    await kadi.getByText('devant la maison').first().waitFor();
    await opens(after);
    await kadi.goto(`${world.origin()}/console/#/people`);
    await kadi.getByRole('button', { name: 'Resceller les dossiers' }).click();
    await kadi.getByText(/Dossiers rescellés : (\d+) \/ \1(?!\d)/).waitFor();
    await kadi.getByRole('button', { name: 'Oublier l’ancienne clé' }).click();
    await kadi.getByRole('button', { name: 'Faire une nouvelle clé' }).waitFor();
    expect((await rows()).map(({ key }) => key)).toEqual([fingerprint(recipient)]);
    expect((await world.doctor()).join()).not.toContain('new team key');
    await opens(before);
    await kadi.getByText('devant la maison').first().waitFor();
    // On the team's own machine: the new key opens the old case, the old one nothing.
    const old = await readCase(world.database.db, world.ctx().keyring, next, before);
    expect(JSON.stringify(old.items)).toContain('devant la maison');
    await expect(world.openCase(before)).rejects.toMatchObject({ code: 'not_a_recipient' });
    const noted = (await world.database.sql`select what from audit_log order by seq`).map(({ what }) => what);
    expect(noted).toEqual(expect.arrayContaining(['team_key_made', 'cases_resealed', 'old_keys_forgotten']));
  });

  test('seals nothing anew to a key for which nobody of the team vouches', async () => {
    await world.enrolOfficer('Kadi');
    const kadi = await phone();
    await kadiIsIn(kadi);
    await cries(world.person('Awa'));
    const slippedIn = await createTeamKey();
    // Somebody holds the server: pins a key of their own, grants it, and says that it follows.
    await world.stops();
    world.pinsTeamKey(slippedIn.recipient);
    await world.starts();
    const { sql } = world.database;
    const [member] = await sql`select id, recipient from members`;
    const print = fingerprint(slippedIn.recipient);
    const sealed = await sealGrant(member?.recipient, slippedIn.secret);
    await sql`insert into team_grants (member_id, sealed, fingerprint, granted_at)
      values (${member?.id}, ${Buffer.from(sealed)}, ${print}, now())`;
    const voucher = Buffer.from(await vouchFor(slippedIn.secret, slippedIn.recipient));
    await sql`insert into team_keys (fingerprint, recipient, vouched_by, voucher, made_at)
      values (${print}, ${slippedIn.recipient}, ${fingerprint(world.teamRecipient)}, ${voucher}, now())`;
    await kadi.goto(`${world.origin()}/console/#/people`);
    await kadi.getByRole('button', { name: 'Entrer' }).click();
    await kadi.getByRole('button', { name: 'Resceller les dossiers' }).click();
    await kadi.getByText('Ne rescellez rien').waitFor();
    expect(await sql`select 1 from case_wraps where key_fingerprint = ${print}`).toHaveLength(0);
  });
});

describe('a colleague', () => {
  test('is invited, waits for the key, is given it, and can be taken out again', async () => {
    await world.enrolOfficer('Kadi');
    await world.enrolOfficer('Issa');
    const kadi = await phone();
    await kadiIsIn(kadi);
    await kadi.getByRole('link', { name: 'Équipe' }).click();
    await kadi.getByLabel('Nom', { exact: true }).fill('Issa');
    await kadi.getByLabel('Est appelée').selectOption('Issa');
    await kadi.getByLabel('Rôle').selectOption('officer');
    await kadi.getByRole('button', { name: 'Inviter' }).click();
    const link = await kadi.locator('code.link').textContent();
    const issa = await phone();
    await issa.goto(link ?? '');
    await issa.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
    await issa.getByText('doit encore vous donner la clé').waitFor();
    await kadi.reload();
    await kadi.getByRole('button', { name: 'Entrer' }).click();
    await kadi.getByRole('button', { name: 'Donner la clé' }).click();
    await picture(kadi, 'people');
    await kadi.locator('.ask').getByRole('button', { name: 'Donner la clé' }).click();
    await kadi.getByText('ouvre les dossiers').nth(1).waitFor();
    await issa.reload();
    await issa.getByRole('button', { name: 'Entrer' }).click();
    await issa.getByRole('heading', { name: 'Alertes' }).waitFor();
    // Invited as the officer Issa: what he takes in the room is his.
    const reference = await cries(world.person('Awa'));
    await issa
      .getByRole('link', { name: new RegExp(reference) })
      .first()
      .click();
    await issa.getByRole('button', { name: 'Je prends' }).click();
    await issa.getByText('Prise par vous').waitFor();
    await kadi
      .locator('li', { hasText: 'Issa' })
      .getByRole('button', { name: 'Retirer', exact: true })
      .click();
    await kadi.locator('.ask').getByRole('button', { name: 'Retirer', exact: true }).click();
    await expect.poll(() => kadi.locator('li', { hasText: 'Issa' }).count()).toBe(0);
    await issa.reload();
    await issa.getByRole('button', { name: 'Entrer' }).click();
    await issa.getByRole('alert').waitFor();
    // A link works once.
    const late = await phone();
    await late.goto(link ?? '');
    await late.getByText('Ce lien a déjà servi').waitFor();
  });
});
