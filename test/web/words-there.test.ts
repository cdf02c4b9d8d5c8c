/** What becomes of a page whose words the service has no more, since it was upgraded. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wordsAt } from '../../src/web/word-files.ts';
import { createWordsThere } from '../../src/web/words-there.ts';

const GONE = 404;
/** Addresses are asked for once in a page: each test has its own. */
let place: string;
let nth = 0;
let answers: Map<string, object | number>;
let asked: string[];
let reloads: number;
let kept: Set<string>;
let session: Map<string, string>;
let script: string;

beforeEach(() => {
  place = `/${++nth}`;
  answers = new Map();
  asked = [];
  reloads = 0;
  kept = new Set(['console', 'another']);
  session = new Map();
  script = 'files/index-old.js';
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address);
    const answer = answers.get(address) ?? GONE;
    return typeof answer === 'number' ? new Response('', { status: answer }) : Response.json(answer);
  });
  vi.stubGlobal('navigator', { language: 'fr-ML' });
  vi.stubGlobal('caches', { delete: async (name: string) => kept.delete(name) });
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => session.get(key) ?? null,
    setItem: (key: string, value: string) => session.set(key, value),
  });
  vi.stubGlobal('location', { reload: () => reloads++ });
  vi.stubGlobal('document', { querySelector: () => ({ src: script }) });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const at = (name: string) => `${place}/${name}.json`;
const page = () =>
  createWordsThere(
    {
      languages: [
        { code: 'fr', name: 'Français' },
        { code: 'en', name: 'English' },
      ],
      files: {
        fr: { shell: at('fr-shell'), case: at('fr-case') },
        en: { shell: at('en-shell'), case: at('en-case') },
      },
    },
    ['shell'],
  );

describe('words of a page', () => {
  it('are asked for again while the network is away, and once where they are gone', async () => {
    vi.useFakeTimers();
    answers.set(at('fr-shell'), 503);
    const waiting = wordsAt(at('fr-shell'));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked.length).toBeGreaterThan(3);
    answers.set(at('fr-shell'), { shell: { title: 'Permanence' } });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await waiting).toEqual({ shell: { title: 'Permanence' } });

    asked = [];
    const gone = wordsAt(at('en-shell'));
    await Promise.all([expect(gone).rejects.toThrow(), vi.advanceTimersByTimeAsync(60_000)]);
    expect(asked).toEqual([at('en-shell')]);
    // The service has them again: who needs them now gets them.
    answers.set(at('en-shell'), { shell: { title: 'Desk' } });
    expect(await wordsAt(at('en-shell'))).toEqual({ shell: { title: 'Desk' } });
  });

  it('that are gone at the beginning make the browser forget the page that it kept and load it anew, once', async () => {
    expect(await page().begin()).toBe(false);
    expect([reloads, [...kept]]).toEqual([1, ['another']]);
    // The same page came again: another time would not help either.
    expect(await page().begin()).toBe(false);
    expect(reloads).toBe(1);
    // After a further upgrade it may.
    script = 'files/index-new.js';
    expect(await page().begin()).toBe(false);
    expect(reloads).toBe(2);
    script = 'files/index-old.js';
    expect(await page().begin()).toBe(false);
    expect(reloads).toBe(2);
  });

  it('load nothing anew in a browser that may not remember it', async () => {
    vi.stubGlobal('sessionStorage', undefined);
    expect(await page().begin()).toBe(false);
    expect(reloads).toBe(0);
  });

  it('in another language take nothing from who is writing: the page stays as it is', async () => {
    answers.set(at('fr-shell'), { shell: { title: 'Permanence' } });
    const words = page();
    expect(await words.begin()).toBe(true);
    const lost: boolean[] = [];
    words.lostHearers.add((is) => lost.push(is));
    await words.choose('en');
    expect([reloads, asked, words.i18n.language]).toEqual([0, [at('fr-shell'), at('en-shell')], 'fr']);
    // It says so, until they came.
    answers.set(at('en-shell'), { shell: { title: 'Desk' } });
    await words.choose('en');
    expect([lost, words.i18n.t('shell.title')]).toEqual([[true, false], 'Desk']);
  });

  it('of a further room load the page anew, once, and then the page says that they are lost', async () => {
    answers.set(at('fr-shell'), { shell: { title: 'Permanence' } });
    const words = page();
    await words.begin();
    const lost: boolean[] = [];
    words.lostHearers.add((is) => lost.push(is));
    expect([await words.need(['case']), reloads, lost]).toEqual([false, 1, []]);
    expect([await words.need(['case']), reloads, lost]).toEqual([false, 1, [true]]);
    answers.set(at('fr-case'), { case: { level: 'Urgence' } });
    expect([await words.need(['case']), words.i18n.t('case.level')]).toEqual([true, 'Urgence']);
  });

  it('that lie in one file are asked for once', async () => {
    const first = at('fr-first');
    answers.set(first, { shell: { title: 'Permanence' }, case: { level: 'Urgence' } });
    const built = {
      languages: [{ code: 'fr', name: 'Français' }],
      files: { fr: { shell: first, case: first } },
    };
    const words = createWordsThere(built, ['shell']);
    expect([await words.begin(), await words.need(['case'])]).toEqual([true, true]);
    expect([asked, words.i18n.t('case.level')]).toEqual([[first], 'Urgence']);
  });

  it('come ahead in every language, so that an upgrade finds an open page whole', async () => {
    const all = ['fr-shell', 'fr-case', 'en-shell', 'en-case'].map(at);
    for (const address of all) answers.set(address, { shell: { title: 'x' }, case: { level: 'x' } });
    const words = page();
    await words.begin();
    words.ahead(['shell', 'case'], true);
    await vi.waitFor(() => expect(asked.toSorted()).toEqual(all.toSorted()));
    answers.clear();
    await words.choose('en');
    expect([reloads, asked.length, words.i18n.language]).toEqual([0, all.length, 'en']);
  });
});
