import type { Command } from 'commander';
import type { FlowContent } from '../app/ground/load-flows.ts';
import { checkContent } from '../conversation/checks/check.ts';
import { problemLine } from '../conversation/checks/problem.ts';
import { flowsDiagram } from '../conversation/flows/diagram.ts';
import { MESSENGERS } from '../messengers/list.ts';
import { readContent } from '../service/content.ts';
import { addCommand, type Result } from './command.ts';

/** `flows check | diagram`: need no settings and no database. */
export function addFlowsCommands(program: Command): void {
  const flows = program.command('flows').description('questions, rules of urgency and texts');
  addCommand(flows, 'check', 'what is wrong with them, and how to mend it', check);
  addCommand(flows, 'diagram', 'every questionnaire as a Mermaid drawing', diagram);
}

async function check(): Promise<Result> {
  const { flows, textFiles, triageRules, texts } = await projectFlows();
  const problems = checkContent({ flows, texts: textFiles, triage: triageRules });
  if (problems.length > 0)
    return {
      text: problems.map((problem) => `✗ ${problemLine(problem)}`).join('\n'),
      json: { ok: false, problems },
      exitCode: 1,
    };
  const text = `✓ ${flows.steps.size} questions, rules and texts are well (${texts.languages.join(', ')})`;
  return { text, json: { ok: true, problems } };
}

async function diagram(): Promise<Result> {
  const text = flowsDiagram((await projectFlows()).flows);
  return { text, json: { diagram: text } };
}

/** The questions and texts of this installation, in every language there is a folder for, switched on or not. */
export function projectFlows(): Promise<FlowContent> {
  return readContent({ defaultLanguage: 'fr', everyMessenger: MESSENGERS });
}
