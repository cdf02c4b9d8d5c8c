/** The public page in a real browser: with everything turned off, on a small phone, light and dark, for who hears it. */
import { mkdir, writeFile } from 'node:fs/promises';
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedBrowser, type TestBrowser } from '../browser.ts';
import { CONTACTS, publicSite } from '../http/public-site.ts';

let browser: TestBrowser;
let site: Awaited<ReturnType<typeof publicSite>>;
let origin = '';
beforeAll(async () => {
  browser = await sharedBrowser();
  site = await publicSite({ contacts: CONTACTS, unchecked: 'marked' });
  origin = await site.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await browser.close();
  await site.app.close();
});

const SMALL = { viewport: { width: 320, height: 568 } };
const LOOKS = ['light', 'dark'] as const;

describe('a person who reads the public page', () => {
  test('with scripts turned off, as Tor Browser does at its safest, finds all of it in one answer and is led about in it', async () => {
    const page = await browser.page({ ...SMALL, javaScriptEnabled: false });
    const asked: string[] = [];
    const wrong: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(String(error)));
    await page.goto(`${origin}/`);
    expect(await page.title()).toBe('Protection des défenseurs des droits humains au Mali');
    await page.getByRole('link', { name: 'Saisir la CNDH' }).click();
    expect(page.url()).toBe(`${origin}/#refer`);
    await page.getByRole('link', { name: 'English' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(asked).toEqual([`${origin}/`, `${origin}/en`]);
    expect(wrong).toEqual([]);
    expect(await page.context().cookies()).toEqual([]);
  });

  test.each(LOOKS)(
    'on a small phone, in %s, need not push it sideways, and stumbles over nothing with a screen reader',
    async (colorScheme) => {
      // Axe is a script: it is let in past the policy that lets in none.
      const page = await browser.page({ ...SMALL, colorScheme, bypassCSP: true });
      for (const path of ['/', '/en']) {
        await page.goto(`${origin}${path}`);
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        await page.evaluate(axe.source);
        const found = await page.evaluate(
          'axe.run(document).then((r) => r.violations.map((v) => v.id + ": " + v.nodes.map((x) => x.target).join(" ")))',
        );
        expect(found, path).toEqual([]);
      }
      const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(ground).toBe(colorScheme === 'light' ? 'rgb(241, 235, 225)' : 'rgb(18, 19, 31)');
      if (process.env.LAKANA_PICTURES) {
        await mkdir('dist/pictures', { recursive: true });
        await page.goto(`${origin}/`);
        await writeFile(
          `dist/pictures/public-page-${colorScheme}.png`,
          await page.screenshot({ fullPage: true }),
        );
      }
    },
  );
});
