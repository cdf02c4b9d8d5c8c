/** Recordings of the house: which are heard, which are not, and what is said of them to those who mend. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { countVoices, createVoices } from '../../../src/app/voices/recordings.ts';
import { checkVoiceFiles, noteVersions, readVoiceFiles } from '../../../src/app/voices/voice-files.ts';
import { spokenKeys } from '../../../src/conversation/flows/spoken-keys.ts';
import { createTexts } from '../../../src/conversation/words/texts.ts';
import { projectContent } from '../../content/content.ts';
import { oggOf, pagesOf, piecesIn, recording } from '../../ogg.ts';
import { neededKeys, recordedFolder } from '../../spoken.ts';

const { flows, texts: files } = projectContent();
const textsOf = (changed: typeof files) =>
  createTexts(changed, { languages: ['fr', 'en'], defaultLanguage: 'fr', missing: 'throw' });
const texts = textsOf(files);
/** As French says it, but for one sentence. */
const withDanger = (ask: string) => {
  const { fr = {} } = files;
  const report = fr.report as Record<string, object>;
  return textsOf({ ...files, fr: { ...fr, report: { ...report, danger: { ...report.danger, ask } } } });
};
const DANGER = 'report.danger.ask';
const needed = (piece: string) => ({ piece, isNeeded: true });
const open = async (options: Parameters<typeof recordedFolder>[2] = {}, now = () => texts) => {
  const place = await recordedFolder(flows, texts, options);
  const recordings = await readVoiceFiles([place]);
  return { place, recordings, voices: createVoices(recordings, () => ({ flows, texts: now() })) };
};

describe('a language is offered to those who listen', () => {
  test('once all that is asked until a report can be sent is recorded, and in no other language', async () => {
    const { voices } = await open();
    expect(voices.isSpoken('fr')).toBe(true);
    expect(voices.isSpoken('en')).toBe(false);
  });

  test('and not as long as a single question, answer or number of it is missing', async () => {
    for (const without of [
      DANGER,
      'report.danger.options.now',
      'voice.number_4',
      'voice.done',
      'commands.yes.label',
    ]) {
      const { voices } = await open({ without: [without] });
      expect(voices.isSpoken('fr')).toBe(false);
    }
  });

  test('and no more once one of these texts has changed: what was recorded says something else', async () => {
    let now = texts;
    const { voices } = await open({}, () => now);
    expect(voices.heardOf([needed(`fr/${DANGER}`)])).toEqual([`fr/${DANGER}`]);
    now = withDanger('Est-ce dangereux maintenant ?');
    expect(voices.isSpoken('fr')).toBe(false);
    expect(voices.heardOf([needed(`fr/${DANGER}`)])).toBeUndefined();
    expect(await voices.note([`fr/${DANGER}`])).toBeUndefined();
    now = texts;
    expect(voices.isSpoken('fr')).toBe(true);
  });
});

describe('what is said is heard', () => {
  test('piece by piece in its order; what need not be there and is not is passed over', async () => {
    const { voices } = await open();
    const heard = voices.heardOf([
      { piece: 'fr/bot.greeting', isNeeded: false },
      needed(`fr/${DANGER}`),
      needed('fr/report.danger.options.now'),
      needed('fr/voice.number_1'),
    ]);
    expect(heard).toEqual([`fr/${DANGER}`, 'fr/report.danger.options.now', 'fr/voice.number_1']);
    const note = await voices.note(heard ?? []);
    expect(piecesIn(note?.bytes ?? new Uint8Array())).toEqual([
      DANGER,
      'report.danger.options.now',
      'voice.number_1',
    ]);
  });

  test('whole or not at all: without one answer the text stands alone', async () => {
    const { voices } = await open({ without: ['report.danger.options.none'] });
    expect(voices.heardOf([needed(`fr/${DANGER}`), needed('fr/report.danger.options.none')])).toBeUndefined();
    expect(voices.heardOf([{ piece: 'fr/bot.greeting', isNeeded: false }])).toBeUndefined();
  });

  test('from files as they are: one that is cut off meanwhile is heard by no one', async () => {
    const { voices, place } = await open();
    await writeFile(join(place.folder, `${DANGER}.ogg`), 'no more');
    expect(await voices.note([`fr/${DANGER}`])).toBeUndefined();
  });
});

test('what was replaced while it was read is not heard later in the place of the new one', async () => {
  const piece = `fr/${DANGER}`;
  const begun = Promise.withResolvers<void>();
  const goesOn = Promise.withResolvers<void>();
  const { recordings: old } = await open();
  const { recordings: newer } = await open({ keys: [DANGER] });
  const [before, after] = [old.get(piece), newer.get(piece)];
  if (!before || !after) throw new Error('not recorded');
  const slow = {
    ...before,
    read: async () => {
      begun.resolve();
      await goesOn.promise;
      return recording('bot.greeting');
    },
  };
  const voices = createVoices(
    new Map([[piece, slow]]),
    () => ({ flows, texts }),
    async () => ({ recordings: new Map([[piece, after]]), strange: [] }),
  );
  const first = voices.note([piece]);
  await begun.promise;
  await voices.reload();
  goesOn.resolve();
  await first;
  const note = await voices.note([piece]);
  expect(piecesIn(note?.bytes ?? new Uint8Array())).toEqual([DANGER]);
});

