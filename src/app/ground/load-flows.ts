import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { type Retention, retentionSchema } from '../../cases/retention.ts';
import type { Unchecked } from '../../conversation/chapters/chapters.ts';
import { compileFlows, type Flows } from '../../conversation/flows/compile.ts';
import { isKnowledge, parseKnowledge } from '../../conversation/flows/facts.ts';
import { type FlowFile, type TriageRules, triageSchema } from '../../conversation/flows/flow.ts';
import type { Examples } from '../../conversation/reading/learned.ts';
import { withOwnTexts } from '../../conversation/said/own-texts.ts';
import { accountsSchema, examplesOf } from '../../conversation/transcripts/alarms.ts';
import { createTexts, isReviewed, type TextFiles, type Texts } from '../../conversation/words/texts.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { frozen } from '../../kernel/remembered.ts';

/** Everything that staff of the CNDH can change without touching TypeScript. */
export type FlowContent = {
  flows: Flows;
  texts: Texts;
  textFiles: TextFiles;
  triageRules: TriageRules;
  retention: Retention;
  /** The same texts of other files, in the languages that are on offer. */
  rebuild: (files: TextFiles) => Texts;
  /** Only tests bring their own: see `Conversation`. */
  patience?: number;
  burst?: number;
  twice?: number;
  /** What becomes of facts that nobody checked; default `hidden`. */
  unchecked?: Unchecked;
};

/**
 * Folders that hold `*.yaml` and `lists/*.yaml`, and one folder per language; of `locales` each adds to those before. `own`: a
 * folder of the installation with some of the same in `flows/` and `locales/`, which counts before them.
 */
export type FlowFolders = { flows: string; locales: string | readonly string[]; own?: string };

/**
 * Reads, checks and compiles flows, lists, triage rules and texts. Throws `flow_invalid`, `yaml_invalid` or
 * `language_missing`, each one line that names the file and the mend.
 */
export async function loadFlows(
  folders: FlowFolders,
  options: {
    languages?: readonly string[];
    /** Whether languages that nobody has reviewed are on offer too; default yes. */
    isUnreviewedOffered?: boolean;
    unchecked?: Unchecked;
    defaultLanguage: string;
    missing?: 'throw' | 'blank';
  },
): Promise<FlowContent> {
  const { own } = folders;
  const files = await readFlows(folders.flows, own, 'flows');
  const lists = await readFlows(folders.flows, own, 'flows/lists');
  const isTriage = (file: FlowFile) => file.name === 'flows/triage.yaml';
  const isRetention = (file: FlowFile) => file.name === 'flows/retention.yaml';
  const flows = compileFlows(
    files.filter((file) => !isTriage(file) && !isRetention(file) && !isKnowledge(file)),
    lists,
    parseKnowledge(files),
    await readExamples(folders.flows),
  );
  const read = await Promise.all([folders.locales].flat().map((folder) => readTexts(folder)));
  const textFiles = own ? withOwnTexts(merged(read), await readOwnTexts(own)) : merged(read);
  const { languages = Object.keys(textFiles), isUnreviewedOffered = true } = options;
  const offered = languages.filter(
    // One that is not there is for `createTexts` to name.
    (each) => isUnreviewedOffered || textFiles[each] === undefined || isReviewed(textFiles, each),
  );
  const rebuild = (read: TextFiles) => createTexts(read, { ...options, languages: offered });
  const { unchecked } = options;
  const triageRules = parseTriage(files.find(isTriage));
  const retention = parseRetention(files.find(isRetention));
  const texts = rebuild(textFiles);
  return { flows, texts, textFiles, triageRules, retention, rebuild, ...(unchecked ? { unchecked } : {}) };
}

/** The texts of the languages that a native speaker has signed: those in which pages are on offer, the default one first. */
export async function loadSignedTexts(folder: string, defaultLanguage: string): Promise<Texts> {
  const files = await readTexts(folder);
  const others = Object.keys(files).filter(
    (language) => language !== defaultLanguage && isReviewed(files, language),
  );
  return createTexts(files, { languages: [defaultLanguage, ...others], defaultLanguage });
}

