/** `voices status | script | note`: recordings of what is asked. They need no settings and no database. */
import type { Command } from 'commander';
import type { FlowContent } from '../app/ground/load-flows.ts';
import { countVoices, pieceName, type VoiceCount } from '../app/voices/recordings.ts';
import { noteVersions, readVoiceFiles } from '../app/voices/voice-files.ts';
import { spokenKeys } from '../conversation/flows/spoken-keys.ts';
import { LakanaError } from '../kernel/errors.ts';
import { LOCALES } from '../kernel/project.ts';
import { MESSENGERS } from '../messengers/list.ts';
import { readContent, voiceFolders } from '../service/content.ts';
import { ownContent } from '../service/own-content.ts';
import { addCommand, type Result, table } from './command.ts';

export function addVoicesCommands(program: Command): void {
  const voices = program.command('voices').description('recordings of what is asked');
  addCommand(voices, 'status', 'how much of each language is recorded', status);
  addCommand(
    voices,
    'script <language>',
    'what is still to be recorded, in the order in which it is asked',
    script,
  );
  addCommand(
    voices,
    'note <language> [keys...]',
    'note that recordings say what stands there now; without keys those without a note',
    note,
  );
}

async function content(): Promise<FlowContent> {
  const contentDir = await ownContent();
  return readContent({
    defaultLanguage: 'fr',
    everyMessenger: MESSENGERS,
    ...(contentDir ? { contentDir } : {}),
  });
}

async function counts({ flows, texts }: FlowContent): Promise<(VoiceCount & { language: string })[]> {
  const recordings = await readVoiceFiles(voiceFolders(await ownContent()));
  return texts.languages.map((language) => ({
    language,
    ...countVoices(recordings, flows, texts, language),
  }));
}

/** A line for each language of which anything is recorded. */
export async function voiceLines(read: FlowContent): Promise<string[]> {
  const begun = (await counts(read)).filter(({ recorded, stale }) => recorded + stale > 0);
  return begun.map(
    ({ language, recorded, all, missing }) =>
      `  voices of ${language}: ${recorded} of ${all}${
        missing.length > 0 ? `; not offered, missing ${missing.length}: ${some(missing)}` : ''
      }`,
  );
}

const some = (keys: readonly string[]): string =>
  keys.length > 5 ? `${keys.slice(0, 5).join(', ')}, …` : keys.join(', ');

async function status(): Promise<Result> {
  const all = await counts(await content());
  const rows = all.map(({ language, recorded, stale, missing, all: most }) => [
    language,
    `${recorded} of ${most}`,
    `${stale} stale`,
    missing.length === 0 ? 'offered' : `not offered: ${missing.length} missing`,
  ]);
  return { text: table(rows), json: all };
}

async function script(_options: object, language: string): Promise<Result> {
  const { flows, texts } = await content();
  if (!texts.languages.includes(language)) throw unknown(language);
  const recordings = await readVoiceFiles(voiceFolders(await ownContent()));
  const { missing } = countVoices(recordings, flows, texts, language);
  const lines = spokenKeys(flows, texts, language)
    .filter(({ key, isNeeded }) =>
      isNeeded ? missing.includes(key) : !recordings.has(pieceName({ language, key })),
    )
    .map(({ key, isNeeded }) => ({
      key,
      isNeeded,
      text: texts.template(language, key) ?? texts.template(language, `${key}_other`) ?? '',
    }));
  const text = lines
    .map((each) => `${each.key}${each.isNeeded ? '' : ' (may wait)'}\n${each.text}\n`)
    .join('\n');
  return { text, json: lines };
}

async function note(_options: object, language: string, keys: unknown): Promise<Result> {
  const { texts } = await content();
  if (!texts.languages.includes(language)) throw unknown(language);
  const noted = await noteVersions(LOCALES, texts, language, Array.isArray(keys) ? keys.map(String) : []);
  return { text: `✓ ${noted.length} noted`, json: { noted } };
}

const unknown = (language: string) =>
  new LakanaError('language_unknown', `there is no language ${language}: see the folders in locales/`);
