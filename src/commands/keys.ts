/**
 * Making keys. None of these commands needs the service's other settings.
 *
 * Invariants: no file is overwritten; secrets are readable by their owner only, from the moment the file exists;
 * nothing secret is printed.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { readSetting } from '../config.ts';
import { keyNote } from '../config-keys.ts';
import { createTeamKey } from '../crypto/case-key.ts';
import { fingerprint } from '../crypto/fingerprint.ts';
import { addKey, generateKeyringFile, parseKeyring } from '../crypto/keyring.ts';
import { printSigningKeys } from '../crypto/signing-keys.ts';
import { hasEmbedded } from '../db/embedded.ts';
import { LakanaError } from '../kernel/errors.ts';
import { TOOL } from '../kernel/tool.ts';
import { addCommand, type Result } from './command.ts';

/** `keys init-server | rotate-server | server-public | init-team | init-backup`. */
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
    'server-public',
    'write the public half of the server key, for SIGNING_KEY_FILE and for whoever opens cases',
    serverPublic,
  )
    .option('--file <file>', 'the server key; default SERVER_KEY_FILE')
    .option('--out <file>', 'where to put it, over what is there; default beside the key, with .pub');
  addCommand(
    keys,
    'init-team',
    "make the team's key, on a machine that is not the server",
    initTeam,
  ).requiredOption('--out <file>', 'the secret half goes here, the public half beside it with .pub');
  addCommand(
    keys,
    'init-backup',
    'make the key of the backups, on a machine that is not the server',
    initBackup,
  ).requiredOption('--out <file>', 'the secret half goes here, the public half beside it with .pub');
}

async function initServer({ out }: { out?: string }): Promise<Result> {
  const file = await keyFile(out, '--out');
  const dataDir = resolve((await readSetting('DATA_DIR')) ?? './data');
  const hasDatabase = (await hasEmbedded(dataDir)) || existsSync(keyNote(dataDir));
  const { keyId, print, publicFile } = await makeServerKey(file, dataDir);
  const lines = [
    `✓ The server's key (${keyId}) is in ${file}. Set SERVER_KEY_FILE to it.`,
    '  Keep a copy away from this machine: without it, after a loss, nobody who wrote can be answered.',
    `  Its public half is in ${publicFile}: set SIGNING_KEY_FILE to it, give a copy to whoever opens cases, and note its fingerprint:`,
    `  ${print}`,
    ...(hasDatabase
      ? [
          `! There is a database already (${dataDir}). One that a live service used is opened by its own key only, and this`,
          `  one does not replace it: ${TOOL} doctor names the key that it wants. Only a new database begins with this one.`,
        ]
      : []),
  ];
  return { text: lines.join('\n'), json: { file, keyId, publicFile, fingerprint: print, hasDatabase } };
}

/** A new key at `file`, its public half beside it. Throws if it would lie with the data, or something is there. */
export async function makeServerKey(
  file: string,
  dataDir: string,
): Promise<{ keyId: string; print: string; publicFile: string }> {
  if (!relative(dataDir, file).startsWith('..'))
    throw new LakanaError(
      'key_in_data_dir',
      'this lies in DATA_DIR: choose another place, so that whoever copies the data does not get the key',
    );
  const content = generateKeyringFile();
  await writeNew(file, content);
  const publicFile = `${file}.pub`;
  return { publicFile, ...(await writePublic(content, publicFile)) };
}

async function serverPublic({ file: given, out }: { file?: string; out?: string }): Promise<Result> {
  const file = await keyFile(given, '--file');
  const publicFile = out === undefined ? `${file}.pub` : resolve(out);
  const { keyId, print } = await writePublic(await readFile(file, 'utf8'), publicFile);
  const lines = [
    `✓ The public half of the server's key (${keyId}) is in ${publicFile}. Fingerprint:`,
    `  ${print}`,
  ];
  return { text: lines.join('\n'), json: { file: publicFile, keyId, fingerprint: print } };
}

/** Nothing in it is secret, and it can be made anew: it is written over. */
async function writePublic(content: string, file: string): Promise<{ keyId: string; print: string }> {
  const { signingKeys, currentKeyId: keyId } = parseKeyring(content);
  await replaceFile(file, printSigningKeys(signingKeys), 0o644);
  return { keyId, print: signingKeys[0]?.fingerprint ?? '' };
}

async function rotate({ file: given }: { file?: string }): Promise<Result> {
  const file = await keyFile(given, '--file');
  const rotated = addKey(await readFile(file, 'utf8'));
  await replaceFile(file, rotated, 0o600);
  const { keyId, print } = await writePublic(rotated, `${file}.pub`);
  const lines = [
    `✓ ${file} has a new key (${keyId}); what the older ones sealed still opens.`,
    '  Renew the copy kept elsewhere, then restart the service.',
    `  ${file}.pub has the new public half, signed by the old one; its fingerprint:`,
    `  ${print}`,
  ];
  return { text: lines.join('\n'), json: { file, keyId, fingerprint: print } };
}

/** Beside it and then renamed: a power cut leaves the old file or the new one, never half of one. */
async function replaceFile(file: string, content: string, mode: number): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeNew(draft, content, mode);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function initTeam({ out }: { out: string }): Promise<Result> {
  const secretFile = resolve(out);
  const publicFile = `${secretFile}.pub`;
  const { secret, recipient } = await createTeamKey();
  const print = fingerprint(recipient);
  const remark = `Fingerprint: ${print}`;
  await writeNew(secretFile, `# Lakana team key, SECRET half: opens every case.\n# ${remark}\n${secret}\n`);
  await writeNew(publicFile, `# Lakana team key, public half.\n# ${remark}\n${recipient}\n`, 0o644);
  const lines = [
    recipient,
    '',
    remark,
    `The secret half is in ${secretFile}: it opens every case. Keep it away from the server, and a copy in a safe.`,
    `Bring ${publicFile} to the server, set TEAM_RECIPIENT_FILE to it, and compare the fingerprint with doctor's.`,
  ];
  return { text: lines.join('\n'), json: { secretFile, publicFile, recipient, fingerprint: print } };
}

async function initBackup({ out }: { out: string }): Promise<Result> {
  const secretFile = resolve(out);
  const publicFile = `${secretFile}.pub`;
  const { secret, recipient } = await createTeamKey();
  const print = fingerprint(recipient);
  const remark = `Fingerprint: ${print}`;
  await writeNew(
    secretFile,
    `# Key of Lakana's backups, SECRET half: opens every backup.\n# ${remark}\n${secret}\n`,
  );
  await writeNew(publicFile, `# Key of Lakana's backups, public half.\n# ${remark}\n${recipient}\n`, 0o644);
  const lines = [
    remark,
    `The secret half is in ${secretFile}: without it no backup can be put back. Keep it away from the server, on two sticks in`,
    'two places; print it too.',
    `Bring ${publicFile} to the server, and set BACKUP_RECIPIENT_FILE to it.`,
    'To put a backup back you need this key and the server key (SERVER_KEY_FILE): keep a copy of that one away from the server too.',
  ];
  return { text: lines.join('\n'), json: { secretFile, publicFile, recipient, fingerprint: print } };
}

async function keyFile(given: string | undefined, option: string): Promise<string> {
  const file = given ?? (await readSetting('SERVER_KEY_FILE'));
  if (file) return resolve(file);
  throw new LakanaError('no_file', `say which file: ${option} FILE, or set SERVER_KEY_FILE`);
}

/** Never over a key that is there: what it sealed would be lost. */
async function writeNew(path: string, content: string, mode = 0o600): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.chmod(mode);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