/** Accounts by which grave ones are known; none where there is no such file. */
async function readExamples(flows: string): Promise<Examples | undefined> {
  const read = await readFile(join(flows, 'understanding', 'grave.yaml'), 'utf8').catch(noneIfMissing);
  if (typeof read !== 'string') return undefined;
  return examplesOf(accountsSchema.parse(parseYaml(read)));
}

async function readTexts(folder: string, shown = 'locales'): Promise<TextFiles> {
  const languages = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const read = languages.map(async ({ name }) => {
    const files = await readYaml(join(folder, name), `${shown}/${name}`);
    return [
      name,
      Object.fromEntries(files.map((file) => [basename(file.name, '.yaml'), file.content])),
    ] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

function merged(all: readonly TextFiles[]): TextFiles {
  const [first = {}, ...more] = all;
  return Object.fromEntries(
    Object.entries(first).map(([language, files]) => [
      language,
      Object.assign({}, files, ...more.map((each) => each[language])),
    ]),
  );
}

/** The files of the program, and in their place those of the same name that the installation has. */
async function readFlows(program: string, own: string | undefined, shown: string): Promise<FlowFile[]> {
  const below = shown.slice('flows'.length);
  const files = await readYaml(`${program}${below}`, shown);
  const theirs = own ? await readYaml(join(own, shown), `${OWN}/${shown}`).catch(noneIfMissing) : [];
  const inPlace = theirs.map((file) => ({ ...file, name: file.name.slice(OWN.length + 1) }));
  const names = new Set(inPlace.map(({ name }) => name));
  return [...files.filter(({ name }) => !names.has(name)), ...inPlace].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

/** How errors call the installation's folder. */
const OWN = 'CONTENT_DIR';

/** The texts of the installation's own folder: none where it has no such folder. */
export const readOwnTexts = (own: string): Promise<TextFiles> =>
  readTexts(join(own, 'locales'), `${OWN}/locales`).catch((error) => {
    noneIfMissing(error);
    return {};
  });

function noneIfMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/** Every `.yaml` file of a folder, in the order of names; `shown` is how errors call the folder. */
async function readYaml(folder: string, shown: string): Promise<FlowFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8');
      try {
        return { name: `${shown}/${name}`, content: parseYaml(text) };
      } catch (error) {
        const line = (error as { linePos?: { line: number }[] }).linePos?.[0]?.line ?? '?';
        throw new LakanaError(
          'yaml_invalid',
          `${shown}/${name}, line ${line}: this is not YAML; compare with the lines around it`,
        );
      }
    }),
  );
}

const known = new Map<string, unknown>();

/**
 * What a text of YAML says, for all who read it the same value, which none of them can change. Parsed once: a start reads the same
 * files several times, for each thing that it checks of them, and what follows from a file is remembered with it.
 */
export function parseYaml(text: string): unknown {
  if (!known.has(text)) known.set(text, frozen(parse(text)));
  return known.get(text);
}

/** Rules that do not hold together destroy nothing: the service does not start with them. */
function parseRetention(file: FlowFile | undefined): Retention {
  if (!file)
    throw new LakanaError(
      'flow_invalid',
      'flows/retention.yaml is missing; put it back from the last version',
    );
  const parsed = retentionSchema.safeParse(file.content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new LakanaError('flow_invalid', `${file.name}, ${issue?.path.join('.')}: ${issue?.message}`);
}

function parseTriage(file: FlowFile | undefined): TriageRules {
  if (!file)
    throw new LakanaError('flow_invalid', 'flows/triage.yaml is missing; put it back from the last version');
  const parsed = triageSchema.safeParse(file.content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new LakanaError('flow_invalid', `${file.name}, ${issue?.path.join('.')}: ${issue?.message}`);
}
