/**
 * The file `.env`, and names of settings that are nearly right.
 *
 * Invariant: nothing in the file is passed over in silence. A file that is there and cannot be read, a line that is no
 * setting, a name that nobody knows: each is refused, since without it a live service would start as a trial.
 */
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Problem, problem } from './config-keys.ts';

type EnvFile = { values: Readonly<Record<string, string>>; problems: Problem[] };

const NAME = '.env';
const PLAIN = 'write one setting a line, like PORT=8080';
const UNREADABLE: Readonly<Record<string, readonly [string, string]>> = {
  EACCES: ['may not be read by this user', 'give it to the user who runs the service: chown, then chmod 600'],
  EPERM: ['may not be read by this user', 'give it to the user who runs the service: chown, then chmod 600'],
  EISDIR: ['is a folder', 'make it a file of settings, or take it away'],
  ENOENT: ['leads to a file that is not there', 'put that file back, or take the link away'],
  ELOOP: ['leads to itself', 'make it a file of settings, or take it away'],
};

/** What stands in `.env` of this folder; empty if there is none. */
export async function readEnvFile(folder: string): Promise<EnvFile> {
  const path = join(folder, NAME);
  try {
    return readLines(await readFile(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const isAbsent = code === 'ENOENT' && (await lstat(path).catch(() => undefined)) === undefined;
    if (isAbsent) return { values: {}, problems: [] };
    const [what, mend] = UNREADABLE[code] ?? [`cannot be read (${code})`, 'see the disk that it lies on'];
    return { values: {}, problems: [problem(NAME, what, mend)] };
  }
}

function readLines(bytes: Uint8Array): EnvFile {
  const refuse = (what: string, mend: string) => ({ values: {}, problems: [problem(NAME, what, mend)] });
  const text = decoded(bytes);
  if (text === undefined) return refuse('is not plain text', 'save it as UTF-8');
  const lines = text.split(/\r?\n/);
  const values = new Map<string, string>();
  for (let n = 0; n < lines.length; ) {
    const read = readSetting(lines, n);
    if ('wrong' in read) return refuse(`cannot be read in line ${n + 1}: ${read.wrong}`, read.mend);
    const [name, value] = read.set ?? [];
    if (name !== undefined && values.has(name))
      return refuse(`cannot be read in line ${n + 1}: ${name} stands twice`, 'take one of them out');
    if (name !== undefined) values.set(name, value ?? '');
    n += read.lines;
  }
  return { values: Object.fromEntries(values), problems: [] };
}

/** `lines`: how many it takes; `set`: absent for a remark. */
type Line = { lines: number; set?: readonly [name: string, value: string] } | { wrong: string; mend: string };

function readSetting(lines: readonly string[], n: number): Line {
  const line = (lines[n] ?? '').trim();
  if (line === '' || line.startsWith('#')) return { lines: 1 };
  const at = line.indexOf('=');
  const name = line
    .slice(0, Math.max(at, 0))
    .replace(/^export\s/, '')
    .trim();
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return { wrong: 'it is no setting', mend: PLAIN };
  const given = line.slice(at + 1).trim();
  if (/^["'`]/.test(given)) return readQuoted(name, given, lines.slice(n + 1));
  if (/^[“”„«‘’]/.test(given))
    return { wrong: 'these quotes are no plain ones', mend: 'write " instead, or none' };
  if (/\S#/.test(given))
    return {
      wrong: 'a # would cut the value short',
      mend: 'put the value in quotes, or a space before a remark',
    };
  const value = given.startsWith('#') ? '' : (given.split(/\s#/)[0] ?? '').trim();
  return { lines: 1, set: [name, value] };
}

/** A value in quotes may go over several lines: the server key's content does. */
function readQuoted(name: string, given: string, more: readonly string[]): Line {
  const quote = given.slice(0, 1);
  let whole = given.slice(1);
  let lines = 1;
  for (const next of more) {
    if (whole.includes(quote)) break;
    whole += `\n${next}`;
    lines += 1;
  }
  const end = whole.indexOf(quote);
  if (end < 0) return { wrong: `the quote of ${name} does not end`, mend: `end the value with ${quote}` };
  const after = whole.slice(end + 1).trim();
  if (after !== '' && !after.startsWith('#'))
    return { wrong: 'something stands behind the quotes', mend: 'put all of the value in quotes' };
  const inside = whole.slice(0, end);
  return { lines, set: [name, quote === '"' ? inside.replaceAll('\\n', '\n') : inside] };
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // Some editors write UTF-16, which looks like UTF-8 with a NUL beside each letter.
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
