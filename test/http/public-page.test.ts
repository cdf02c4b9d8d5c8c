/** The page that everybody may read, as it comes over HTTP. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { chaptersOf } from '../../src/conversation/chapters/chapters.ts';
import { createTexts } from '../../src/conversation/words/texts.ts';
import { projectContent } from '../content/content.ts';
import { conversation, texts } from '../conversation/person.ts';
import { BOT, CONTACTS, publicSite } from './public-site.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

async function site(given?: Parameters<typeof publicSite>[0]) {
  const found = await publicSite(given);
  opened.push(found.app);
  return found;
}

describe('the public page', () => {
  it('is not there unless the operator wants it', async () => {
    const { asks } = await site({ isOff: true });
    expect([(await asks('/')).statusCode, (await asks('/fr')).statusCode]).toEqual([404, 404]);
  });

  it('is sent in the form that a browser takes, and in none that it refuses', async () => {
    const { asks } = await site();
    for (const [taken, form] of [
      ['gzip, br', 'br'],
      ['br;q=0, gzip', 'gzip'],
      ['gzip;q=0.000, br; q=0', undefined],
      ['identity', undefined],
    ] as const)
      expect((await asks('/', { 'accept-encoding': taken })).headers['content-encoding'], taken).toBe(form);
  });

  it('says how to write to us, and has all twelve chapters, page by page, with their sources', async () => {
    const { reads } = await site();
    const page = await reads();
    expect(page).toContain('<a href="https://t.me/LakanaMaliBot" rel="noreferrer">@LakanaMaliBot</a>');
    expect(page).toContain('<a href="https://wa.me/22370000000" rel="noreferrer">+223 70 00 00 00</a>');
    const chapters = chaptersOf(conversation.flows);
    expect(chapters).toHaveLength(12);
    for (const { path, pages } of chapters) {
      expect(page).toContain(`<h2 id="${path.split('.')[1]}">`);
      for (const each of pages) expect(plain(page)).toContain(texts.t('fr', `${each}.title`));
    }
    expect(plain(page)).toContain(texts.t('fr', 'facts.cndh_visits'));
    // Each number beside a sentence leads to a source, and each source is led to.
    const named = new Set([...page.matchAll(/href="#s(\d+)"/g)].map(([, n]) => n));
    const sources = new Set([...page.matchAll(/<li id="s(\d+)"/g)].map(([, n]) => n));
    expect(named.size).toBeGreaterThan(20);
    expect(named).toEqual(sources);
  });

  it('is there in each language on offer by its path, and leads from one to the other', async () => {
    const { asks, reads } = await site();
    expect(await reads('/fr')).toBe(await reads('/'));
    expect(await reads('/fr')).toContain('<a href="/en" lang="en" hreflang="en">English</a>');
    const english = await asks('/en');
    expect(english.headers['content-language']).toBe('en');
    expect(english.body).toContain('<html lang="en">');
    expect(plain(english.body)).toContain(texts.t('en', 'facts.cndh_visits'));
    const other = await Promise.all(
      ['/bm', '/de', '/xyz', '/FR', '/fr/x', '/fr.html'].map((url) => asks(url)),
    );
    expect(other.map(({ statusCode }) => statusCode)).toEqual(Array(6).fill(404));
  });

  it('runs nothing, keeps nothing in the browser and loads nothing from anywhere', async () => {
    const { asks } = await site();
    const { body, headers } = await asks('/');
    expect(body).not.toMatch(/<(script|img|iframe|object|embed|form|input|video|audio|svg|base|meta http)/i);
    expect(body).not.toMatch(/@import|url\(|@font-face|\son\w+=|javascript:/i);
    expect(body.match(/<link[^>]*>/g)).toEqual(['<link rel="icon" href="data:,">']);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; base-uri 'none'/);
    expect(policy).not.toMatch(/unsafe|script-src|connect-src|\*/);
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['permissions-policy']).toBe('microphone=(), camera=(), geolocation=()');
  });

  it('weighs less than 60 kB, all in, and a fifth of that where a browser takes it compressed', async () => {
    const { asks } = await site({ unchecked: 'marked', contacts: CONTACTS });
    const whole = (await asks('/')).rawPayload;
    expect(whole.length).toBeLessThan(60_000);
    const br = await asks('/', { 'accept-encoding': 'gzip, deflate, br' });
    const gzip = await asks('/', { 'accept-encoding': 'gzip' });
    expect([br.headers['content-encoding'], gzip.headers['content-encoding']]).toEqual(['br', 'gzip']);
    expect(br.rawPayload.length).toBeLessThan(15_000);
    expect(brotliDecompressSync(br.rawPayload).equals(whole)).toBe(true);
    expect(gunzipSync(gzip.rawPayload).equals(whole)).toBe(true);
    expect(br.headers.vary).toBe('accept-encoding');
  });

  it('leaves no copy on the phone, nor with a proxy', async () => {
    const { asks, app } = await site();
    for (const url of ['/', '/fr', '/en']) {
      const { headers } = await asks(url);
      expect(headers['cache-control']).toBe('no-store');
      expect(headers).not.toHaveProperty('etag');
      expect(headers).not.toHaveProperty('last-modified');
    }
    expect((await app.inject({ method: 'HEAD', url: '/' })).statusCode).toBe(200);
  });

  it('names no one who asked: not a line in the log, whatever they send', async () => {
    const { asks, lines } = await site();
    await asks('/', { 'user-agent': 'Canary-Browser', 'x-forwarded-for': '203.0.113.5', cookie: 'a=canary' });
    await asks('/bm?name=canary', { referer: 'https://canary.example.org/' });
    expect(lines).toEqual([]);
  });

  it('is made once, and again only when something that stands in it has changed', async () => {
    const { pages, state } = await site({ contacts: CONTACTS });
    const first = await pages.page('fr', state.at);
    expect(await pages.page('fr', new Date('2026-11-24T23:59:00Z'))).toBe(first);
    expect(await pages.page('fr', new Date('2026-11-25T00:00:00Z'))).not.toBe(first);
    const second = await pages.page('fr', new Date('2026-11-25T00:00:00Z'));
    state.entrances = [BOT];
    const third = await pages.page('fr', new Date('2026-11-25T00:00:00Z'));
    expect(third?.plain.toString()).not.toContain('+223 70 00 00 00');
    expect(third).not.toBe(second);
    const content = projectContent().texts;
    const public_ = { ...(content.fr?.public as object), title: 'Un autre titre' };
    const changed = { ...content, fr: { ...content.fr, public: public_ } };
    const newTexts = createTexts(changed, { languages: ['fr', 'en'], defaultLanguage: 'fr' });
    state.conversation = { ...state.conversation, texts: newTexts };
    const fourth = await pages.page('fr', new Date('2026-11-25T00:00:00Z'));
    expect(fourth?.plain.toString()).toContain('<h1>Un autre titre</h1>');
  });

  it('that could not be made is made anew for the next who asks', async () => {
    const { asks, state } = await site();
    const { texts: whole } = state.conversation;
    let isShort = true;
    const failing = {
      ...whole,
      t: (...said: Parameters<typeof whole.t>) => {
        if (isShort) throw new Error('no memory');
        return whole.t(...said);
      },
    };
    state.conversation = { ...state.conversation, texts: failing };
    expect((await asks('/')).statusCode).toBe(500);
    isShort = false;
    expect((await asks('/')).statusCode).toBe(200);
  });

  it('names a contact outside as long as it counts as verified, with the day, and not a day longer', async () => {
    const { reads, state } = await site({ contacts: CONTACTS });
    expect(plain(await reads())).toContain(
      'Front Line Defenders : +000 11 11 (jour et nuit) vérifié le 01/06/2026',
    );
    state.at = new Date('2026-11-28T23:59:59Z');
    expect(await reads()).toContain('+000 11 11');
    state.at = new Date('2026-11-29T00:00:00Z');
    expect(await reads()).not.toContain('+000 11 11');
    expect(plain(await reads())).toContain(texts.t('fr', 'bot.outside_none'));
  });

  it('leaves out what no one has checked, as the bot does, and marks it where drafts are shown', async () => {
    const { facts } = conversation.flows.knowledge;
    const [id] = Object.entries(facts).find(([, fact]) => fact.checked_on === undefined) ?? [];
    const sentence = texts.t('fr', `facts.${id}`);
    expect(plain(await (await site()).reads())).not.toContain(sentence);
    const marked = plain(await (await site({ unchecked: 'marked' })).reads());
    expect(marked).toContain(sentence);
    expect(marked).toContain(texts.t('fr', 'public.unchecked'));
    expect(plain(await (await site()).reads())).not.toContain(texts.t('fr', 'public.unchecked'));
  });

  it('says so when no address of ours is known', async () => {
    const page = await (await site({ entrances: [] })).reads();
    expect(plain(page)).toContain(texts.t('fr', 'public.write.unknown'));
    expect(page).not.toMatch(/t\.me|wa\.me/);
  });

  it('makes text of whatever a translation or a name says, and no markup', async () => {
    const content = projectContent().texts;
    const evil = '</title><script>alert(1)</script><img src=x onerror="alert(2)"> & \' "';
    const public_ = { ...(content.fr?.public as object), title: evil, about: evil };
    const wicked = createTexts(
      { ...content, fr: { ...content.fr, public: public_ } },
      { languages: ['fr', 'en'], defaultLanguage: 'fr' },
    );
    const shown = { kind: 'telegram', shown: evil, link: 'https://t.me/x" onclick="y' } as const;
    const page = await (await site({ texts: wicked, entrances: [shown] })).reads();
    expect(page).not.toMatch(/<(script|img)/);
    expect(page).not.toContain('" onclick="');
    expect(page).toContain('&lt;script&gt;');
  });
});

/** As it reads, without its marks. */
const plain = (page: string): string =>
  page
    .replaceAll(/<style>.*?<\/style>/gs, '')
    .replaceAll('<br>', '\n')
    .replaceAll('\u00a0', ' ')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
