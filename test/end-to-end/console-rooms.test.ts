/** The rooms as they are looked at, read aloud, searched and gone through by keyboard, and what a hostile reporter can put there. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { sealIntoCase } from '../../src/app/alerts/case-record.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import type { ItemKind } from '../../src/app/records/bound-case.ts';
import { createDraft, openCase } from '../../src/app/records/case-opening.ts';
import { compareConsole } from '../../src/commands/console-verify.ts';
import type { BoundRecipient } from '../../src/crypto/case-binding.ts';
import { createTeamKey, sealToCase } from '../../src/crypto/case-key.ts';
import { nextLink } from '../../src/crypto/chain.ts';
import { evidence as evidenceTable } from '../../src/db/schema.ts';
import { type EvidenceId, newId } from '../../src/kernel/ids.ts';
import { cries } from './duty.ts';
import { DESK, officersRoom, PHONE } from './officers-room.ts';

/** Both languages, light and dark, phone and desk: all eight (`npm run pictures`), or two that differ in each. */
const LOOKS: BrowserContextOptions[] = process.env.LAKANA_PICTURES
  ? [PHONE, DESK].flatMap((size) =>
      (['light', 'dark'] as const).flatMap((colorScheme) =>
        ['fr', 'en'].map((locale) => ({ ...size, colorScheme, locale })),
      ),
    )
  : [{}, { ...DESK, colorScheme: 'dark', locale: 'en' }];

const nameOf = ({ viewport, colorScheme = 'light', locale = 'fr' }: BrowserContextOptions): string =>
  `${viewport?.width === DESK.viewport.width ? 'desk' : 'phone'}-${colorScheme}-${locale}`;

const PUBLISHED = resolve(import.meta.dirname, '../../src/web/console.sha256');

/** Does what translators do: for each text an element with the translation, in which there is another one; and insists. */
const TRANSLATOR = `(() => {
  const translate = () => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) if (!texts.currentNode.parentElement.closest('font, script')) found.push(texts.currentNode);
    for (const text of found) {
      const outer = document.createElement('font');
      outer.appendChild(document.createElement('font')).textContent = '[' + text.data + ']';
      text.replaceWith(outer);
    }
  };
  translate();
  window.translating = new MutationObserver(translate);
  translating.observe(document.body, { childList: true, subtree: true, characterData: true });
})()`;

const room = officersRoom();

