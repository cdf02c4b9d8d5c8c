import type { Command } from 'commander';
import { loadFlows } from '../app/load-flows.ts';
import { checkContent, problemLine } from '../conversation/check.ts';
import { flowsDiagram } from '../conversation/diagram.ts';
import { addCommand, type Result } from './command.ts';
import { PROJECT } from './server.ts';

/** `flows check | diagram`. */
export function addFlowsCommands(program: Command): void {
  const flows = program.command('flows').description('questions, rules of urgency and texts');
  addCommand(flows, 'check', 'what is wrong with them, and how to mend it', check);
  addCommand(flows, 'diagram', 'every questionnaire as a Mermaid drawing', diagram);
}

async function check(): Promise<Result> {
  const { flows, textFiles, triageRules, texts } = await content();
  const problems = checkContent({ flows, texts: textFiles, triage: triageRules });
  if (problems.length > 0)
    return { text: problems.map(problemLine).join('\n'), json: { ok: false, problems }, exitCode: 1 };
  const text = `✓ ${flows.steps.size} questions, rules and texts are well (${texts.languages.join(', ')})`;
  return { text, json: { ok: true, problems } };
}

async function diagram(): Promise<Result> {
  const text = flowsDiagram((await content()).flows);
  return { text, json: { diagram: text } };
}

/** All languages there are folders for, whether they are switched on or not. */
function content() {
  return loadFlows({ flows: `${PROJECT}/flows`, locales: `${PROJECT}/locales` }, { defaultLanguage: 'fr' });
}
