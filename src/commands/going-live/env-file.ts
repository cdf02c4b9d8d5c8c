/**
 * What was answered, kept in `.env` as soon as it is: settings, and remarks of what was left out.
 *
 * Invariants: nothing that stands there is lost or changed; it is whole at any moment; from its first moment nobody but the
 * service's user may read it.
 */
import { randomUUID } from 'node:crypto';
import { chown, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvFile } from '../../config-file.ts';
import { LakanaError } from '../../kernel/errors.ts';

export type Answers = {
  /** Settings of the file. */
  values: Readonly<Record<string, string>>;
  /** Names that were left out on purpose. */
  leftOut: ReadonlySet<string>;
};

/** Whose the file is to be; undefined: the user who writes it. */
export type Owner = { uid: number; gid: number } | undefined;

const LEFT_OUT = '# go-live: left out ';

/** What was answered until now. Throws if the file cannot be read as the service reads it. */
export async function readAnswers(folder: string): Promise<Answers> {
  const { values, problems } = await readEnvFile(folder);
  const [wrong] = problems;
  if (wrong) throw new LakanaError('settings', `${wrong.setting} ${wrong.problem}: ${wrong.mend}`);
  const lines = (await contentOf(folder)).split(/\r?\n/);
  const given = Object.entries(values).filter(([, value]) => value !== '');
  return {
    values: Object.fromEntries(given),
    leftOut: new Set(
      lines.flatMap((line) => (line.startsWith(LEFT_OUT) ? [line.slice(LEFT_OUT.length)] : [])),
    ),
  };
}

/** Adds settings, and takes the remark of a name back that is given now; given as empty, it is only to be asked for again. */
export async function keep(folder: string, given: Record<string, string>, owner: Owner): Promise<void> {
  const names = Object.keys(given);
  const isGone = (line: string) =>
    names.some((name) => line === `${LEFT_OUT}${name}` || line.replaceAll(' ', '') === `${name}=`);
  const lines = (await contentOf(folder)).split(/\r?\n/).filter((line) => !isGone(line));
  while (lines.at(-1) === '') lines.pop();
  const set = names.filter((name) => given[name] !== '');
  lines.push(...set.map((name) => `${name}=${quoted(given[name] ?? '')}`));
  await write(folder, lines, owner);
}

/** Remarks that this one was left out, so that it is not asked for again. */
export async function keepLeftOut(folder: string, name: string, owner: Owner): Promise<void> {
  const lines = (await contentOf(folder)).split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  await write(folder, [...lines, `${LEFT_OUT}${name}`], owner);
}

const contentOf = (folder: string): Promise<string> =>
  readFile(join(folder, '.env'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });

/** As `readEnvFile` reads it back. */
function quoted(value: string): string {
  if (/^[^\s"'`#“”„«‘’]+$/.test(value)) return value;
  const quote = ["'", '`', '"'].find((each) => !value.includes(each));
  if (quote === undefined || value.includes('\n'))
    throw new LakanaError(
      'unwritable',
      'this cannot be written into .env: it has every kind of quotes in it',
    );
  return `${quote}${value}${quote}`;
}

async function write(folder: string, lines: readonly string[], owner: Owner): Promise<void> {
  const path = join(folder, '.env');
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${lines.filter((line, n) => n > 0 || line !== '').join('\n')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    if (owner) await chown(draft, owner.uid, owner.gid);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
