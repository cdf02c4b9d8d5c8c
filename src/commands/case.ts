import type { Command } from 'commander';
import { listCases } from '../db/cases.ts';
import { exportCase } from './case-export.ts';
import { openBundle } from './case-open.ts';
import { printCase } from './case-print.ts';
import { addCommand, type Result, table } from './command.ts';
import { projectFlows } from './flows.ts';
import { withServer } from './server.ts';

/** `case list | export | open`. */
export function addCaseCommands(program: Command): void {
  const cases = program.command('case').description('sealed reports');
  addCommand(cases, 'list', 'every case: reference, level, state; nothing of what was said', list);
  addCommand(
    cases,
    'export <reference>',
    'one case, sealed, to take to where the team key is',
    exportCase,
  ).option('--out <file>', 'default: REFERENCE.lakana-case, or a pipe; - for standard output');
  addCommand(cases, 'open <file>', 'read an exported case with the team key; needs no server', open)
    .requiredOption('--identity <file>', 'secret half of the team key')
    .option('--out <folder>', 'write voice notes, photos and documents there')
    .option('--group <group>', 'recipient group whose key it is', 'team')
    .option('--language <language>', 'language of the questions', 'fr');
}

function list(): Promise<Result> {
  return withServer(async ({ database }) => {
    const cases = (await listCases(database.db)).map((row) => ({
      reference: row.reference,
      level: row.level,
      status: row.status,
      isSubmitted: row.isSubmitted,
      isUnfinished: row.isUnfinished,
      channel: row.channel,
      region: row.region,
      items: row.chainLength,
      unheard: row.unheard,
      openedAt: row.openedAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
    }));
    const rows = cases.map((each) => [
      each.reference ?? '-',
      each.level,
      each.status,
      each.isSubmitted ? 'sent' : each.isUnfinished ? 'unfinished' : 'not sent yet',
      each.region ?? '-',
      each.openedAt.slice(0, 16).replace('T', ' '),
    ]);
    return { text: rows.length > 0 ? table(rows) : 'No case yet.', json: { cases } };
  });
}

type OpenOptions = { identity: string; out?: string; group: string; language: string };

async function open({ identity, out, group, language }: OpenOptions, file = ''): Promise<Result> {
  const opened = await openBundle(file, identity, { group, ...(out === undefined ? {} : { out }) });
  const { flows, texts } = await projectFlows();
  return {
    text: printCase(opened, flows, texts, language),
    json: opened,
    // What is shown may have been tampered with: a script must not go on as if nothing were.
    exitCode: opened.chain.ok ? 0 : 1,
  };
}