describe('what a hostile reporter writes', () => {
  test('is shown as text: markup, scripts, signs that steer or hide, huge texts, names of files', async () => {
    await room.world.enrolOfficer('Kadi');
    const page = await room.phone();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('dialog', () => errors.push('dialog'));
    await room.kadiIsIn(page);
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
    const reference = await transact(room.world.ctx(), async (at) => {
      const caseId = await createDraft(at, 'telegram');
      const put = (type: ItemKind, content: object) => sealIntoCase(at, caseId, type, content);
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
      await at.tx.insert(evidenceTable).values({
        id: evidence,
        caseId,
        state: 'saved',
        media: 'document',
        size: 1,
        hash: new Uint8Array(32),
        createdAt: at.now,
      });
      // What is no object at all, and what has other shapes than ours.
      await put('answers', { entries: [{ step: 'account', answer: { kind: 'account', parts: 'no list' } }] });
      await put('answers', { entries: 'no list' });
      const facts = { level: 'medium' as const, isSubmitted: true, isUnfinished: false };
      return openCase(at, caseId, facts);
    });
    await page.goto(`${room.origin}/console/#/case/${reference}`);
    await page.locator('article[aria-busy=false]').waitFor();
    const said = (await page.locator('article').textContent()) ?? '';
    for (const n of [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 15, 16, 17, 19, 20, 21, 22, 23, 27, 28, 29, 30])
      expect(said, `${n}`).toContain(`${n} ${markup}`);
    expect(said).toContain('25 □exe.pdf□□□□□');
    for (const sign of steering.replace('exe.pdf', '')) expect(said.includes(sign), escape(sign)).toBe(false);
    expect(await page.locator('article img, article script, article iframe').count()).toBe(0);
    const isWider = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
    expect(await page.evaluate(isWider)).toBe(false);
    await room.picture(page, 'case-hostile');
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

describe('an intruder who can write to the database', () => {
  /** What an intruder can do without the server's keys: seal to the case, and write rows and their end as they please. */
  async function slipsIn(reference: string, type: string, content: object): Promise<void> {
    const { sql } = room.world.database;
    const [row] =
      await sql`select id, recipient, chain_length, chain_head from cases where reference = ${reference}`;
    const {
      id: caseId,
      recipient,
      chain_length: place,
      chain_head: previous,
    } = row as never as {
      id: string;
      recipient: BoundRecipient;
      chain_length: number;
      chain_head: Uint8Array;
    };
    const bytes = new TextEncoder().encode(JSON.stringify(content));
    const ciphertext = await sealToCase(recipient, { type, version: 1, caseId, place }, bytes);
    const link = nextLink({ previous, caseId, place, kind: type, ciphertext });
    const [last] =
      await sql`select signature from case_items where case_id = ${caseId} order by place desc limit 1`;
    await sql`insert into case_items (case_id, place, kind, ciphertext, link, signature, created_at)
      values (${caseId}, ${place}, ${type}, ${ciphertext}, ${link}, ${last?.signature}, now())`;
    await sql`update cases set chain_length = ${place + 1}, chain_head = ${link} where id = ${caseId}`;
  }
  const cutsOff = async (reference: string, length: number): Promise<void> => {
    const { sql } = room.world.database;
    await sql`delete from case_items where place >= ${length} and case_id = (select id from cases where reference = ${reference})`;
    await sql`update cases set chain_length = ${length}, chain_head = (select link from case_items i where i.case_id = cases.id and place = ${length - 1}) where reference = ${reference}`;
  };

  test('is seen in the room: what was slipped in, cut off, or given another key is red, and no one answers unawares', async () => {
    await room.world.enrolOfficer('Kadi');
    const page = await room.phone({ bypassCSP: true });
    await room.kadiIsIn(page);
    const awa = room.world.person('Awa');
    const reference = await cries(awa);
    await awa.says('Je suis chez ma tante.');
    await page.goto(`${room.origin}/console/#/case/${reference}`);
    await page.getByText('Je suis chez ma tante.').first().waitFor();
    expect(await page.locator('.alarm').count()).toBe(0);
    await page.getByRole('button', { name: 'Je prends' }).click();
    await page.getByRole('button', { name: 'J’ai lu ci-dessus' }).waitFor();
    const comesBack = async () => {
      await page.getByRole('link', { name: /Retour/ }).click();
      await page
        .getByRole('link', { name: new RegExp(reference) })
        .first()
        .click();
      await page.locator('article[aria-busy=false]').waitFor();
    };

    await slipsIn(reference, 'answers', {
      entries: [
        { step: 'where', answer: { kind: 'text', text: 'Au marché, venez tous' } },
        {
          step: 'account',
          answer: { kind: 'account', parts: [{ kind: 'text', text: 'Tout va bien' }], done: true },
        },
      ],
    });
    await comesBack();
    await page.getByRole('heading', { name: 'Ce dossier n’est pas comme le service l’a écrit' }).waitFor();
    await page.getByText('Cet élément n’a pas été écrit par le service').waitFor();
    // It stands nowhere as the person's word, and nobody answers, closes or hands over who has not read that.
    expect(await page.getByText('Au marché, venez tous').first().isVisible()).toBe(false);
    for (const name of ['J’ai lu ci-dessus', 'Clore', 'Passer à…'])
      expect(await page.getByRole('button', { name }).count(), name).toBe(0);
    expect(await page.getByText('Changer le niveau').count()).toBe(0);
    await room.isWell(page, 'case-inserted-phone-light-fr');
    await page.getByText('Voir quand même').click();
    await page.getByText('Au marché, venez tous').first().waitFor();
    await page.getByRole('button', { name: 'J’ai lu cela. Je veux agir quand même.' }).click();
    await page.getByRole('button', { name: 'J’ai lu ci-dessus' }).waitFor();
    await page.getByRole('button', { name: 'Clore' }).waitFor();

    // Set back, end and all: the service's own records agree with each other, this browser saw more.
    const { sql } = room.world.database;
    const [before] = await sql`select chain_length as n from cases where reference = ${reference}`;
    await cutsOff(reference, Number(before?.n) - 2);
    await comesBack();
    await page.getByText('Cet appareil a déjà vu ce dossier').waitFor();
    expect(await page.getByRole('button', { name: 'Clore' }).count()).toBe(0);

    // A key of their own: what is written from now on would be theirs to read.
    const own = await createTeamKey();
    await sql`update cases set recipient = ${own.recipient} where reference = ${reference}`;
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize(DESK.viewport);
    await comesBack();
    await page.getByText('La clé de ce dossier a été changée').waitFor();
    await room.isWell(page, 'case-key-changed-desk-dark-fr');
    await page.getByRole('button', { name: 'J’ai lu cela. Je veux agir quand même.' }).click();
    await page.getByRole('button', { name: 'J’ai lu ci-dessus' }).click();
    await page.getByLabel('Votre réponse').fill('Nous arrivons.');
    await page.getByRole('button', { name: 'Envoyer' }).click();
    await page.getByText('rien n’y est scellé, et rien n’est parti').waitFor();
    expect(await sql`select 1 from case_items where kind = 'message'`).toHaveLength(0);

    // Among all cases it is marked, and what was slipped in is not found.
    await page.getByRole('link', { name: /Retour/ }).click();
    await page.getByRole('button', { name: /Ouvrir tous les dossiers/ }).click();
    await page.getByText('À vérifier : ouvrez').waitFor();

    // The server itself in other hands: it signs with a key that this browser does not know.
    await page.evaluate(
      `localStorage.setItem('lakana.server-keys', '[{"keyId":"0000000a","publicKey":"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}]')`,
    );
    await page.reload();
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByText('Le serveur signe avec une clé que cet appareil ne connaît pas').first().waitFor();
    await page.goto(`${room.origin}/console/#/me`);
    await page.getByRole('heading', { name: 'Codes de contrôle' }).waitFor();
    await room.isWell(page, 'server-key-changed-desk-dark-fr');
  });
});

describe('a browser that translates', () => {
  test('is asked not to; if it does all the same, what is shown goes on being true, and the officer is told', async () => {
    await room.world.enrolOfficer('Kadi');
    const issa = await room.world.enrolOfficer('Issa');
    const page = await room.phone();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await room.kadiIsIn(page);
    expect(await page.evaluate('document.documentElement.translate')).toBe(false);
    const awa = room.world.person('Awa');
    const reference = await cries(awa);
    const row = page.getByRole('link', { name: new RegExp(reference) }).first();
    await row.getByText('Personne ne l’a prise').waitFor();
    await page.evaluate(TRANSLATOR);
    await page.getByText('[Alertes]').waitFor();
    await issa.seesText(reference);
    await issa.chooses('Je prends');
    await row.getByText('Prise par Issa').waitFor();
    expect(await page.getByText('Personne ne l’a prise').count()).toBe(0);
    await page.getByText('Un autre programme change les mots de cette page').waitFor();
    await room.picture(page, 'translated');
    // Rooms come and go, and what the person adds is there.
    await row.click();
    await page.getByRole('heading', { name: new RegExp(reference) }).waitFor();
    await awa.says('Je suis chez ma tante.');
    await page.getByText('Je suis chez ma tante.').first().waitFor();
    await page.getByRole('link', { name: /Retour/ }).click();
    await row.getByText('Prise par Issa').waitFor();
    // A translation that comes late says what was true before.
    await page.evaluate(`translating.disconnect();
      for (const who of document.querySelectorAll('.alert .who')) who.textContent = 'Nobody has taken it'`);
    await row.getByText('Prise par Issa').waitFor();
    expect(await page.getByText('Nobody has taken it').count()).toBe(0);
    expect(errors).toEqual([]);
  });
});

describe('a member who looks for words', () => {
  test('opens all cases, sees how far it is, and finds the one that has them; each look is noted', async () => {
    await room.world.enrolOfficer('Kadi');
    const page = await room.phone();
    await room.kadiIsIn(page);
    const told = ['des chèvres volées', 'sa sœur, 70 12 34 56', 'Ségou, près du pont'];
    const references = await transact(room.world.ctx(), async (at) => {
      const found: string[] = [];
      for (let n = 0; n < 30; n++) {
        const caseId = await createDraft(at, 'telegram');
        const text = told[n % 10] ?? `rien de tel ${n}`;
        const answer = { kind: 'account', parts: [{ kind: 'text', text }] };
        await sealIntoCase(at, caseId, 'report', { entries: [{ step: 'account', answer }] });
        const facts = { level: 'medium' as const, isSubmitted: true, isUnfinished: false };
        found.push(await openCase(at, caseId, facts));
      }
      return found;
    });
    room.world.ctx().nudge('replies');
    await page.getByText(references[0] ?? '').waitFor();
    const rows = () => page.locator('.rows .row').count();
    await page.getByRole('searchbox').fill('segou pont');
    expect(await rows()).toBe(0);
    await page.getByRole('button', { name: 'Ouvrir tous les dossiers' }).click();
    await page.getByText('Dossiers ouverts : 30 / 30').waitFor();
    expect(await rows()).toBe(3);
    // As another phone writes it.
    await page.getByRole('searchbox').fill('SOEUR 70123456');
    expect(await rows()).toBe(3);
    await page.getByRole('searchbox').fill('segou pont');
    await page.getByLabel('Tous les niveaux').selectOption('low');
    expect(await rows()).toBe(0);
    await page.getByLabel('Tous les niveaux').selectOption('medium');
    expect(await rows()).toBe(3);
    await page.getByRole('searchbox').fill(references[7] ?? '');
    expect(await rows()).toBe(1);
    const looks = await room.world.database.sql`select 1 from audit_log where what = 'case_opened'`;
    expect(looks).toHaveLength(30);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByRole('button', { name: 'Ouvrir tous les dossiers' }).waitFor();
    await page.getByRole('searchbox').fill('segou pont');
    expect(await rows()).toBe(0);
  });
});

describe('the rooms', () => {
  test(
    'have nothing that a screen reader or a keyboard stumbles over, on a phone and on a desk, light and dark',
    async () => {
      await room.world.enrolOfficer('Kadi');
      const kadi = await room.officerNamed('Kadi');
      for (const [n, look] of LOOKS.entries()) {
        const page = await room.phone({ ...look, bypassCSP: true });
        const isWell = (name: string) => room.isWell(page, `${name}-${nameOf(look)}`);
        await page.goto(`${room.origin}/console/`);
        await page.getByRole('main').getByRole('button').first().waitFor();
        await isWell('sign-in');
        await page.goto(`${room.origin}/console/#/make-key`);
        await page.getByRole('main').getByRole('button').first().click();
        await page.locator('code.link').waitFor();
        await isWell('make-key');
        await page.goto(await room.invited('Kadi', 'administrator', n === 0 ? kadi : undefined));
        await page.getByRole('main').getByRole('button').first().waitFor();
        await isWell('join');
        await page.getByRole('main').getByRole('button').first().click();
        await page.locator('#team-secret').waitFor();
        await isWell('bring-key');
        await page.locator('#team-secret').fill(room.world.teamSecret);
        await page.keyboard.press('Enter');
        await page.locator('.inbox').waitFor();
        const reference = await cries(room.world.person('Awa'));
        await page
          .getByRole('link', { name: new RegExp(reference) })
          .first()
          .waitFor();
        await isWell('inbox');
        await page.goto(`${room.origin}/console/#/case/${reference}`);
        await page.getByRole('heading', { name: new RegExp(reference) }).waitFor();
        await isWell('case');
        // Only who is an officer too can take it.
        if (n === 0) {
          await page.getByRole('button', { name: 'Je prends' }).click();
          await page.getByRole('button', { name: 'Clore' }).click();
          await page.getByRole('menuitem').first().waitFor();
          await isWell('case-menu');
        }
        await page.goto(`${room.origin}/console/#/people`);
        await page.locator('.member').first().waitFor();
        await isWell('people');
        await page.goto(`${room.origin}/console/#/me`);
        await page.locator('.member').first().waitFor();
        await isWell('me');
        await page.goto(`${room.origin}/console/#/audit`);
        await page.locator('.timeline li').first().waitFor();
        await page.getByRole('searchbox').fill(reference.toLowerCase());
        const looks = await page.locator('.timeline li').allTextContents();
        expect(looks).toContainEqual(
          expect.stringMatching(new RegExp(`Kadi (a ouvert|opened) ${reference}`)),
        );
        expect(looks.filter((line) => !line.includes(reference))).toEqual([]);
        await isWell('audit');
        await page.goto(`${room.origin}/console/#/doctor`);
        await page.locator('main li').first().waitFor();
        const lines = await page.locator('main li').allTextContents();
        expect(lines).toContainEqual(expect.stringContaining('./lakana officer add --role supervisor'));
        // In the language of the member: the operator's English is for the terminal.
        expect(lines).toContainEqual(
          expect.stringMatching(
            look.locale === 'en'
              ? /^settings: are those with which the service/
              : /^réglages : sont ceux du démarrage du service/,
          ),
        );
        expect(await page.locator('ul.lines').first().getAttribute('lang')).toBe(look.locale ?? 'fr');
        await isWell('doctor');
      }
    },
    // For what hangs, as everywhere.
    LOOKS.length * 60_000,
  );

  test('are gone through by keyboard alone: from the alert to the answer', async () => {
    await room.world.enrolOfficer('Kadi');
    const page = await room.phone();
    await room.kadiIsIn(page);
    const awa = room.world.person('Awa');
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
    const backTo = async (name: string) => {
      const isThere = `document.activeElement.textContent === ${JSON.stringify(name)}`;
      for (let n = 0; n < 40 && !(await page.evaluate(isThere)); n++) await page.keyboard.press('Shift+Tab');
    };
    await backTo('Clore');
    await page.keyboard.press('Enter');
    // The menu takes the keys once one of its lines is marked; how far one key leads is not what is looked at.
    await page.getByRole('menuitem').first().waitFor();
    const marked = page.locator('[role=menuitem][data-highlighted]');
    for (let n = 0; n < 40 && (await marked.count()) === 0; n++) await page.keyboard.press('ArrowDown');
    await marked.waitFor();
    await page.keyboard.press('Enter');
    await page.getByText(/^Clos · /).waitFor();
  });
});

describe('the page as the service sends it', () => {
  test('is the one whose hashes are published with the source: after a change, npm run hashes', async () => {
    const built = await readFile(resolve(import.meta.dirname, '../../dist/console/SHA256SUMS'), 'utf8');
    expect(built).toBe(await readFile(PUBLISHED, 'utf8'));
    const compared = await compareConsole(room.origin, PUBLISHED);
    expect(compared.length).toBeGreaterThan(3);
    expect(new Set(compared.map(({ is }) => is))).toEqual(new Set(['same']));
  });

  test('is there after 130 kB, with the words of the first rooms in one file, on a slow network: menus and further rooms come later', async () => {
    const get = async (path: string) => {
      const answer = await fetch(new URL(path, `${room.origin}/console/`), {
        headers: { 'accept-encoding': 'gzip' },
      });
      return { text: await answer.clone().text(), bytes: Number(answer.headers.get('content-length')) };
    };
    const page = await get('.');
    const first = [...page.text.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(
      ([, path]) => path ?? '',
    );
    expect(first.map((path) => path.replace(/-[\w-]{8}\./, '.')).sort()).toEqual([
      '/console/files/index.css',
      '/console/files/index.js',
      '/console/files/jsxRuntime.js',
      '/console/files/rolldown-runtime.js',
      '/console/files/start.js',
    ]);
    const published = await readFile(PUBLISHED, 'utf8');
    const words = [...published.matchAll(/files\/fr-first-.*\.json/g)].map(([name]) => name);
    expect(words).toHaveLength(1);
    const sizes = await Promise.all([...first, ...words].map(async (path) => (await get(path)).bytes));
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(sizes.reduce((sum, each) => sum + each, page.bytes)).toBeLessThan(130_000);
  });

  test('can be put on the home screen of a phone', async () => {
    const page = await room.phone();
    await page.goto(`${room.origin}/console/`);
    const devTools = await page.context().newCDPSession(page);
    const { url, errors, data } = await devTools.send('Page.getAppManifest');
    expect(url).toMatch(/\/console\/files\/.*\.webmanifest$/);
    expect(errors).toEqual([]);
    expect(JSON.parse(data ?? '')).toMatchObject({ start_url: '/console/', display: 'standalone' });
  });

  test('is compared with what is published, and a file that is another one is named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lakana-published-'));
    const list = join(folder, 'list');
    const sums = await readFile(PUBLISHED, 'utf8');
    const other = sums.replace(/^[0-9a-f]{64}(?= {2}worker\.js)/m, '0'.repeat(64));
    await writeFile(list, `${other}${'1'.repeat(64)}  files/gone.js\n`);
    const wrong = (await compareConsole(room.origin, list)).filter(({ is }) => is !== 'same');
    expect(wrong).toEqual([
      { file: 'worker.js', is: 'other' },
      { file: 'files/gone.js', is: 'missing' },
    ]);
    await rm(folder, { recursive: true });
  });

  test('is asked for at its own address: another one that leads there is named', async () => {
    const { port } = new URL(room.origin);
    await expect(compareConsole(`http://127.0.0.1:${port}`, PUBLISHED)).rejects.toMatchObject({
      code: 'moved',
      message: expect.stringContaining(room.origin),
    });
  });
});
