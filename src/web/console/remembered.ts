/**
 * What this browser remembers from one time to the next: with which keys the server signs, how far it saw each case, and
 * which subscription to pushes is its own.
 *
 * Invariants: nothing readable of a case stands here: no reference, no id, no word, only hashes; it is bounded, and
 * what was not looked at for longest goes first; an intruder who can write to the database cannot write here. A browser
 * that keeps nothing, or was emptied, is as one that comes for the first time.
 */
import { hexOf } from '../../crypto/bytes.ts';
import type { Seen } from '../../crypto/case-check.ts';
import { hashOfParts } from '../../crypto/hash-of-parts.ts';
import type { SigningPublicKey } from '../../crypto/verifier.ts';

export type Memory = {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
};

const KEYS = 'lakana.server-keys';
const CASES = 'lakana.cases-seen';
/** Cases: about 180 bytes each. */
const MOST = 2_000;

/** A browser may allow nothing to be kept: then it is remembered as long as the page lives. */
export function browserMemory(): Memory {
  try {
    return (globalThis as { localStorage?: Memory }).localStorage ?? pageMemory;
  } catch {
    return pageMemory;
  }
}
const inPage = new Map<string, string>();
const pageMemory: Memory = {
  getItem: (name) => inPage.get(name) ?? null,
  setItem: (name, value) => void inPage.set(name, value),
};

const PUSH = 'lakana.push';

/** Hash of the endpoint that this browser told the service last; null: none. */
export const rememberedPush = (memory: Memory): string | null => memory.getItem(PUSH) || null;

export const rememberPush = (memory: Memory, endpoint: string | null): void =>
  memory.setItem(PUSH, endpoint ?? '');

export function rememberedKeys(memory: Memory): SigningPublicKey[] {
  const found = read(memory, KEYS);
  return Array.isArray(found) ? found.filter(isKey) : [];
}

export function rememberKeys(memory: Memory, keys: readonly SigningPublicKey[]): void {
  write(
    memory,
    KEYS,
    keys.map(({ keyId, publicKey }) => ({ keyId, publicKey })),
  );
}

const isKey = (value: unknown): value is SigningPublicKey => {
  const { keyId, publicKey } = (value ?? {}) as Record<string, unknown>;
  return typeof keyId === 'string' && typeof publicKey === 'string';
};

/** How far cases were seen. Read anew each time: another tab may have seen more. */
export function seenOf(memory: Memory, caseId: string): Seen | undefined {
  return readCases(memory)[keyOf(caseId)];
}

/** Notes how far some cases were seen now, each looked at as whole. */
export function rememberSeen(memory: Memory, cases: ReadonlyMap<string, Seen>): void {
  const known = readCases(memory);
  let isOther = false;
  for (const [caseId, seen] of cases) {
    const key = keyOf(caseId);
    const before = known[key];
    // A look that began earlier and ended later knows less.
    if (before?.first === seen.first && before.length >= seen.length) continue;
    delete known[key];
    known[key] = seen;
    isOther = true;
  }
  if (isOther) write(memory, CASES, Object.fromEntries(Object.entries(known).slice(-MOST)));
}

/** Ids of cases are random; their hashes say nothing to a reader without the database. */
const keyOf = (caseId: string): string =>
  `c${hexOf(hashOfParts(['lakana/case-seen/v1', caseId])).slice(0, 31)}`;

function readCases(memory: Memory): Record<string, Seen> {
  const found = read(memory, CASES);
  return typeof found === 'object' && found !== null ? { ...(found as Record<string, Seen>) } : {};
}

function read(memory: Memory, name: string): unknown {
  try {
    return JSON.parse(memory.getItem(name) ?? 'null');
  } catch {
    return undefined;
  }
}

function write(memory: Memory, name: string, value: unknown): void {
  try {
    memory.setItem(name, JSON.stringify(value));
  } catch {
    // Full, or not allowed: the next look is as the first one.
  }
}
