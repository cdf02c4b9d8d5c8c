/**
 * What comes before anything else is done with a database: it is of this mode and of this server key, and what is in it from
 * before keys were signed is signed, once.
 *
 * Invariant: that it was done is noted in the audit log and, since an intruder who can write to the database can empty
 * that, in a file of `DATA_DIR` under the server key. The file only ever forbids. It names no database: an identity
 * that stands in the database could be changed together with the rest, and a new one has nothing to sign.
 */

import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Earlier } from '../app/ground/earlier-rows.ts';
import { transact } from '../app/ground/transaction.ts';
import { markOwnKey, requireOwnKey } from '../app/keys/own-key.ts';
import { vouchForEarlierMembers } from '../app/members/vouched-rows.ts';
import { bindEarlierCases } from '../app/records/bound-case.ts';
import { keyNote } from '../config-keys.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { printSigningKeys } from '../crypto/signing-keys.ts';
import { hasEverAudited } from '../db/audit.ts';
import type { DatabaseClock } from '../db/clock.ts';
import type { Db } from '../db/database.ts';
import { claimMode } from '../db/service-state.ts';
import { type Log, reduceError } from '../kernel/log.ts';
import type { Mode } from '../kernel/vocabulary.ts';
import { whatTurnsOn } from '../messengers/list.ts';

/** In `DATA_DIR`. */
const NOTE = 'signed-once';
const KINDS: readonly Earlier[] = ['cases', 'members'];

type Start = {
  db: Db;
  clock: DatabaseClock;
  keyring: Keyring;
  log: Log;
  mode: Mode;
  dataDir: string;
};

/** Throws `mode_differs` or `wrong_server_key` before anything is signed. */
export async function beginWith({ db, clock, keyring, log, mode, dataDir }: Start): Promise<void> {
  await claimMode(db, mode, await clock.now(db), whatTurnsOn());
  await requireOwnKey(db, keyring);
  await markOwnKey(db, keyring);
  const noted = await readNote(dataDir);
  const wasSigned = (what: Earlier) =>
    keyring.indexes(NOTE, what).some((each) => noted.has(Buffer.from(each).toString('hex')));
  const ctx = { db, clock, keyring, log, wasSigned };
  await transact(ctx, bindEarlierCases);
  await transact(ctx, vouchForEarlierMembers);
  for (const what of KINDS) {
    if (wasSigned(what) || !(await transact(ctx, ({ tx }) => hasEverAudited(tx, `${what}_bound`)))) continue;
    const line = `${Buffer.from(keyring.index(NOTE, what)).toString('hex')}\n`;
    await keep(dataDir, line).catch((error) => log.warn('signed_once_not_noted', reduceError(error)));
  }
  // For an operator who has lost the key file: settings are read before there is a database to ask.
  if (mode === 'live') await noteKey(dataDir, keyring).catch(() => undefined);
}

async function noteKey(dataDir: string, { signer }: Keyring): Promise<void> {
  const path = keyNote(dataDir);
  const note = printSigningKeys(signer.publicKeys);
  if ((await readFile(path, 'utf8').catch(() => '')) === note) return;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(path, note, { mode: 0o644 });
}

async function readNote(dataDir: string): Promise<ReadonlySet<string>> {
  try {
    return new Set((await readFile(join(dataDir, NOTE), 'utf8')).split('\n'));
  } catch (error) {
    // A note that is there and cannot be read is no reason to sign once more: it stops the start.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return new Set();
    throw error;
  }
}

async function keep(dataDir: string, line: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await appendFile(join(dataDir, NOTE), line, { mode: 0o600, flush: true });
}
