/**
 * From the link in a page to the open case, on a cheap phone with a bad network: the processor four times slower, 400
 * kbit/s, 400 ms on the way. The reference is the same on this machine's own speed.
 */
import { resolve } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { createBuilder } from 'vite';
import { sealIntoCase } from '../src/app/alerts/case-record.ts';
import type { Context } from '../src/app/ground/context.ts';
import { transact } from '../src/app/ground/transaction.ts';
import { invite, joiningLink } from '../src/app/members/invitations.ts';
import { createDraft, openCase } from '../src/app/records/case-opening.ts';
import { createTeamKey } from '../src/crypto/case-key.ts';
import { createHttpApp } from '../src/http/app.ts';
import { addAuthenticator, openBrowser } from '../test/browser.ts';
import { percentile, type Row } from './table.ts';
import { openWorld, type Server } from './world.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const ROUNDS = 5;
/** Items of one case: an SOS that was answered to the end. */
const ITEMS = 30;
const SLOW = { latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000, offline: false };
const AS_IS = { latency: 0, downloadThroughput: -1, uploadThroughput: -1, offline: false };

export async function benchConsole(server: Server): Promise<Row[]> {
  const builder = await createBuilder({ configFile: `${PROJECT}/vite.config.ts`, logLevel: 'silent' });
  await builder.buildApp();
  const world = await openWorld(server);
  const team = await createTeamKey();
  const ctx = { ...world.ctx, team: { group: 'team' as const, recipient: team.recipient } };
  let origin = '';
  const http = await createHttpApp({
    log: ctx.log,
    readiness: async () => ({ checks: [] }),
    console: {
      ctx,
      site: () => ({ origin, rpId: 'localhost' }),
      onChange: () => () => undefined,
      news: () => '',
      root: `${PROJECT}/dist/console`,
    },
    timesLimits: 100,
  });
  origin = `http://localhost:${new URL(await http.listen({ port: 0 })).port}`;
  const { code, reference } = await transact(ctx, async (at) => {
    const invited = await invite(at, null, { name: 'Bench', role: 'administrator' });
    const caseId = await createDraft(at, 'telegram');
    const facts = { level: 'critical' as const, isSubmitted: true, isUnfinished: false };
    const found = await openCase(at, caseId, facts);
    for (let n = 0; n < ITEMS; n++)
      await sealIntoCase(at, caseId, 'answers', {
        entries: [
          {
            step: 'account',
            answer: { kind: 'account', parts: [{ kind: 'text', text: 'mot '.repeat(40) }] },
          },
        ],
      });
    return { code: invited.ok ? invited.code : '', reference: found };
  });

  const browser = await openBrowser();
  const page = await browser.page({ viewport: { width: 390, height: 780 } });
  page.setDefaultTimeout(60_000);
  const devTools = await page.context().newCDPSession(page);
  await signUp(page, devTools, joiningLink(origin, code), team.secret);

  const rows: Row[] = [];
  const times = new Map<string, number[]>();
  for (const [speed, network, slower] of [
    ['this machine', AS_IS, 1],
    ['slow phone', SLOW, 4],
  ] as const) {
    await devTools.send('Network.enable');
    await devTools.send('Network.emulateNetworkConditions', network);
    await devTools.send('Emulation.setCPUThrottlingRate', { rate: slower });
    for (const cache of ['cold', 'warm'] as const) {
      const each: number[] = [];
      if (cache === 'warm') await settle(page);
      for (let n = 0; n < ROUNDS; n++) {
        if (cache === 'cold') await forget(devTools, origin);
        each.push(await fromLinkToCase(page, `${origin}/console/#/case/${reference}`, reference));
      }
      times.set(`${speed} ${cache}`, each);
      const usual = times.get(`this machine ${cache}`) ?? each;
      rows.push({
        what: `page's link to open case (${ITEMS} items), ${speed}, ${cache}`,
        median: percentile(each, 0.5),
        p99: percentile(each, 0.99),
        ...(speed === 'slow phone'
          ? { ratio: percentile(each, 0.5) / percentile(usual, 0.5), against: 'this machine' }
          : {}),
      });
    }
  }
  rows.push(...(await openEverything(ctx, page, devTools, `${origin}/console/#/`)));
  await browser.close();
  await http.close();
  await world.stop();
  return rows;
}

const CASES = 2_000;

/** All cases opened for searching: how long it takes, and the longest time in which the page answered to nothing. */
async function openEverything(ctx: Context, page: Page, devTools: CDPSession, link: string): Promise<Row[]> {
  for (let made = 0; made < CASES; made += 100)
    await transact(ctx, async (at) => {
      for (let n = 0; n < 100; n++) {
        const caseId = await createDraft(at, 'telegram');
        const answer = { kind: 'account', parts: [{ kind: 'text', text: `mot ${made + n}` }] };
        await sealIntoCase(at, caseId, 'report', { entries: [{ step: 'account', answer }] });
        await openCase(at, caseId, { level: 'low', isSubmitted: true, isUnfinished: false });
      }
    });
  await devTools.send('Network.emulateNetworkConditions', AS_IS);
  const rows: Row[] = [];
  for (const slower of [1, 4]) {
    await devTools.send('Emulation.setCPUThrottlingRate', { rate: slower });
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByRole('button', { name: 'Se connecter' }).click();
    const button = page.getByRole('button', { name: 'Ouvrir tous les dossiers' });
    await button.waitFor();
    await page.evaluate(
      'window.longest = 0; window.last = performance.now(); setInterval(() => { const now = performance.now(); window.longest = Math.max(window.longest, now - window.last); window.last = now; }, 10)',
    );
    const began = performance.now();
    await button.click();
    await page.getByText(/Dossiers ouverts : (\d+) \/ \1(?!\d)/).waitFor({ timeout: 600_000 });
    const took = performance.now() - began;
    const frozen = Number(await page.evaluate('window.longest'));
    rows.push({
      what: `${CASES} cases opened for searching, processor ${slower} times slower`,
      median: took,
      note: `the page answered to nothing for ${Math.round(frozen)} ms at most`,
    });
  }
  return rows;
}

async function signUp(page: Page, devTools: CDPSession, link: string, teamSecret: string): Promise<void> {
  await addAuthenticator(devTools);
  await page.goto(link);
  await page.getByRole('button', { name: 'Créer ma clé d’accès' }).click();
  await page.locator('#team-secret').fill(teamSecret);
  await page.keyboard.press('Enter');
  await page.locator('.inbox').waitFor();
}

/** The room stays open until the browser keeps the page. */
async function settle(page: Page): Promise<void> {
  await page.evaluate('navigator.serviceWorker.ready');
}

/** As a browser that was never here, but for the cookie: an officer who signed in today. */
async function forget(devTools: CDPSession, origin: string): Promise<void> {
  await devTools.send('Network.clearBrowserCache');
  await devTools.send('Storage.clearDataForOrigin', {
    origin,
    storageTypes: 'service_workers,cache_storage',
  });
}

/** Milliseconds. The officer touches "Se connecter" as soon as it is there; the fingerprint takes no time here. */
async function fromLinkToCase(page: Page, link: string, reference: string): Promise<number> {
  await page.goto('about:blank');
  const began = performance.now();
  await page.goto(link, { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('heading', { name: new RegExp(reference) }).waitFor();
  await page.locator('article[aria-busy=false]').waitFor();
  return performance.now() - began;
}
