import { execFile } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgram } from '../../src/commands/program.ts';
import { PROJECT } from '../../src/kernel/project.ts';

const TOOL = join(PROJECT, 'lakana');
/** What other people's programs leave behind when they are run. */
const TRACE = 'a-stranger-was-here';

let elsewhere = '';
let strangers = '';

beforeAll(() => {
  elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'lakana-elsewhere-')));
  strangers = join(elsewhere, 'bin');
  mkdirSync(strangers);
  for (const name of ['lakana', 'npm', 'node', 'nodejs']) program(join(strangers, name), `> ${TRACE}`);
});

afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

function program(path: string, does: string): void {
  writeFileSync(path, `#!/bin/sh\n${does}\n`);
  chmodSync(path, 0o755);
}

type Said = { code: number; out: string; err: string };

/** What the operator reads who types `path` in `folder`, where others' programs come first. */
function types(folder: string, path: string, args: string[] = [], more: Record<string, string> = {}) {
  return new Promise<Said>((said) => {
    const env = { PATH: `${strangers}:/usr/bin:/bin`, ...more };
    const child = execFile(path, args, { cwd: folder, env }, (_, out, err) =>
      said({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

describe('the operator’s tool', () => {
  test('runs this folder’s own program, whatever programs of others are there', async () => {
    const { code, out } = await types(PROJECT, './lakana', ['officer', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('Usage: ./lakana officer');
    expect(existsSync(join(PROJECT, TRACE))).toBe(false);
  });

  test('says from elsewhere where it runs, and runs nothing', async () => {
    symlinkSync(TOOL, join(elsewhere, 'link'));
    for (const path of [TOOL, './link', relative(elsewhere, TOOL)]) {
      const { code, out, err } = await types(elsewhere, path, ['officer', '--help']);
      expect([code, out]).toEqual([2, '']);
      expect(err).toBe(
        `✗ Lakana's commands run in its own folder only: cd ${realpathSync(PROJECT)}, then ./lakana\n`,
      );
    }
    expect(existsSync(join(elsewhere, TRACE))).toBe(false);
  });

  test('says so too where its program is run without it', async () => {
    const said = await types(elsewhere, process.execPath, [join(PROJECT, 'src/cli.ts'), 'officer', '--help']);
    expect(said).toEqual({
      code: 2,
      out: '',
      err: `✗ Lakana's commands run in its own folder only: cd ${realpathSync(PROJECT)}, then ./lakana\n`,
    });
  });

  test('typed the old way in its folder, names the way that never asks a registry', async () => {
    const { code, err } = await types(PROJECT, './lakana', ['doctor'], { npm_command: 'exec' });
    expect(code).toBe(2);
    expect(err).toMatch(/^✗ say \.\/lakana: .*\n$/);
    // Without this entry npm would look for the name in its registry even here.
    const { name, bin } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
    expect(bin).toEqual({ [name]: 'lakana' });
  });

  test('that was not installed, or without its Node, says what to type', async () => {
    const folder = join(elsewhere, 'unpacked');
    mkdirSync(folder);
    copyFileSync(TOOL, join(folder, 'lakana'));
    expect(await types(folder, './lakana')).toMatchObject({
      code: 2,
      err: `✗ Lakana is not installed here yet: npm ci, in ${folder}\n`,
    });
    mkdirSync(join(folder, 'node_modules'));
    program(join(strangers, 'node'), 'exit 1'); // an older Node of the machine's
    expect(await types(folder, './lakana')).toMatchObject({
      code: 2,
      err: `✗ Node 24 is missing in ${folder}/node_modules: npm ci (macOS: install Node 24 from nodejs.org first)\n`,
    });
  });
});

describe('no sentence of ours', () => {
  const files = ourFiles(PROJECT).map((path) => ({
    name: relative(PROJECT, path),
    text: readFileSync(path, 'latin1'),
  }));
  const found = (pattern: RegExp) =>
    files.flatMap(({ name, text }) =>
      [...text.matchAll(pattern)].map(([words]) => `${name}: ${words.trim()}`),
    );

  test('tells anybody to run a program by a name that a registry could answer', () => {
    expect(files.length).toBeGreaterThan(500);
    // Written so that it does not find itself.
    expect(found(/\b(n[p]x|npm (e[x]ec|[x])|bun[x]|(pnpm|yarn) d[l]x)\b.*/g)).toEqual([]);
  });

  test('names a command without the path of the tool', () => {
    const commands = createProgram().commands.map((command) => command.name());
    expect(found(new RegExp(`(?<![\\w/.@-])lakana (${commands.join('|')})\\b.*`, 'g'))).toEqual([]);
  });
});

describe('each sentence of ours that names a command', () => {
  test('names one that there is, with options that it has', () => {
    const named = ourFiles(PROJECT).flatMap((path) => {
      const text = readFileSync(path, 'utf8').replaceAll(/\$\{TOOL\}/g, './lakana');
      return [...text.matchAll(/\.\/lakana((?: (?:"[^"\n]*"|[^\s`'"|;,:()”\\]+))+)/g)].map(
        ([, words = '']) => ({
          path: relative(PROJECT, path),
          words: words.trim(),
        }),
      );
    });
    expect(named.length).toBeGreaterThan(100);
    expect(named.flatMap(({ path, words }) => notThere(words).map((what) => `${path}: ${what}`))).toEqual([]);
  });
});

/** What may stand behind the tool, or a group of commands, and is none: nothing more, or words about it. */
const NONE = new Set(['', '--help', 'from', 'outside', '<kind>']);

/** What of these words, behind the name of the tool, it does not know: a command of a group, or an option. */
function notThere(words: string): string[] {
  const rest = words.split(' ').map((word) => word.replace(/[.…]+$/, ''));
  let command: Command = createProgram();
  for (let next = rest[0]; command.commands.length > 0; next = rest[0]) {
    const found = command.commands.find((each) => each.name() === next);
    // A group that is a command itself has options too.
    if (!found && next?.startsWith('--') && !NONE.has(next)) break;
    if (!found) return next === undefined || NONE.has(next) ? [] : [words];
    command = found;
    rest.shift();
  }
  const known = new Set(command.options.map(({ long }) => long));
  return rest.filter((word) => word.startsWith('--') && !known.has(word)).map((word) => `${words}: ${word}`);
}

/** Every file that we write ourselves: not what is ignored, and not npm's list of others' packages. */
function ourFiles(folder: string): string[] {
  const ignored = new Set(['.git', 'package-lock.json', 'node_modules', 'data', 'dist', '.env', 'coverage']);
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (ignored.has(entry.name) || entry.name.endsWith('.log')) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? ourFiles(path) : entry.isFile() ? [path] : [];
  });
}
