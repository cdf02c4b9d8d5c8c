/** `texts status | export | import`: between the workbench in the room and the house's own folder. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { parse, stringify } from 'yaml';
import { versionOf } from '../app/changes/rows.ts';
import { createLivingContent, type LivingContent } from '../app/ground/living-content.ts';
import { readOwnTexts } from '../app/ground/load-flows.ts';
import type { Recordings } from '../app/ground/voices.ts';
import { benchOf } from '../app/texts/bench.ts';
import { type Changed, changeText } from '../app/texts/changing.ts';
import { voicesInUse } from '../app/texts/heard.ts';
import { fileOf, textsToWorkOn } from '../app/texts/keys.ts';
import { everyText } from '../app/texts/recorded.ts';
import { statusOf, type TextStatus } from '../app/texts/status.ts';
import { countVoices } from '../app/voices/recordings.ts';
import { readVoiceFiles } from '../app/voices/voice-files.ts';
import { problemLine } from '../conversation/checks/problem.ts';
import { type TextValue, textAt, treeOf, withOwnTexts } from '../conversation/said/own-texts.ts';
import type { TextFiles } from '../conversation/words/texts.ts';
import { LakanaError } from '../kernel/errors.ts';
import { TOOL } from '../kernel/tool.ts';
import { voiceFolders } from '../service/content.ts';
import { ownContent, projectFlows } from '../service/own-content.ts';
import { addCommand, type Result, table } from './command.ts';
import { type Office, withOffice } from './office.ts';

export function addTextsCommands(program: Command): void {
  const texts = program
    .command('texts')
    .description('what is said, in each language, and what the room changed');
  addCommand(texts, 'status', 'how far each language is', status).option(
    '--files',
    'as the files say it, without the database',
  );
  addCommand(texts, 'export', 'writes what was changed in the room into CONTENT_DIR', exportTexts).option(
    '--release',
    'after a restart: the room lets go of what CONTENT_DIR says alike',
  );
  addCommand(
    texts,
    'import <folder>',
    'what locales/ in a folder says otherwise becomes changes in the room',
    importTexts,
  );
}

async function status({ files }: { files?: true }): Promise<Result> {
  const found = files ? await statusOfFiles() : await withOffice(({ ctx }) => statusNow(ctx));
  return { text: statusTable(found), json: { languages: found } };
}

/** As the files say it, and what is recorded there. */
export async function statusOfFiles(): Promise<TextStatus[]> {
  const content = createLivingContent(await projectFlows());
  return statusOf({ content }, counter(content, await readVoiceFiles(voiceFolders(await ownContent()))));
}

async function statusNow(ctx: Office['ctx']): Promise<TextStatus[]> {
  const ofFiles = await readVoiceFiles(voiceFolders(await ownContent()));
  const recordings = new Map([...ofFiles, ...(await voicesInUse(ctx)).recordings]);
  return statusOf(ctx, counter(ctx.content, recordings));
}

const counter =
  (content: LivingContent, recordings: Recordings) =>
  (language: string): number =>
    countVoices(recordings, content.flows, everyText({ content }), language).recorded;

/** As it stands in the README too. */
export function statusTable(found: readonly TextStatus[]): string {
  const rows = found.map(({ language, name, keys, reviewed, drafts, missing, voices }) => [
    `${name} (${language})`,
    ...[keys, reviewed, drafts, missing, voices].map(String),
  ]);
  return table([['language', 'keys', 'reviewed', 'drafts', 'missing', 'voices'], ...rows]);
}

async function ownFolder(): Promise<string> {
  const own = await ownContent();
  if (own) return own;
  throw new LakanaError(
    'no_content_dir',
    'CONTENT_DIR is not set: give the folder of the house’s own content',
  );
}

async function exportTexts({ release }: { release?: true }): Promise<Result> {
  const own = await ownFolder();
  return withOffice(async ({ ctx }) => {
    const said = [...benchOf(ctx).states.values()].flatMap(({ language, key, said: it }) =>
      it && it.text !== null ? [{ language, key, text: it.text }] : [],
    );
    if (release) return released(ctx, said);
    const files = new Set<string>();
    for (const [path, texts] of Map.groupBy(said, ({ language, key }) =>
      join(language, `${fileOf(key)}.yaml`),
    )) {
      await mkdir(join(own, 'locales', path, '..'), { recursive: true });
      await addTo(join(own, 'locales', path), texts);
      files.add(`locales/${path}`);
    }
    const lines = [...files].sort().map((file) => `✓ ${file}`);
    const then = `restart the service, then ${TOOL} texts export --release`;
    return {
      text: [...lines, `${said.length} texts in ${own}; ${then}`].join('\n'),
      json: { folder: own, files: [...files].sort(), texts: said.length },
    };
  });
}

/** The room lets go of what the files say alike. What they do not say it goes on saying. */
async function released(
  ctx: Office['ctx'],
  said: readonly { language: string; key: string }[],
): Promise<Result> {
  let count = 0;
  for (const name of said) {
    const now = textAt(ctx.content.now(), name.language, name.key);
    if (versionOf(now) !== versionOf(textAt(ctx.content.ofFiles, name.language, name.key))) continue;
    const came = await changeText(ctx, null, { ...name, text: null, seen: versionOf(now) });
    if (came.ok) count += 1;
  }
  return {
    text: `${count} texts are the files’ alone, ${said.length - count} the room’s`,
    json: { released: count, kept: said.length - count },
  };
}

/** Comments of a file that is there already go: it is written anew. */
async function addTo(path: string, texts: readonly { key: string; text: TextValue }[]): Promise<void> {
  const before = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const inFile = treeOf(texts.map(({ key, text }) => [key.slice(fileOf(key).length + 1), text] as const));
  const there = { file: { of: (parse(before) as object | null) ?? {} } } as TextFiles;
  const merged = withOwnTexts(there, { file: { of: inFile } }).file?.of;
  await writeFile(path, stringify(merged, { lineWidth: 0 }));
}

async function importTexts(_: object, folder = ''): Promise<Result> {
  const given = await readOwnTexts(resolve(folder));
  return withOffice(async ({ ctx }) => {
    const done: { language: string; key: string; is: string; lines: string[] }[] = [];
    for (const language of Object.keys(given))
      for (const [key, text] of textsToWorkOn(given, language)) {
        const now = textAt(ctx.content.now(), language, key);
        if (versionOf(now) === versionOf(text)) continue;
        const came = await changeText(ctx, null, { language, key, text, seen: versionOf(now) });
        done.push({ language, key, ...whatCame(came) });
      }
    const refused = done.filter(({ is }) => is !== 'set' && is !== 'propose');
    const count = (is: string) => done.filter((each) => each.is === is).length;
    const lines = refused.flatMap(({ language, key, is, lines: why }) =>
      why.length > 0 ? why.map((line) => `✗ ${line}`) : [`✗ locales/${language}, ${key}: ${is}`],
    );
    return {
      text: [
        ...lines,
        `${count('set')} count from now on, ${count('propose')} wait for the yes of a coordinator or an administrator, ${refused.length} are refused`,
      ].join('\n'),
      json: { ok: refused.length === 0, texts: done },
      ...(refused.length > 0 ? { exitCode: 1 } : {}),
    };
  });
}

function whatCame(came: Changed): { is: string; lines: string[] } {
  if (came.ok) return { is: came.is, lines: [] };
  return { is: came.reason, lines: 'problems' in came ? came.problems.map(problemLine) : [] };
}
