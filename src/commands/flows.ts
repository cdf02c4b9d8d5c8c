import type { Command } from 'commander';
import type { FlowContent } from '../app/ground/load-flows.ts';
import { checkContent } from '../conversation/checks/check.ts';
import { problemLine } from '../conversation/checks/problem.ts';
import { screensTable } from '../conversation/checks/screens.ts';
import { flowsDiagram } from '../conversation/flows/diagram.ts';
import { textsOfConsent, textVersion } from '../conversation/words/text-version.ts';
import { MESSENGERS } from '../messengers/list.ts';
import { readContent } from '../service/content.ts';
import { addCommand, type Result } from './command.ts';

/** `flows check | diagram`: need no settings and no database. */
export function addFlowsCommands(program: Command): void {
  const flows = program.command('flows').description('questions, rules of urgency and texts');
  addCommand(flows, 'check', 'what is wrong with them, and how to mend it', check).option(
    '--screens',
    'how many screens it takes to report',
  );
  addCommand(flows, 'diagram', 'every questionnaire as a Mermaid drawing', diagram);
}

async function check({ screens }: { screens?: boolean }): Promise<Result> {
  const { flows, textFiles, triageRules, texts } = await projectFlows();
  const problems = checkContent({ flows, texts: textFiles, triage: triageRules });
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
  const text = `✓ ${flows.steps.size} questions, rules and texts are well (${texts.languages.join(', ')})`;
  return { text: [text, ...consents].join('\n'), json: { ok: true, problems, consents } };
}

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

async function diagram(): Promise<Result> {
  const text = flowsDiagram((await projectFlows()).flows);
  return { text, json: { diagram: text } };
}

/** The questions and texts of this installation, in every language there is a folder for, switched on or not. */
export function projectFlows(): Promise<FlowContent> {
  return readContent({ defaultLanguage: 'fr', everyMessenger: MESSENGERS });
}
