/** A language whose texts no native speaker has read and signed: here a copy of the French ones. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContext } from '../../src/app/ground/context.ts';
import { loadFlows } from '../../src/app/ground/load-flows.ts';
import { languageOf } from '../../src/app/ground/service-texts.ts';
import { checkLanguages } from '../../src/doctor/machine.ts';
import { problemsBefore } from '../../src/service/before-start.ts';

let folder: string;
let locales: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-drafts-'));
  locales = join(folder, 'locales');
  await cp('locales', locales, { recursive: true });
  await cp(join(locales, 'fr'), join(locales, 'bm'), { recursive: true });
  await writeFile(
    join(locales, 'bm', 'language.yaml'),
    "name: Bamanankan\nreviewed: false\nfallback: fr\nnoscript: '-'\nwordless: '-'\n",
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const WANTED = { languages: ['fr', 'bm'], defaultLanguage: 'fr' };
const load = (isUnreviewedOffered: boolean) =>
  loadFlows({ flows: 'flows', locales }, { ...WANTED, isUnreviewedOffered });
const contextOf = async (isUnreviewedOffered: boolean) =>
  createContext({ content: await load(isUnreviewedOffered), settings: WANTED } as never);

describe('a language that no speaker has reviewed', () => {
  it('is on offer only if a setting says so, and spoken to no one otherwise', async () => {
    const without = await contextOf(false);
    expect(without.texts.languages).toEqual(['fr']);
    expect(languageOf(without, { language: 'bm' })).toBe('fr');
    expect(without.texts.drafts).toEqual([]);
    const knowingly = await contextOf(true);
    expect(knowingly.texts.languages).toEqual(['fr', 'bm']);
    expect(languageOf(knowingly, { language: 'bm' })).toBe('bm');
    expect(knowingly.texts.drafts).toEqual(['bm']);
  });

  it('is named by doctor, whether it is on offer or not', async () => {
    const said = (isUnreviewedOffered: boolean) =>
      checkLanguages({ ...WANTED, isUnreviewedOffered }, load(true));
    expect(await said(false)).toMatchObject({
      state: 'warn',
      detail: 'Bamanankan (bm): not on offer, for nobody has reviewed the texts',
    });
    expect(await said(true)).toMatchObject({
      state: 'warn',
      detail: 'Bamanankan (bm): on offer, and nobody has reviewed the texts',
    });
    expect(
      await checkLanguages({ languages: ['fr'], isUnreviewedOffered: false }, load(true)),
    ).toBeUndefined();
  });

  it('is the default language of no service that does not want it so', async () => {
    const config = { dataDir: join(folder, 'data'), host: '127.0.0.1', port: 0 };
    const problems = (isUnreviewedOffered: boolean) =>
      problemsBefore(
        { ...config, languages: ['bm'], defaultLanguage: 'bm', isUnreviewedOffered } as never,
        true,
        locales,
      );
    expect(await problems(false)).toMatchObject([
      { setting: 'DEFAULT_LANGUAGE', problem: 'is bm, whose texts no native speaker has read and signed' },
    ]);
    expect(await problems(true)).toEqual([]);
  });
});
