import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseReference } from '../cases/reference.ts';
import { isContinuation } from '../crypto/case-binding.ts';
import type { Keyring } from '../crypto/keyring.ts';
import {
  type CaseRow,
  chunksOf,
  evidenceOf,
  findCase,
  findCaseByReference,
  itemsOf,
  wrapsOf,
} from '../db/cases.ts';
import type { Db, Tx } from '../db/database.ts';
import { LakanaError } from '../kernel/errors.ts';
import { TOOL } from '../kernel/tool.ts';
import { BUNDLE_VERSION, type BundleLine, bundleHash, writeLine } from './case-bundle.ts';
import type { Result } from './command.ts';
import { noteLook } from './noted-look.ts';
import { withServer } from './server.ts';

type Options = { out?: string; json?: boolean };

/** `case export REF`: to `--out`, to a pipe, or to `REF.lakana-case`. Nothing in it is readable without the team's key. */
export function exportCase({ out, json }: Options, text = ''): Promise<Result> {
  const reference = parseReference(text);
  if (!reference)
    throw new LakanaError(
      'bad_reference',
      `this is no case reference: it looks like TAKO-4827 (${TOOL} case list)`,
    );
  const isPiped = out === '-' || (out === undefined && !json && !process.stdout.isTTY);
  return withServer(async (server) => {
    const { database, keyring, now } = server;
    const row = await findCaseByReference(database.db, reference);
    if (!row) throw noSuchCase(reference);
    await noteLook(server, 'case_exported', row.id);
    if (isPiped) {
      await exportTo(database.db, reference, now, keyring, process.stdout);
      return { text: '', json: {} };
    }
    const file = resolve(out ?? `${reference}.lakana-case`);
    await exportToFile(database.db, reference, now, keyring, file);
    return {
      text: `✓ ${reference} is in ${file}, sealed.\n  Open it where the team's secret key is: ${TOOL} case open ${reference}.lakana-case --identity team.key --signed-by server.key.pub`,
      json: { reference, file },
    };
  });
}

const noSuchCase = (reference: string): LakanaError =>
  new LakanaError('no_such_case', `there is no case ${reference} (${TOOL} case list)`);

/** Written beside and renamed: what has the name is whole. */
async function exportToFile(
  db: Db,
  reference: string,
  now: Date,
  keyring: Keyring,
  file: string,
): Promise<void> {
  await (await open(file, 'wx', 0o600)).close();
  const draft = `${file}.part`;
  try {
    await exportTo(db, reference, now, keyring, createWriteStream(draft, { mode: 0o600, flush: true }));
    await rename(draft, file);
  } catch (error) {
    await Promise.all([rm(draft, { force: true }), rm(file, { force: true })]);
    throw error;
  }
}

/** Everything of one moment: read in one snapshot, a piece at a time. */
function exportTo(db: Db, reference: string, now: Date, keyring: Keyring, out: Writable): Promise<void> {
  return db.transaction(
    async (tx) => {
      const hash = bundleHash();
      const lines = bundleLines(tx, reference, now, keyring);
      await pipeline(
        Readable.from(lines),
        async function* (source: AsyncIterable<BundleLine>) {
          for await (const line of source) {
            const written = writeLine(
              line.kind === 'end' ? { ...line, signature: hash.sign(keyring.signer) } : line,
            );
            hash.add(written);
            yield written;
          }
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
  keyring: Keyring,
): AsyncGenerator<BundleLine> {
  const row = await findCaseByReference(tx, reference);
  if (!row) throw noSuchCase(reference);
  const { id, status, level, channel, zone, region, isSubmitted, isUnfinished, chainHead, chainLength } = row;
  const { recipient, recipientSignature, boundFrom } = row;
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
    signingKeys: [...keyring.signingKeys],
    ...{ recipient, recipientSignature, boundFrom },
    replaces: await replacedBy(tx, keyring, row),
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

/** Reference of the case that this one goes on from, if the server signed that. */
async function replacedBy(tx: Tx, { signer }: Keyring, row: CaseRow): Promise<string | null> {
  const { id: caseId, replaces, replacesSignature } = row;
  if (!replaces || !isContinuation(signer, { caseId, replaces }, replacesSignature)) return null;
  return (await findCase(tx, replaces))?.reference ?? null;
}
