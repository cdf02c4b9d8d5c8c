/**
 * A language that was added as files alone: a folder in a copy of `locales/`, and the pages built again. No TypeScript is
 * touched, and none knows the language by name.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createBuilder } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadFlows } from '../../src/app/ground/load-flows.ts';
import { createSimulator } from '../../src/channels/simulator/simulator.ts';
import { checkContent } from '../../src/conversation/checks/check.ts';
import { createHttpApp } from '../../src/http/app.ts';
import { consolePage } from '../../src/http/console/page.ts';
import { createLog } from '../../src/kernel/log.ts';
import { pages } from '../../vite.config.ts';
import { sharedBrowser, type TestBrowser } from '../browser.ts';

const PAGES = ['console', 'simulator', 'linking'];
const WORDLESS = 'A yɛlɛma, i ka a dayɛlɛ tugun';
const PROJECT = resolve(import.meta.dirname, '../..');
let folder: string;
let locales: string;
let browser: TestBrowser;
let origin: string;
let close: () => Promise<void>;

type Texts = { [key: string]: string | string[] | Texts };

/** French with a mark after each text, and lists as they are; Bambara has one form for any number. */
const marked = (texts: Texts, mark: string): Texts =>
  Object.fromEntries(
    Object.entries(texts)
      .filter(([key]) => !/_(one|many)$/.test(key) || !(key.replace(/_(one|many)$/, '_other') in texts))
      .map(([key, value]) => [key, markedValue(value, mark)]),
  );

function markedValue(value: Texts[string], mark: string): Texts[string] {
  if (typeof value === 'string') return `${value}${mark}`;
  return Array.isArray(value) ? value : marked(value, mark);
}

async function adds(code: string, name: string, isReviewed: boolean): Promise<void> {
  await cp(join(locales, 'fr'), join(locales, code), { recursive: true });
  const about = `name: ${name}\nreviewed: ${isReviewed}\nfallback: fr\nnoscript: JavaScript <b>${code}</b>\nwordless: ${WORDLESS}\n`;
  await writeFile(join(locales, code, 'language.yaml'), about);
  for (const name of [...PAGES, 'bot', 'service', 'officer', 'diagnosis', 'telegram', 'whatsapp']) {
    const file = join(locales, code, `${name}.yaml`);
    const mark = PAGES.includes(name) ? ` <b>${code}</b>` : '';
    await writeFile(file, stringify(marked(parse(await readFile(file, 'utf8')) as Texts, mark)));
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-language-'));
  locales = join(folder, 'locales');
  await cp(join(PROJECT, 'locales'), locales, { recursive: true });
  await adds('bm', 'Bamanankan', true);
  await adds('ff', 'Fulfulde', false);
  const dist = join(folder, 'dist');
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  const builder = await createBuilder({ configFile: false, logLevel: 'warn', ...pages(locales, dist) });
  await builder.buildApp();
  process.env.NODE_ENV = before;
  const app = await createHttpApp({
    log: createLog('silent'),
    readiness: async () => ({ ok: true, checks: [] }),
    simulator: { channel: createSimulator(), webRoot: join(dist, 'web') },
  });
  await app.register(consolePage, { root: join(dist, 'console'), origin: () => origin });
  await app.listen({ port: 0, host: '127.0.0.1' });
  origin = `http://localhost:${(app.server.address() as AddressInfo).port}`;
  close = () => app.close();
  browser = await sharedBrowser();
});

afterAll(async () => {
  await browser?.close();
  await close?.();
  await rm(folder, { recursive: true, force: true });
});

test('a translator who adds a language hears what it lacks by the same check as for the others', async () => {
  const load = () => loadFlows({ flows: join(PROJECT, 'flows'), locales }, { defaultLanguage: 'fr' });
  const problems = ({ flows, textFiles, triageRules }: Awaited<ReturnType<typeof load>>) =>
    checkContent({ flows, texts: textFiles, triage: triageRules, today: '2026-12-01' })
      // No speaker has signed this one: it is not on offer, and may be half done.
      .filter(({ file }) => !file.startsWith('locales/ff/'))
      .map(({ file, key, problem }) => [file, key, problem].join(', '));
  // The page shows it as text all the same: see below.
  const markup = 'locales/bm/language.yaml, language.noscript, holds markup (<b>)';
  expect(problems(await load())).toEqual([markup]);
  const file = join(locales, 'bm/console.yaml');
  const whole = await readFile(file, 'utf8');
  await writeFile(file, whole.replace(/^ {2}sign_in: .*\n/m, '').replace(/^ {2}unheard_other: .*\n/m, ''));
  expect(problems(await load())).toEqual([
    'locales/bm/console.yaml, console.entry.sign_in, this text is missing',
    'locales/bm/console.yaml, console.inbox.unheard, this text is missing',
    markup,
  ]);
  await writeFile(file, whole);
});

test('an officer finds it in the room, reads it there as text, markup and all, and has it at once where the browser speaks it', async () => {
  const page = await browser.page({ locale: 'fr-ML' });
  await page.goto(`${origin}/console/`);
  await page.getByRole('heading', { name: 'Permanence de protection', exact: true }).waitFor();
  const choice = page.getByRole('combobox');
  // A language that no speaker has signed is not on offer.
  expect(await choice.getByRole('option').allTextContents()).toEqual(['Français', 'Bamanankan', 'English']);
  await choice.selectOption('bm');
  await page.getByRole('heading', { name: 'Permanence de protection <b>bm</b>' }).waitFor();
  await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('bm');
  const own = await browser.page({ locale: 'bm-ML' });
  await own.goto(`${origin}/console/`);
  await own.getByRole('heading', { name: 'Permanence de protection <b>bm</b>' }).waitFor();
  expect(await (await fetch(`${origin}/console/`)).text()).toContain('JavaScript &lt;b&gt;bm&lt;/b&gt;');
  // No words come: what stands in the page itself says so, in each language.
  const wordless = await browser.page({ locale: 'fr-ML' });
  await wordless.route('**/*.json', () => undefined);
  await wordless.goto(`${origin}/console/#/make-key`);
  expect(await wordless.getByText(WORDLESS).isVisible()).toBe(false);
  // The seconds that words may take on a slow network are over.
  await wordless.evaluate('document.getAnimations()[0].finish()');
  expect(await wordless.getByText(WORDLESS).isVisible()).toBe(true);
  expect(await wordless.getByText('Vérifiez le réseau').textContent()).toContain('Check the network');
  expect(await (await fetch(`${origin}/console/worker.js`)).text()).toContain('Alerte <b>bm</b>');
});

test('who plays the trial finds it too, and the page has it again when it is loaded anew', async () => {
  const page = await browser.page();
  await page.goto(`${origin}/simulator/`);
  await page.getByRole('combobox').selectOption('bm');
  await page.getByText('Rien ici n’est protégé. Ne faites pas de vrai signalement. <b>bm</b>').waitFor();
  await page.reload();
  await page.getByRole('region', { name: 'Téléphone de la personne <b>bm</b>' }).waitFor();
});
