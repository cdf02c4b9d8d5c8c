import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { createTeamKey, fingerprint } from '../crypto/case-key.ts';
import { addKey, generateKeyringFile, parseKeyring } from '../crypto/keyring.ts';
import { LakanaError } from '../kernel/errors.ts';
import { addCommand, type Result } from './command.ts';

/** `keys init-server | rotate-server | init-team`. None needs the service's other settings. */
export function addKeysCommands(program: Command): void {
  const keys = program.command('keys').description("the server's and the team's keys");
  addCommand(keys, 'init-server', 'make the file at SERVER_KEY_FILE', initServer).option(
    '--out <file>',
    'where to put it; default SERVER_KEY_FILE',
  );
  addCommand(
    keys,
    'rotate-server',
    'a new key into that file; what the old ones sealed still opens',
    rotate,
  ).option('--file <file>', 'default SERVER_KEY_FILE');
  addCommand(
    keys,
    'init-team',
    "make the team's key, on a machine that is not the server",
    initTeam,
  ).requiredOption('--out <file>', 'the secret half goes here, the public half beside it with .pub');
}

async function initServer({ out }: { out?: string }): Promise<Result> {
  const file = keyFile(out, '--out');
  await writeNew(file, generateKeyringFile());
  const lines = [
    `The server's key is in ${file}. Set SERVER_KEY_FILE to it.`,
    'Keep a copy away from this machine: without it, after a loss, nobody who wrote can be answered.',
  ];
  return { text: lines.join('\n'), json: { file } };
}

async function rotate({ file: given }: { file?: string }): Promise<Result> {
  const file = keyFile(given, '--file');
  const rotated = addKey(await readFile(file, 'utf8'));
  // Beside it and then renamed: a power cut leaves the old file or the new one, never half of one.
  await writeFile(`${file}.new`, rotated, { mode: 0o600 });
  await rename(`${file}.new`, file);
  const { currentKeyId } = parseKeyring(rotated);
  const text = `${file} has a new key (${currentKeyId}). Restart the service, and renew the copy kept elsewhere.`;
  return { text, json: { file, keyId: currentKeyId } };
}

async function initTeam({ out }: { out: string }): Promise<Result> {
  const { secret, recipient } = await createTeamKey();
  await writeNew(out, `${secret}\n`);
  await writeFile(`${out}.pub`, `${recipient}\n`, { flag: 'wx' });
  const lines = [
    recipient,
    '',
    `Fingerprint: ${fingerprint(recipient)}`,
    `The secret half is in ${out}: it opens every case. Keep it away from the server, and a copy in a safe.`,
    `Bring ${out}.pub to the server, set TEAM_RECIPIENT_FILE to it, and compare the fingerprint with doctor's.`,
  ];
  const json = { secretFile: out, publicFile: `${out}.pub`, recipient, fingerprint: fingerprint(recipient) };
  return { text: lines.join('\n'), json };
}

function keyFile(given: string | undefined, option: string): string {
  const file = given ?? process.env.SERVER_KEY_FILE;
  if (file) return file;
  throw new LakanaError('no_file', `say which file: ${option} FILE, or set SERVER_KEY_FILE`);
}

/** Never over a key that is there: what it sealed would be lost. */
async function writeNew(file: string, content: string): Promise<void> {
  await writeFile(file, content, { mode: 0o600, flag: 'wx' });
  await chmod(file, 0o600);
}
