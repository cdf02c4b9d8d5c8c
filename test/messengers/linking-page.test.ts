/** The page from which the operator links the number: it shows what is said, to no one else, and keeps nothing. */
import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSignedTexts } from '../../src/app/ground/load-flows.ts';
import { type LinkingPage, serveLinkingPage } from '../../src/messengers/whatsapp/linking-page/serve.ts';
import { sharedBrowser } from '../browser.ts';

const QR = 'https://wa.me/settings/linked_devices#2@ref,noise,identity,secret';

let page: LinkingPage;
beforeEach(async () => {
  page = await serveLinkingPage(0, await loadSignedTexts('locales', 'fr'));
});
afterEach(() => page.close());

/** The status and headers of a GET, under any host name. */
function gets(
  address: string,
  host?: string,
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof gets>>>();
  const asking = request(address, { headers: host ? { host } : {} }, (response) => {
    let body = '';
    response.on('data', (chunk) => {
      body += String(chunk);
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
  });
  asking.on('error', reject).end();
  return promise;
}

test('it shows each QR code as it comes, and that the number is linked also when the command has ended', async () => {
  const browser = await sharedBrowser();
  try {
    const screen = await browser.page({ viewport: { width: 380, height: 800 } });
    const complaints: string[] = [];
    screen.on('pageerror', ({ message }) => complaints.push(message));
    screen.on('console', (said) => complaints.push(said.text()));
    await screen.goto(page.url);
    await screen.getByText('Connexion à WhatsApp').waitFor();
    page.shows({ is: 'qr', text: QR });
    const code = screen.locator('#qr');
    const width = () => screen.evaluate("document.getElementById('qr').naturalWidth");
    await expect.poll(width).toBeGreaterThan(0);
    const first = await code.getAttribute('src');
    page.shows({ is: 'qr', text: `${QR}2` });
    await expect.poll(() => code.getAttribute('src')).not.toBe(first);
    await expect.poll(width).toBeGreaterThan(0);
    page.shows({ is: 'code', letters: 'ABCD-EFGH' });
    await screen.getByText('ABCD-EFGH').waitFor();
    page.shows({ is: 'linked' });
    await page.close();
    await screen.getByText('Le numéro est relié').waitFor();
    await screen.getByText('garde tous les messages, en clair').waitFor();
    expect(await screen.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});

test('it speaks English to an operator who wants it', async () => {
  expect((await gets(`${page.url}?lang=en`)).body).toContain('keeps every message in the clear');
  const { body } = await gets(`${page.url}?lang=../secrets`);
  expect(body).toContain('garde tous les messages, en clair');
  expect(body).toContain('<a href="?lang=en" lang="en" hreflang="en">English</a>');
});

test('no one sees it without its secret, or by another name of this machine', async () => {
  page.shows({ is: 'qr', text: QR });
  const { origin } = new URL(page.url);
  expect((await gets(page.url)).status).toBe(200);
  for (const path of ['/', '/qr.svg', `/${'A'.repeat(24)}/`, `/${'A'.repeat(24)}/qr.svg`])
    expect((await gets(origin + path)).status).toBe(404);
  expect((await gets(page.url, 'evil.example:80')).status).toBe(403);
});

test('browsers keep nothing of it, and run nothing that is not its own', async () => {
  page.shows({ is: 'qr', text: QR });
  for (const path of ['', 'qr.svg', 'linking.js', 'linking.css']) {
    const { status, headers, body } = await gets(page.url + path);
    expect([path, status, headers['cache-control']]).toEqual([path, 200, 'no-store']);
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(body).not.toContain('secret');
  }
  expect((await gets(page.url)).body).not.toMatch(/<script(?![^>]+src=)|style=|onclick/);
});