describe('the check of the files', () => {
  const problemsAfter = async (change: (folder: string) => Promise<unknown>) => {
    const { place } = await open({ keys: [DANGER] });
    await change(place.folder);
    const problems = await checkVoiceFiles([place], flows, texts);
    return problems.map(({ file, problem }) => `${file}: ${problem}`);
  };
  const file = (folder: string) => join(folder, `${DANGER}.ogg`);
  const says = (problem: string) => [`locales/fr/voice/${DANGER}.ogg: ${problem}`];

  test('names one of which a player plays less than people would hear', async () => {
    const cut = pagesOf(recording(DANGER, { seconds: 3 })).map((page) => ({
      ...page,
      granule: page.granule > 48_000n ? 48_000n : page.granule,
    }));
    expect(await problemsAfter((folder) => writeFile(file(folder), oggOf(cut)))).toEqual(
      says('a player plays less or other than what is in it'),
    );
  });

  test('finds nothing where all is well', async () => {
    expect(await problemsAfter(async () => undefined)).toEqual([]);
  });

  test('names what is too long for what it weighs', async () => {
    const heavy = recording(DANGER, { seconds: 15, bytesEach: 100 });
    expect(await problemsAfter((folder) => writeFile(file(folder), heavy))).toEqual(
      says('it has 77 kB for 15 seconds, more than 60 kB for 15'),
    );
    const long = recording(DANGER, { seconds: 61, bytesEach: 30 });
    expect(await problemsAfter((folder) => writeFile(file(folder), long))).toEqual(
      says('it lasts 61 seconds, more than 60'),
    );
  });

  test('names what is no Ogg/Opus, and what has two channels', async () => {
    expect(await problemsAfter((folder) => writeFile(file(folder), 'RIFF'))).toEqual(
      says('this is no Ogg/Opus file'),
    );
    const stereo = recording(DANGER, { channels: 2 });
    expect(await problemsAfter((folder) => writeFile(file(folder), stereo))).toEqual(
      says('it has more than one channel'),
    );
  });

  test('names what was recorded for another text, and what no one has noted', async () => {
    const notes = (folder: string) => join(folder, 'recorded.yaml');
    expect(await problemsAfter((folder) => writeFile(notes(folder), `${DANGER}: abc`))).toEqual(
      says('its text has changed since it was recorded, so nobody hears it'),
    );
    expect(await problemsAfter((folder) => writeFile(notes(folder), ''))).toEqual(
      says('nobody has noted for which text it was recorded'),
    );
  });

  test('names what no one asks for', async () => {
    const { place } = await open({ keys: [DANGER] });
    await writeFile(join(place.folder, 'report.no_question.ask.ogg'), recording('x'));
    const [problem] = await checkVoiceFiles([place], flows, texts);
    expect(problem).toMatchObject({
      file: 'locales/fr/voice/report.no_question.ask.ogg',
      problem: 'nobody asks for this recording',
    });
  });
});

describe('a person who has heard a recording', () => {
  test('notes that it fits, and it is heard', async () => {
    const { place } = await open({ keys: [DANGER] });
    await writeFile(join(place.folder, 'recorded.yaml'), '');
    const heardNow = async () =>
      createVoices(await readVoiceFiles([place]), () => ({ flows, texts })).heardOf([needed(`fr/${DANGER}`)]);
    expect(await heardNow()).toBeUndefined();
    expect(await noteVersions(place.locales, texts, 'fr', [])).toEqual([DANGER]);
    expect(await heardNow()).toEqual([`fr/${DANGER}`]);
    expect(await readFile(join(place.folder, 'recorded.yaml'), 'utf8')).toContain(`${DANGER}: `);
  });
});

test('how much is recorded is counted: there, out of date, and what is missing before it can be offered', async () => {
  const { recordings } = await open({ without: ['voice.done'] });
  const needs = neededKeys(flows, texts).length;
  expect(countVoices(recordings, flows, texts, 'fr')).toMatchObject({
    recorded: needs - 1,
    stale: 0,
    missing: ['voice.done'],
  });
  expect(countVoices(recordings, flows, withDanger('Danger ?'), 'fr')).toMatchObject({
    recorded: needs - 2,
    stale: 1,
  });
});

test('every text that can be heard is there in French and in English', () => {
  for (const language of ['fr', 'en'])
    for (const { key } of spokenKeys(flows, texts, language))
      expect([key, texts.keys(language).some((each) => each === key || each === `${key}_other`)]).toEqual([
        key,
        true,
      ]);
});

test('a folder of recordings that holds something else beside them is read all the same', async () => {
  const { place } = await open({ keys: [DANGER] });
  await writeFile(join(place.folder, 'README.txt'), 'recorded in Bamako');
  expect([...(await readVoiceFiles([place])).keys()]).toEqual([`fr/${DANGER}`]);
});
