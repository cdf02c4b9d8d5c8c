/**
 * Recordings as files: `locales/<language>/voice/<file>.<key>.ogg`, and beside them `recorded.yaml`, which holds for each the
 * version of the text that was read aloud.
 */
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Problem } from '../../conversation/checks/problem.ts';
import type { Flows } from '../../conversation/flows/compile.ts';
import { spokenKeys, spokenVersion } from '../../conversation/flows/spoken-keys.ts';
import type { Texts } from '../../conversation/words/texts.ts';
import type { Recording } from '../ground/voices.ts';
import { asHeard } from './as-heard.ts';
import { measure } from './ogg.ts';
import { isStale, LONGEST, MOST_BYTES, MOST_BYTES_A_SECOND, pieceName } from './recordings.ts';

const NOTES = 'recorded.yaml';
const ENDING = '.ogg';

export type VoiceFolder = { locales: string; source: Exclude<Recording['source'], 'workbench'> };

/** Every file that can be a recording, by piece; a later folder stands over an earlier one. Reads only how they begin. */
export async function readVoiceFiles(folders: readonly VoiceFolder[]): Promise<Map<string, Recording>> {
  const found = new Map<string, Recording>();
  for (const folder of folders)
    for (const recording of await inFolder(folder))
      if (await beginsLikeOne(recording)) found.set(pieceName(recording), recording);
  return found;
}

type VoiceFile = Recording & { path: string };

async function inFolder({ locales, source }: VoiceFolder): Promise<VoiceFile[]> {
  const languages = await namesIn(locales);
  const all = await Promise.all(
    languages.map(async (language) => {
      const folder = join(locales, language, 'voice');
      const names = (await namesIn(folder)).filter((name) => name.endsWith(ENDING)).sort();
      const notes = names.length > 0 ? await notesIn(folder) : {};
      return Promise.all(
        names.map(async (name): Promise<VoiceFile> => {
          const key = name.slice(0, -ENDING.length);
          const path = join(folder, name);
          const { size } = await stat(path);
          return { language, key, version: notes[key], source, size, path, read: () => readFile(path) };
        }),
      );
    }),
  );
  return all.flat();
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    // No folder, or a file of that name: no recordings.
    return [];
  }
}

async function notesIn(folder: string): Promise<Record<string, string>> {
  const text = await readFile(join(folder, NOTES), 'utf8').catch(() => '');
  const notes: unknown = parse(text);
  return typeof notes === 'object' && notes !== null
    ? Object.fromEntries(Object.entries(notes).map(([key, version]) => [key, String(version)]))
    : {};
}

/** Ogg, and in its first page the head of Opus with one channel (RFC 7845, 5.1). The check reads them whole. */
async function beginsLikeOne({ path, size }: VoiceFile): Promise<boolean> {
  if (size === 0 || size > MOST_BYTES) return false;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    const head = buffer.subarray(0, bytesRead);
    const at = head.indexOf('OpusHead');
    return head.indexOf('OggS') === 0 && at > 0 && head[at + 9] === 1;
  } finally {
    await file.close();
  }
}

/** Why bytes may not be heard as a recording. */
export type Unfit = 'not_opus' | 'not_mono' | 'too_long' | 'too_big';

/** What these bytes are as a recording. */
async function fitness(bytes: Uint8Array): Promise<{ seconds: number; unfit?: Unfit }> {
  const measured = await measure(bytes);
  if (!measured.ok) return { seconds: 0, unfit: measured.why };
  return sized(bytes, measured.seconds);
}

/** Whether bytes that play so long may be heard. */
export function sized(bytes: Uint8Array, seconds: number): { seconds: number; unfit?: Unfit } {
  if (seconds > LONGEST) return { seconds, unfit: 'too_long' };
  // The head of a file weighs too: a very short one may be bigger than its seconds allow.
  const most = Math.max(MOST_BYTES_A_SECOND, seconds * MOST_BYTES_A_SECOND);
  return bytes.length > most ? { seconds, unfit: 'too_big' } : { seconds };
}

async function whyUnfit(bytes: Uint8Array): Promise<{ problem: string; mend: string } | undefined> {
  const { seconds, unfit } = await fitness(bytes);
  switch (unfit) {
    case 'not_opus':
      return { problem: 'this is no Ogg/Opus file', mend: 'record it in the room, or convert it' };
    case 'not_mono':
      return { problem: 'it has more than one channel', mend: 'convert it to one channel (mono)' };
    case 'too_long':
      return {
        problem: `it lasts ${Math.round(seconds)} seconds, more than ${LONGEST}`,
        mend: 'say it in fewer words',
      };
    case 'too_big':
      return {
        problem: `it has ${Math.ceil(bytes.length / 1_000)} kB for ${Math.round(seconds)} seconds, more than 60 kB for 15`,
        mend: 'convert it to 24 kbit/s',
      };
    default:
      return (await asHeard(bytes)) ? undefined : HIDES;
  }
}

/** Who listened to the file has not heard what people hear. */
const HIDES = {
  problem: 'a player plays less or other than what is in it',
  mend: 'convert it anew, and listen to it again',
};

/** What is wrong with the files, each with how to mend it. */
export async function checkVoiceFiles(
  folders: readonly VoiceFolder[],
  flows: Flows,
  texts: Texts,
): Promise<Problem[]> {
  const files = (await Promise.all(folders.map(inFolder))).flat();
  const problems = await Promise.all(files.map((file) => problemOf(file, flows, texts)));
  return problems.filter((problem) => problem !== undefined);
}

async function problemOf(voice: VoiceFile, flows: Flows, texts: Texts): Promise<Problem | undefined> {
  const { language, key, version } = voice;
  const place = { file: `locales/${language}/voice/${key}${ENDING}`, key };
  if (!spokenKeys(flows, texts, language).some((each) => each.key === key))
    return { ...place, problem: 'nobody asks for this recording', mend: 'correct its name, or take it out' };
  const unfit = await whyUnfit(await voice.read());
  if (unfit) return { ...place, ...unfit };
  if (version === undefined)
    return {
      ...place,
      problem: 'nobody has noted for which text it was recorded',
      mend: `hear it, and write ./lakana voices note ${language} ${key}`,
    };
  if (isStale(voice, texts))
    return {
      ...place,
      problem: 'its text has changed since it was recorded, so nobody hears it',
      mend: `record it again, or if it still fits write ./lakana voices note ${language} ${key}`,
    };
  return undefined;
}

/** Notes that these recordings say what stands there now; without `keys` all that have no note yet. Returns the keys. */
export async function noteVersions(
  locales: string,
  texts: Texts,
  language: string,
  keys: readonly string[],
): Promise<string[]> {
  const folder = join(locales, language, 'voice');
  const files = (await inFolder({ locales, source: 'folder' })).filter((each) => each.language === language);
  const meant = files.filter(({ key, version }) =>
    keys.length > 0 ? keys.includes(key) : version === undefined,
  );
  const notes = await notesIn(folder);
  for (const { key } of meant) notes[key] = spokenVersion(texts, language, key);
  const known = files.map(({ key }) => key).filter((key) => notes[key] !== undefined);
  if (meant.length > 0)
    await writeFile(
      join(folder, NOTES),
      `# For which text each recording was made: ./lakana voices note. See docs/voices.md.\n${stringify(
        Object.fromEntries(known.map((key) => [key, notes[key]])),
      )}`,
    );
  return meant.map(({ key }) => key);
}
