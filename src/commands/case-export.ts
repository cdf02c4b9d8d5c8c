import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseReference } from '../cases/reference.ts';
import type { SigningPublicKey } from '../crypto/signer.ts';
import { chunksOf, evidenceOf, findCaseByReference, itemsOf, wrapsOf } from '../db/cases.ts';
import type { Db, Tx } from '../db/database.ts';
import { LakanaError } from '../kernel/errors.ts';
import { BUNDLE_VERSION, type BundleLine, writeLine } from './case-bundle.ts';
import type { Result } from './command.ts';
import { withServer } from './server.ts';

type Options = { out?: string; json?: boolean };

/** `case export REF`: to `--out`, to a pipe, or to `REF.lakana-case`. Nothing in it is readable without the team's key. */
export function exportCase({ out, json }: Options, text = ''): Promise<Result> {
  const reference = parseReference(text);
  if (!reference)
    throw new LakanaError(
      'bad_reference',
      'this is no case reference: it looks like TAKO-4827 (npx lakana case list)',
    );
  const isPiped = out === '-' || (out === undefined && !json && !process.stdout.isTTY);
  return withServer(async ({ database, keyring, now }) => {
    if (isPiped) {
      await exportTo(database.db, reference, now, keyring.signer.publicKeys, process.stdout);
      return { text: '', json: {} };
    }
    const file = resolve(out ?? `${reference}.lakana-case`);
    await exportToFile(database.db, reference, now, keyring.signer.publicKeys, file);
    return {
      text: `✓ ${reference} is in ${file}, sealed.\n  Open it where the team's secret key is: npx lakana case open ${reference}.lakana-case --identity team.key`,
      json: { reference, file },
    };
  });
}

/** Written beside and renamed: what has the name is whole. */
async function exportToFile(
  db: Db,
  reference: string,
  now: Date,
  signingKeys: readonly SigningPublicKey[],
  file: string,
): Promise<void> {
  await (await open(file, 'wx', 0o600)).close();
  const draft = `${file}.part`;
  try {
    await exportTo(db, reference, now, signingKeys, createWriteStream(draft, { mode: 0o600, flush: true }));
    await rename(draft, file);
  } catch (error) {
    await Promise.all([rm(draft, { force: true }), rm(file, { force: true })]);
    throw error;
  }
}

/** Everything of one moment: read in one snapshot, a piece at a time. */
function exportTo(
  db: Db,
  reference: string,
  now: Date,
  signingKeys: readonly SigningPublicKey[],
  out: Writable,
): Promise<void> {
  return db.transaction(
    async (tx) => {
      const lines = bundleLines(tx, reference, now, signingKeys);
      await pipeline(
        Readable.from(lines),
        async function* (source: AsyncIterable<BundleLine>) {
          for await (const line of source) yield writeLine(line);
        },
        out,
        { end: out !== process.stdout },
      );
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

async function* bundleLines(
  tx: Tx,
  reference: string,
  now: Date,
  signingKeys: readonly SigningPublicKey[],
): AsyncGenerator<BundleLine> {
  const row = await findCaseByReference(tx, reference);
  if (!row) throw new LakanaError('no_such_case', `there is no case ${reference} (npx lakana case list)`);
  const { id, status, level, channel, zone, region, isSubmitted, isUnfinished, chainHead, chainLength } = row;
  yield {
    kind: 'case',
    lakana: 'case-bundle',
    version: BUNDLE_VERSION,
    exportedAt: now.toISOString(),
    ...{ id, reference, status, level, channel, zone, region, isSubmitted, isUnfinished },
    openedAt: row.openedAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    ...{ chainHead, chainLength },
    wraps: await wrapsOf(tx, id),
    signingKeys: [...signingKeys],
  };
  const items = await itemsOf(tx, id);
  for (const { place, kind, createdAt, ciphertext, link, signature } of items)
    yield { kind: 'item', place, type: kind, at: createdAt.toISOString(), ciphertext, link, signature };
  const files = await evidenceOf(tx, id);
  for (const file of files) {
    yield {
      kind: 'file',
      id: file.id,
      media: file.media,
      state: file.state,
      size: file.size,
      hash: file.hash,
    };
    if (file.state !== 'saved') continue;
    let n = 0;
    for await (const ciphertext of chunksOf(tx, file.id))
      yield { kind: 'piece', file: file.id, n: n++, ciphertext };
  }
  yield { kind: 'end', items: items.length, files: files.length };
}
