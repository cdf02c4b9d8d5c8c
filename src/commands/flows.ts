import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { parse } from 'yaml';
import type { FlowContent } from '../app/ground/load-flows.ts';
import { checkVoiceFiles } from '../app/voices/voice-files.ts';
import { createTriage } from '../cases/triage.ts';
import { mechanismPage, pageWordsSchema } from '../conversation/chapters/page.ts';
import { searchOf } from '../conversation/chapters/search.ts';
import { checkContent } from '../conversation/checks/check.ts';
import { lackingLine, lackingTexts } from '../conversation/checks/lacking-texts.ts';
import { problemLine } from '../conversation/checks/problem.ts';
import { screensTable } from '../conversation/checks/screens.ts';
import { flowsDiagram } from '../conversation/flows/diagram.ts';
import { accountsSchema, alarmsTable, areHeard, tryAlarms } from '../conversation/transcripts/alarms.ts';
import { conversationPages } from '../conversation/transcripts/pages.ts';
import { peopleSchema } from '../conversation/transcripts/person.ts';
import { areFound, questionsSchema, questionsTable, seekAll } from '../conversation/transcripts/questions.ts';
import {
  type Fate,
  tryAll,
  understandingSchema,
  understandingTable,
  understandingTries,
} from '../conversation/transcripts/understanding.ts';
import { areGiven, tryWishes, wishesSchema, wishesTable } from '../conversation/transcripts/wishes.ts';
import { textsOfConsent, textVersion } from '../conversation/words/text-version.ts';
import { createTexts } from '../conversation/words/texts.ts';
import { PROJECT } from '../kernel/project.ts';
import { calendarDay } from '../kernel/time.ts';
import { readContent, voiceFolders } from '../service/content.ts';
import { ownContent, PROGRAM, projectFlows } from '../service/own-content.ts';
import { addCommand, type Result } from './command.ts';
import { voiceLines } from './voices.ts';

/** `flows check | diagram | conversations`: need no settings and no database. */
export function addFlowsCommands(program: Command): void {
  const flows = program.command('flows').description('questions, rules of urgency and texts');
  addCommand(flows, 'check', 'what is wrong with them, and how to mend it', check)
    .option('--screens', 'how many screens it takes to report')
    .option('--understanding', 'whether people are understood as they write');
  addCommand(flows, 'diagram', 'every questionnaire as a Mermaid drawing', diagram);
  addCommand(
    flows,
    'conversations',
    'whole conversations of people who are made up, for docs/conversations',
    conversations,
  );
  addCommand(flows, 'mechanism', 'all pages to read, with their sources, for docs/mechanism.md', mechanism);
}

async function check({ screens, understanding }: { screens?: true; understanding?: true }): Promise<Result> {
  const content = await projectFlows();
  const { flows, textFiles, triageRules, texts } = content;
  const problems = [
    ...checkContent({ flows, texts: textFiles, triage: triageRules, today: today() }),
    ...(await checkVoiceFiles(voiceFolders(await ownContent()), flows, texts)),
  ];
  if (problems.length > 0)
    return {
      text: problems.map((problem) => `✗ ${problemLine(problem)}`).join('\n'),
      json: { ok: false, problems },
      exitCode: 1,
    };
  const consents = consentTexts(flows, texts);
  if (screens) {
    const { table, isKept } = screensTable(flows, triageRules, new Date());
    return { text: table, json: { ok: isKept, problems, consents, table }, exitCode: isKept ? 0 : 1 };
  }
  if (understanding) return tryUnderstanding(content);
  const text = `✓ ${flows.steps.size} questions, rules and texts are well (${texts.languages.join(', ')})`;
  const lacking = lackingTexts(flows, textFiles);
  const voices = await voiceLines(content);
  return {
    text: [text, ...consents, ...lacking.map(lackingLine), ...voices].join('\n'),
    json: { ok: true, problems, consents, lacking, voices },
  };
}

/** As the machine tells it. */
const today = (): string => calendarDay(new Date(), 'Africa/Bamako');

/** Versions of the texts that ask for consent, as they stand in the records of what was said to them. */
function consentTexts(flows: FlowContent['flows'], texts: FlowContent['texts']): string[] {
  return [...flows.steps.values()]
    .filter(({ step }) => 'records' in step && step.records)
    .map(({ path, id }) => {
      const version = (language: string) =>
        `${language} ${textVersion(texts, language, textsOfConsent(path))}`;
      return `  text of ${id}: ${texts.languages.map(version).join(', ')}`;
    });
}

