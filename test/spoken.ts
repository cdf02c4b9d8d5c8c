/** Recordings for stories: each holds its own name, so that what was heard can be told apart. No voice of anybody. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { VoiceFolder } from '../src/app/voices/voice-files.ts';
import type { Flows } from '../src/conversation/flows/compile.ts';
import { spokenKeys, spokenVersion } from '../src/conversation/flows/spoken-keys.ts';
import type { Texts } from '../src/conversation/words/texts.ts';
import { recording } from './ogg.ts';

type Options = {
  language?: string;
  /** Default: those without which a language is not offered. */
  keys?: readonly string[];
  /** Not recorded all the same. */
  without?: readonly string[];
};

/** The texts that must be recorded before a language is offered. */
export const neededKeys = (flows: Flows, texts: Texts, language = 'fr'): string[] =>
  spokenKeys(flows, texts, language).flatMap(({ key, isNeeded }) => (isNeeded ? [key] : []));

/** A folder with recordings of a language, for the texts that stand now. */
export async function recordedFolder(
  flows: Flows,
  texts: Texts,
  { language = 'fr', keys = neededKeys(flows, texts, language), without = [] }: Options = {},
): Promise<VoiceFolder & { folder: string }> {
  const locales = await mkdtemp(join(tmpdir(), 'lakana-voices-'));
  const folder = join(locales, language, 'voice');
  await mkdir(folder, { recursive: true });
  const recorded = keys.filter((key) => !without.includes(key));
  for (const key of recorded)
    await writeFile(join(folder, `${key}.ogg`), recording(key, { seconds: 0.2, bytesEach: 60 }));
  const notes = recorded.map((key) => [key, spokenVersion(texts, language, key)]);
  await writeFile(join(folder, 'recorded.yaml'), stringify(Object.fromEntries(notes)));
  return { locales, folder, source: 'folder' };
}
