/** A backup read to its end without a database: whether it is whole, and this server's. */
import type { Keyring } from '../crypto/keyring.ts';
import { LakanaError } from '../kernel/errors.ts';
import { createFrameHash, createFrameReader, frameStart, notABackup } from './frames.ts';
import { BACKUP_DOMAIN, type Header, parseEnd, parseHeader } from './header.ts';

/** Rows are counted by the database only: here what the header says. */
export function createVerifying({ signer }: Pick<Keyring, 'signer'>): {
  take(bytes: Uint8Array): void;
  end(): { header: Header; rows: number };
} {
  const reader = createFrameReader();
  const hash = createFrameHash();
  hash.add(frameStart());
  let header: Header | undefined;
  let isOver = false;
  return {
    take(bytes) {
      for (const { kind, payload, raw } of reader.take(bytes)) {
        if (isOver || (kind === 'H') !== (header === undefined)) throw notABackup();
        if (kind === 'H') header = parseHeader(payload);
        if (kind !== 'E') {
          hash.add(raw);
          continue;
        }
        requireEnd(payload, hash.digest(), { signer });
        isOver = true;
      }
    },
    end() {
      if (!header || !isOver || !reader.isEmpty()) throw notABackup();
      return { header, rows: header.tables.reduce((sum, { rows }) => sum + rows, 0) };
    },
  };
}

/** Refuses an end that is not over what came before, or that this server did not sign. */
export function requireEnd(payload: Buffer, digest: Buffer, { signer }: Pick<Keyring, 'signer'>): void {
  const { sha256, signature } = parseEnd(payload);
  if (digest.toString('hex') !== sha256) throw notABackup();
  if (signer.verify(BACKUP_DOMAIN, digest, Buffer.from(signature, 'base64'))) return;
  throw new LakanaError('not_ours', 'this backup was not signed by this server: it is refused');
}
