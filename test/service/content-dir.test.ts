/** What a house says differently from the program: its own folder comes first, key by key, and an update overwrites nothing. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifiedContacts } from '../../src/conversation/flows/outside-contacts.ts';
import { PROJECT } from '../../src/kernel/project.ts';
import { readContent } from '../../src/service/content.ts';
import { contentProblem } from '../../src/service/content-dir.ts';

let own: string;
beforeEach(async () => {
  own = await mkdtemp(join(tmpdir(), 'lakana-own-'));
});
afterEach(() => rm(own, { recursive: true, force: true }));

const write = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(join(own, path)), { recursive: true });
  await writeFile(join(own, path), text);
};
const read = (contentDir?: string) =>
  readContent({ defaultLanguage: 'fr', everyMessenger: [], ...(contentDir ? { contentDir } : {}) });

describe('a house with a folder of its own', () => {
  test('says its own sentence, and every other one as the program has it, also of the same file', async () => {
    await write('locales/fr/bot.yaml', 'empty_text: Votre message est vide. Écrivez-nous.');
    const [ours, program] = [await read(own), await read()];
    expect(ours.texts.t('fr', 'bot.empty_text')).toBe('Votre message est vide. Écrivez-nous.');
    expect(ours.texts.t('fr', 'bot.help')).toBe(program.texts.t('fr', 'bot.help'));
    expect(ours.texts.t('en', 'bot.empty_text')).toBe(program.texts.t('en', 'bot.empty_text'));
    expect(await contentProblem(own)).toBeUndefined();
  });

  test('has its own contacts: the list is theirs as a whole', async () => {
    const entry =
      'fld: { name: "Front Line", kind: international_ngo, verified_on: "2026-11-20", verified_by: "Awa", contact: "+1", always: "yes" }';
    const program = await readFile(`${PROJECT}flows/lists/outside_organisations.yaml`, 'utf8');
    await write('flows/lists/outside_organisations.yaml', program.replace(/^ {2}fld:.*$/m, `  ${entry}`));
    const list = (await read(own)).flows.lists.get('outside_organisations');
    const contacts = verifiedContacts(list, { today: '2026-11-30', freshDays: 180 });
    expect(contacts.map(({ name, contact }) => ({ name, contact }))).toContainEqual({
      name: 'Front Line',
      contact: '+1',
    });
    expect(await contentProblem(own)).toBeUndefined();
  });

  test('has its own words for SOS: a list of words is theirs as a whole, the label beside it the program’s', async () => {
    await write('locales/fr/commands.yaml', 'start: { words: [bonjour à vous] }');
    const { texts } = await read(own);
    expect(texts.commandWords('fr').get('start')).toEqual(['bonjour a vous']);
    expect(texts.commandWords('fr').get('sos')).toEqual((await read()).texts.commandWords('fr').get('sos'));
  });

  test('may bring a language that the program does not have', async () => {
    await write('locales/xx/language.yaml', 'name: Xx\nreviewed: false\nfallback: fr');
    await write('locales/xx/bot.yaml', 'empty_text: x');
    const { texts } = await read(own);
    expect(texts.t('xx', 'bot.empty_text')).toBe('x');
    expect(texts.t('xx', 'bot.help')).toBe(texts.t('fr', 'bot.help'));
    expect(texts.drafts).toContain('xx');
  });

  test('cannot reach beyond its texts: a key that is called like a part of the language is a key', async () => {
    await write('locales/fr/bot.yaml', '__proto__: { polluted: yes }\nconstructor: { name: x }');
    await read(own);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