/** Nobody's words may be lost, nine in ten are understood at the first try, and people are called for what is grave. */
async function tryUnderstanding({ flows, texts, textFiles, triageRules }: FlowContent): Promise<Result> {
  const signed = texts.languages.filter((each) => !texts.drafts.includes(each));
  const triage = createTriage(triageRules, flows);
  const tables = await Promise.all(
    understandingTries(signed, texts.languages, await readdir(UNDERSTANDING)).map(
      async ({ file, languages, defaultLanguage }) => {
        const said = understandingSchema.parse(parse(await readFile(join(UNDERSTANDING, file), 'utf8')));
        const offered = createTexts(textFiles, { languages, defaultLanguage });
        const deps = { flows, texts: offered, lists: flows.lists, triage, timeZone: 'Africa/Bamako' };
        const tried = tryAll(deps, said, new Date());
        const has = (wanted: Fate) => tried.filter(({ fate }) => fate === wanted).length;
        return { file, languages, tried, ok: has('lost') === 0 && has('understood') >= 0.9 * tried.length };
      },
    ),
  );
  const accounts = accountsSchema.parse(parse(await readFile(join(UNDERSTANDING, 'grave.yaml'), 'utf8')));
  const alarms = tryAlarms(createTexts(textFiles, { languages: signed, defaultLanguage: 'fr' }), accounts);
  const questions = questionsSchema.parse(parse(await readFile(join(UNDERSTANDING, QUESTIONS), 'utf8')));
  const sought = seekAll(
    searchOf(flows, createTexts(textFiles, { languages: signed, defaultLanguage: 'fr' })),
    questions,
    'fr',
  );
  const wishes = wishesSchema.parse(parse(await readFile(join(UNDERSTANDING, WISHES), 'utf8')));
  const asked = Object.fromEntries(Object.entries(wishes).filter(([language]) => signed.includes(language)));
  const offered = createTexts(textFiles, { languages: signed, defaultLanguage: 'fr' });
  const deps = { flows, texts: offered, lists: flows.lists, triage, timeZone: 'Africa/Bamako' };
  const given = tryWishes(deps, asked, new Date());
  const ok = tables.every((each) => each.ok) && areHeard(alarms) && areFound(sought) && areGiven(given);
  const text = tables.map(
    ({ file, languages, tried }) => `${file}, on offer ${languages.join(', ')}\n${understandingTable(tried)}`,
  );
  text.push(alarmsTable(alarms), `${QUESTIONS}\n${questionsTable(sought)}`, wishesTable(given));
  return { text: text.join('\n\n'), json: { ok, tables, alarms, sought, given }, exitCode: ok ? 0 : 1 };
}

/** The same of this project, for its tests. */
export const projectUnderstanding = async (): Promise<Result> => tryUnderstanding(await projectFlows());

const QUESTIONS = 'questions.yaml';
const WISHES = 'wishes.yaml';
const UNDERSTANDING = `${PROJECT}flows/understanding`;

async function diagram(): Promise<Result> {
  const text = flowsDiagram((await projectFlows()).flows);
  return { text, json: { diagram: text } };
}

/** Where invented people lie, and the pages of what they say. */
export const CONVERSATIONS = `${PROJECT}docs/conversations`;

async function conversations(): Promise<Result> {
  const { pages, unused } = await projectConversations();
  await mkdir(CONVERSATIONS, { recursive: true });
  const names = new Set(pages.map(({ name }) => name));
  for (const old of await readdir(CONVERSATIONS))
    if (old.endsWith('.md') && !names.has(old)) await rm(join(CONVERSATIONS, old));
  for (const { name, text } of pages) await writeFile(join(CONVERSATIONS, name), text);
  const lines = unused.map(
    ({ file, step }) => `✗ docs/conversations/people.yaml: ${file} is never asked ${step}`,
  );
  return {
    text: [...lines, `✓ ${pages.length} pages in docs/conversations`].join('\n'),
    json: { ok: unused.length === 0, pages: [...names], unused },
    ...(unused.length > 0 ? { exitCode: 1 } : {}),
  };
}

/** The page of the chapters and their sources. */
export const MECHANISM = `${PROJECT}docs/mechanism.md`;

async function mechanism(): Promise<Result> {
  const text = await projectMechanism();
  await writeFile(MECHANISM, text);
  return { text: '✓ docs/mechanism.md', json: { ok: true } };
}

/** The page as flows and texts make it now. */
export async function projectMechanism(): Promise<string> {
  const { flows, texts } = await projectFlows();
  const words = pageWordsSchema.parse(parse(await readFile(`${PROJECT}docs/mechanism.yaml`, 'utf8')));
  return mechanismPage(flows, texts, 'fr', words);
}

/** The pages as questions and texts make them now, and answers in people.yaml to which there is no question. */
export async function projectConversations(): Promise<ReturnType<typeof conversationPages>> {
  const { flows, textFiles, triageRules } = await programFlows();
  // In the order in which they are offered.
  const offered = flows.steps.get('menu.language')?.step;
  const languages = offered && 'options' in offered ? offered.options : undefined;
  const triage = createTriage(triageRules, flows);
  const offer = (draft?: string) => {
    const texts = createTexts(textFiles, {
      defaultLanguage: 'fr',
      missing: 'throw',
      ...(languages ? { languages: [...languages, ...(draft === undefined ? [] : [draft])] } : {}),
    });
    return { flows, texts, lists: flows.lists, triage, timeZone: 'Africa/Bamako' };
  };
  const people = peopleSchema.parse(parse(await readFile(join(CONVERSATIONS, 'people.yaml'), 'utf8')));
  return conversationPages(offer, people);
}

/** Those of the program, whatever the installation says differently. */
const programFlows = (): Promise<FlowContent> => readContent(PROGRAM);
