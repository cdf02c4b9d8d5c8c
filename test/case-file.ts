/** What the team reads on its own machine: the chain is whole, and everything opens with the team's key. */
import { evidenceHeader } from '../src/cases/evidence-seal.ts';
import { openCaseSecret, openSealed } from '../src/crypto/case-key.ts';
import { verifyChain } from '../src/crypto/chain.ts';
import type { Keyring } from '../src/crypto/keyring.ts';
import { openStream } from '../src/crypto/seal-stream.ts';
import { chunksOf, evidenceOf, findCaseByReference, itemsOf, wrapsOf } from '../src/db/cases.ts';
import type { Db } from '../src/db/database.ts';

export type CaseFile = {
  items: { kind: string; payload: Record<string, unknown> }[];
  /** Files that were saved, byte for byte. */
  files: Buffer[];
};

export async function readCase(
  db: Db,
  keyring: Keyring,
  teamSecret: string,
  reference: string,
): Promise<CaseFile> {
  // Of one instant: something may be added just now.
  const { row, sealed } = await db.transaction(
    async (tx) => {
      const found = await findCaseByReference(tx, reference);
      if (!found) throw new Error(`no case ${reference}`);
      return { row: found, sealed: await itemsOf(tx, found.id) };
    },
    { isolationLevel: 'repeatable read' },
  );
  const expected = { head: row.chainHead, length: row.chainLength };
  const verdict = verifyChain({ caseId: row.id, items: sealed, verifier: keyring.signer, expected });
  if (!verdict.ok) throw new Error('the chain is broken');
  const [wrap] = await wrapsOf(db, row.id);
  const secret = await openCaseSecret(teamSecret, row.id, wrap?.wrapped ?? new Uint8Array());
  const items: CaseFile['items'] = [];
  for (const { kind, place, ciphertext } of sealed) {
    const bytes = await openSealed(secret, { type: kind, version: 1, caseId: row.id, place }, ciphertext);
    items.push({ kind, payload: JSON.parse(new TextDecoder().decode(bytes)) });
  }
  const files: Buffer[] = [];
  for (const { id, state } of await evidenceOf(db, row.id)) {
    if (state !== 'saved') continue;
    const chunks = ReadableStream.from(chunksOf(db, id));
    const pieces: Uint8Array[] = [];
    for await (const piece of await openStream(secret, evidenceHeader(row.id, id), chunks))
      pieces.push(piece);
    files.push(Buffer.concat(pieces));
  }
  return { items, files };
}
