import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readSetting } from '../config.ts';
import { parseSigningKeys } from '../crypto/signing-keys.ts';
import { listCases } from '../db/cases.ts';
import { LakanaError } from '../kernel/errors.ts';
import { TOOL } from '../kernel/tool.ts';
import { withoutGaps } from '../kernel/unicode.ts';
import { projectFlows } from '../service/own-content.ts';
import { exportCase } from './case-export.ts';
import { isProved, openBundle, type Trusted } from './case-open.ts';
import { printCase } from './case-print.ts';
import { addCommand, type Result, table } from './command.ts';
import { noteList } from './noted-look.ts';
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
    .option(
      '--signed-by <file|fingerprint>',
      'public half of the server key (server.key.pub), or its fingerprint; default SIGNING_KEY_FILE',
    )
    .option('--out <folder>', 'write voice notes, photos and documents there')
    .option('--group <group>', 'recipient group whose key it is', 'team')
    .option('--language <language>', 'language of the questions', 'fr');
}

function list(): Promise<Result> {
  return withServer(async (server) => {
    const { database } = server;
    await noteList(server);
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

type OpenOptions = { identity: string; signedBy?: string; out?: string; group: string; language: string };

async function open(options: OpenOptions, file = ''): Promise<Result> {
  const { identity, out, group, language, signedBy } = options;
  const trusted = await trustedKeys(signedBy ?? (await readSetting('SIGNING_KEY_FILE')));
  const opened = await openBundle(file, identity, { group, trusted, ...(out === undefined ? {} : { out }) });
  const { flows, texts } = await projectFlows();
  return {
    text: printCase(opened, flows, texts, language),
    json: opened,
    // What is shown may be anybody's, or tampered with: a script must not go on as if nothing were.
    exitCode: isProved(opened) ? 0 : 1,
  };
}

/** A fingerprint as people write it down, or a file. */
async function trustedKeys(signedBy: string | undefined): Promise<Trusted | undefined> {
  if (signedBy === undefined) return undefined;
  const digits = withoutGaps(signedBy);
  if (/^[0-9a-f]{32}$/.test(digits)) return (key) => key.fingerprint.replaceAll(' ', '') === digits;
  const content = await readFile(signedBy, 'utf8');
  try {
    const keys = parseSigningKeys(content);
    return (key) => keys.some(({ keyId, publicKey }) => key.keyId === keyId && key.publicKey === publicKey);
  } catch {
    throw new LakanaError(
      'bad_signing_key',
      `--signed-by holds no public half of a server key: give server.key.pub (${TOOL} keys server-public), or the fingerprint`,
    );
  }
}
