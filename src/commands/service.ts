/**
 * `start`, and the unit by which systemd starts the service.
 *
 * Invariant: only the given file is written, and never over one that another hand wrote.
 */
import { readFile, realpath, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readSetting } from '../config.ts';
import { LakanaError } from '../kernel/errors.ts';
import { PROJECT } from '../kernel/project.ts';
import { TOOL } from '../kernel/tool.ts';
import { addCommand, type Result } from './command.ts';
import { type UnitParts, unitOf, WRITTEN_BY, wrongPlace } from './unit.ts';

const UNIT = '/etc/systemd/system/lakana.service';

/** `start`, `service install`. */
export function addServiceCommands(program: Command): void {
  // The tool itself starts it, with what Node is to be told; this says so to one who comes another way.
  addCommand(program, 'start', 'start the service, in this terminal; npm start does the same', () => {
    throw new LakanaError('start_by_the_tool', `say ${TOOL} start, and nothing behind it`);
  });
  const service = program.command('service').description('the service under systemd');
  addCommand(service, 'install', 'write the systemd unit: own user, read-only system, watchdog', install)
    .option('--print', 'show it, and write nothing')
    .option('--user <user>', 'whose it runs as', 'lakana')
    .option('--folder <folder>', 'where Lakana lies; default this folder')
    .option('--out <file>', 'where to write it', UNIT);
}

type Options = { print?: true; user: string; folder?: string; out: string };

async function install({ print, user, folder, out }: Options): Promise<Result> {
  const parts = await unitParts(user, folder);
  const wrong = wrongPlace(parts);
  const unit = unitOf(parts);
  if (print) return { text: wrong ? `# ✗ ${wrong}\n${unit}` : unit, json: { unit, wrong: wrong ?? null } };
  if (wrong) throw new LakanaError('wrong_place', wrong);
  const file = resolve(out);
  const there = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    // Reading a folder, Node does not say which.
    throw Object.assign(error, { path: file });
  });
  if (there !== undefined && !there.startsWith(WRITTEN_BY))
    throw new LakanaError(
      'not_ours',
      `${file} was written by somebody else: move it away, then say this again`,
    );
  await writeFile(file, unit, { mode: 0o644 });
  const lines = [
    `✓ ${there === undefined ? 'Written' : there === unit ? 'Unchanged' : 'Written anew'}: ${file}`,
    `  systemctl daemon-reload && systemctl enable --now lakana     # starts it, now and after a power cut`,
    '  journalctl -u lakana -f                                      # what it says',
  ];
  return { text: lines.join('\n'), json: { file, isNew: there === undefined, unit } };
}

async function unitParts(user: string, place?: string): Promise<UnitParts> {
  if (!/^[a-z_][a-z0-9_-]{0,30}$/.test(user))
    throw new LakanaError('no_user', 'give the name of a user of this machine, like lakana');
  if (user === 'root')
    throw new LakanaError('no_root', 'give an ordinary user: root could change the program');
  const folder = resolve(place ?? (await realpath(PROJECT)));
  const dataDir = resolve(folder, (await readSetting('DATA_DIR')) ?? './data');
  const backups = await readSetting('BACKUP_TARGET');
  const isFolder = backups !== undefined && !/^[a-z0-9]+:/i.test(backups);
  return { folder, user, dataDir, writable: isFolder ? [resolve(folder, backups)] : [] };
}
