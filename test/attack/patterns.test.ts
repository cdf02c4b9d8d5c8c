/**
 * Every regular expression of the program is proved to take linear work, whatever it is given: one that does not freezes
 * the loop that sends pages, for as long as a stranger likes (`s`, then `ossss` twenty times, then ` x`).
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import recheck from 'recheck/lib/browser.js';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

const SRC = join(import.meta.dirname, '../../src');

type Found = { pattern: string; flags: string; file: string };

describe('a stranger’s phone', () => {
  it('cannot hold the loop with a text that a pattern reads again and again', {
    timeout: 240_000,
  }, async () => {
    const { patterns } = await inSource();
    expect(patterns.size).toBeGreaterThan(100);
    const broken = [...patterns.values()].filter((found) => !isLinear(found));
    expect(broken).toEqual([]);
  });

  it('cannot hold the loop by a pattern that is made while the program runs: there is none', async () => {
    expect((await inSource()).made).toEqual([]);
  });

  it('would be noticed: the patterns that froze the service, and others like them, are refused', {
    timeout: 120_000,
  }, () => {
    for (const pattern of ['^(s+ ?o+ ?s+ ?)+$', '^\\s+|\\s+$', '(\\w+)*$', '\\$t\\((.*?)\\)', '^(a|a)*$'])
      expect({ pattern, isLinear: isLinear({ pattern, flags: '' }) }).toEqual({ pattern, isLinear: false });
  });
});

/** Every pattern written in the source, once, and the files that make one of a text. */
const inSource = once(async () => {
  const patterns = new Map<string, Found>();
  const made: string[] = [];
  for (const file of (await readdir(SRC, { recursive: true })).filter((name) => /\.tsx?$/.test(name))) {
    const { program, errors } = parseSync(file, await readFile(join(SRC, file), 'utf8'));
    expect(errors).toEqual([]);
    walk(program, ({ regex, callee }) => {
      if (regex) patterns.set(`${regex.pattern}/${regex.flags}`, { ...regex, file });
      if (callee?.name === 'RegExp') made.push(file);
    });
  }
  return { patterns, made };
});

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

type Node = { regex?: Omit<Found, 'file'>; callee?: { name?: string } };

function walk(node: object, visit: (node: Node) => void): void {
  visit(node);
  for (const inside of Object.values(node)) if (typeof inside === 'object' && inside) walk(inside, visit);
}

/** Proved by automata, never by trying texts. What repeats nothing without end needs no proof. */
function isLinear({ pattern, flags }: Omit<Found, 'file'>): boolean {
  const wide = widened(pattern);
  if (!/[*+]|,\}/.test(wide)) return true;
  const { status, checker } = recheck.checkSync(wide, flags, { checker: 'automaton', timeout: 60_000 });
  return status === 'safe' && checker === 'automaton';
}

/**
 * `{16,256}` and `{43}` as `*`: a pattern that may repeat without bound has more ways to go, and the proof is a hundred
 * times shorter.
 */
const widened = (pattern: string): string => pattern.replace(/\{(?:\d+,)?\d{2,}\}/g, '*');
