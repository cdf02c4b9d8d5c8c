/**
 * Whether the server key is the one that this database is used with.
 *
 * Invariants: with another key nothing is started or changed, since no message could be opened and nobody would be paged;
 * the one that is wanted is named by its id and, as far as the database knows it, by the fingerprint that was noted when it
 * was made. What stands in the database can only ever forbid: nothing is opened or trusted for it.
 */
import { isSignedAuditLink } from '../../crypto/audit-chain.ts';
import { CHAIN_DOMAIN } from '../../crypto/chain.ts';
import { fingerprint } from '../../crypto/fingerprint.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { signatureParts } from '../../crypto/verifier.ts';
import type { Db, Tx } from '../../db/database.ts';
import { keyMarkOf, markKey } from '../../db/service-state.ts';
import { endsOfAudit, newestItem, sealedByServer } from '../../db/signed.ts';
import { LakanaError } from '../../kernel/errors.ts';

const PURPOSE = 'server-key-mark';
const WORDS = 'this database';

/** What an operator finds in their notes: `keys init-server` prints both. */
const nameOf = (keyId: string, print = ''): string => {
  // An intruder who writes to the database must not write to the operator's terminal.
  const id = /^[0-9a-f]{8}$/.test(keyId) ? keyId : 'of an unknown id';
  return /^[0-9a-f]{4}( [0-9a-f]{4}){7}$/.test(print) ? `key ${id}, fingerprint ${print}` : `key ${id}`;
};

/** The key that this database wants, in words, if it is none of this keyring's; undefined if all is well. */
export async function otherKey(db: Db | Tx, keyring: Keyring): Promise<string | undefined> {
  const mark = await keyMarkOf(db);
  if (mark) return opens(keyring, mark.proof) ? undefined : nameOf(mark.keyId, mark.fingerprint);
  const { signer } = keyring;
  const signed = [
    ...(await endsOfAudit(db)).map((row) => ({ ...row, isOurs: isSignedAuditLink(signer, row) })),
    ...(await newestItem(db)).map((row) => ({
      ...row,
      isOurs: signer.verify(CHAIN_DOMAIN, row.link, row.signature),
    })),
  ];
  const [foreign] = signed.some(({ isOurs }) => isOurs) ? [] : signed;
  if (foreign) return nameOf(signatureParts(foreign.signature)?.keyId ?? '?');
  // From before keys were marked, and nothing signed yet: officers and conversations are sealed all the same.
  const known = new Set(signer.publicKeys.map(({ keyId }) => keyId));
  const unknown = (await sealedByServer(db)).map(keyOfBox).find((keyId) => !known.has(keyId));
  return unknown === undefined ? undefined : nameOf(unknown);
}

/** Throws `wrong_server_key` if this database is used with another key. */
export async function requireOwnKey(db: Db | Tx, keyring: Keyring): Promise<void> {
  const wanted = await otherKey(db, keyring);
  if (wanted === undefined) return;
  throw new LakanaError('wrong_server_key', `SERVER_KEY_FILE ${wrongKey(keyring, wanted).join(': ')}`);
}

/** What is wrong with the key, and the mend. */
function wrongKey(keyring: Keyring, wanted: string): readonly [problem: string, mend: string] {
  return [
    `does not open this database: it holds ${keyInHand(keyring)}; the database wants ${wanted}`,
    'give the key file with which this database was used, or its copy (in trial mode DATA_DIR/trial-keys has it); nothing was changed',
  ];
}

/** The key that was given, as `keys init-server` prints it. */
export const keyInHand = ({ currentKeyId, signingKeys: [current] }: Keyring): string =>
  nameOf(currentKeyId, current?.fingerprint);

/** From now on this database wants this key; a rotated one as soon as it is in use. */
export async function markOwnKey(db: Db | Tx, keyring: Keyring): Promise<void> {
  const [current] = keyring.signingKeys;
  const print = current ? fingerprint(current.publicKey) : '';
  const mark = await keyMarkOf(db);
  if (mark?.keyId === keyring.currentKeyId && mark.fingerprint === print) return;
  const proof = keyring.seal(PURPOSE, WORDS, new TextEncoder().encode(print));
  await markKey(db, { keyId: keyring.currentKeyId, fingerprint: print, proof });
}

function opens(keyring: Keyring, proof: Uint8Array): boolean {
  try {
    keyring.open(PURPOSE, WORDS, proof);
    return true;
  } catch {
    return false;
  }
}

/** A box begins with its format and the id of the key that sealed it (`src/crypto/keyring.ts`). */
const keyOfBox = (box: Uint8Array): string => Buffer.from(box.subarray(1, 5)).toString('hex');
