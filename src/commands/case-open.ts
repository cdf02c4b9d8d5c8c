/**
 * Opening an exported case where the team's secret key is: no database, no settings, no network.
 *
 * Invariants: nothing in the file is believed because the file says so: what is proved is proved by a signing key that
 * the person who opens it names or has pinned, and without one it is said that nothing is; what is shown says whether
 * the chain is whole; a file is given its name only once its last byte is proved; names that a reporter's phone gave to
 * files never decide where something is written.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { evidenceHeader } from '../cases/evidence-seal.ts';
import type { Differs } from '../cases/file-check.ts';
import { fileName } from '../cases/file-types.ts';
import { recipientOf } from '../crypto/age.ts';
import { boundRecipient } from '../crypto/case-binding.ts';
import { openCaseSecret, openSealed, parseTeamSecret } from '../crypto/case-key.ts';
import { type ChainVerdict, verifyChain } from '../crypto/chain.ts';
import { fingerprint } from '../crypto/fingerprint.ts';
import { openStream } from '../crypto/seal-stream.ts';
import { createVerifier } from '../crypto/signer.ts';
import { type SignedKey, vouchedKeys } from '../crypto/signing-keys.ts';
import { createVerify, type SigningPublicKey, type Verifier } from '../crypto/verifier.ts';
import { LakanaError } from '../kernel/errors.ts';
import { type BundleCase, type BundleFile, type BundleItem, bundleHash, readLine } from './case-bundle.ts';

export type OpenedItem = { place: number; kind: string; at: string; content: Record<string, unknown> };
export type OpenedFile = {
  id: string;
  media: string;
  state: string;
  bytes: number | null;
  /** Whether the sealed bytes are the ones whose hash the case holds. */
  isWhole: boolean;
  /** In what it is not what the phone said that it was. */
  differs?: Differs;
  /** Where it was written, with `--out`. */
  path?: string;
};
export type OpenedCase = {
  case: Omit<BundleCase, 'wraps' | 'signingKeys' | 'chainHead' | 'kind' | 'lakana' | 'recipientSignature'>;
  /**
   * Whose word all this is. `proved`: of the key that was named or pinned. `unnamed`: none was. `other`: another one, or
   * none that it vouches for. `fingerprint`: of the newest key that the file names.
   */
  origin: { is: 'proved' | 'unnamed' | 'other'; fingerprint: string };
  /** Whether reference, level, times and files are as the server wrote them into this file. */
  isHeaderProved: boolean;
  /** Whether the case's key is the one that was signed when the case was opened; `earlier`: items from before that. */
  key: { isProved: boolean; earlier: number };
  chain: { ok: true } | { ok: false; problem: string; place: number };
  items: OpenedItem[];
  files: OpenedFile[];
};

type Pieces = AsyncGenerator<Uint8Array>;
type BundleHash = ReturnType<typeof bundleHash>;
/** Whether the person who opens the case trusts this signing key. */
export type Trusted = (key: SigningPublicKey & { fingerprint: string }) => boolean;

/** Reads, checks and opens a bundle. `out`: folder for the files; without it they are checked only. */
export async function openBundle(
  path: string,
  identity: string,
  options: { out?: string; group?: string; trusted?: Trusted | undefined } = {},
): Promise<OpenedCase> {
  const secret = teamSecret(await readFile(identity, 'utf8'));
  const lines = bundleReader(path);
  const first = await lines.next();
  if (first?.kind !== 'case') throw readLine('', 1);
  const group = options.group ?? 'team';
  const wraps = first.wraps.filter((each) => each.group === group);
  if (wraps.length === 0)
    throw new LakanaError('not_a_recipient', `the case is not (or no longer) open to the group "${group}"`);
  const caseSecret = await caseSecretOf(secret, first.id, wraps, group).catch(notOurs);
  const items: BundleItem[] = [];
  while (lines.peek()?.kind === 'item') items.push((await lines.next()) as BundleItem);
  const opened = await Promise.all(items.map((item) => openItem(caseSecret, first.id, item)));
  const files: OpenedFile[] = [];
  while (lines.peek()?.kind === 'file') {
    const file = (await lines.next()) as BundleFile;
    files.push(await openFile(caseSecret, first.id, file, lines.pieces(file.id), opened, options.out));
  }
  const end = await lines.next();
  if (end?.kind !== 'end' || end.items !== items.length || end.files !== files.length)
    throw new LakanaError('bundle_cut_off', 'the file ends too early: export the case again');
  const known = await keysOf(first, lines.hash, end.signature, options.trusted);
  const verifier = createVerifier(known.keys);
  const {
    wraps: _w,
    signingKeys: _s,
    chainHead: _h,
    kind: _k,
    lakana: _l,
    recipientSignature: _r,
    ...about
  } = first;
  return {
    case: about,
    origin: known.origin,
    isHeaderProved: known.isHeaderProved,
    key: { isProved: await isItsKey(first, caseSecret, verifier), earlier: first.boundFrom },
    chain: verdictOf(first, items, verifier),
    items: opened,
    files,
  };
}

/** Whether nothing that can be proved of a case is left unproved. */
export function isProved({ origin, isHeaderProved, key, chain, files }: OpenedCase): boolean {
  const areWhole = files.every(({ state, isWhole }) => state !== 'saved' || isWhole);
  return origin.is === 'proved' && isHeaderProved && key.isProved && chain.ok && areWhole;
}

/** Which keys' signatures count. The whole file's by a trusted one vouches for the older keys that it names, too. */
async function keysOf(
  { signingKeys, version }: BundleCase,
  hash: BundleHash,
  signature: Uint8Array | undefined,
  isTrusted: Trusted | undefined,
): Promise<{ keys: readonly SigningPublicKey[]; origin: OpenedCase['origin']; isHeaderProved: boolean }> {
  const named = signingKeys.map(
    ({ keyId, publicKey, signature: word, signedBy }): SignedKey => ({
      keyId,
      publicKey,
      fingerprint: fingerprint(publicKey),
      ...(word && signedBy ? { signature: word, signedBy } : {}),
    }),
  );
  const print = named[0]?.fingerprint ?? '';
  if (!isTrusted)
    return { keys: named, origin: { is: 'unnamed', fingerprint: print }, isHeaderProved: false };
  const vouched = await vouchedKeys(named, isTrusted, (key) => createVerify([key]));
  if (vouched.length === 0)
    return { keys: [], origin: { is: 'other', fingerprint: print }, isHeaderProved: false };
  const isHeaderProved = version > 1 && hash.isSigned(createVerifier(vouched), signature);
  const keys = isHeaderProved ? named : vouched;
  return { keys, origin: { is: 'proved', fingerprint: print }, isHeaderProved };
}

/** The secret that opened the items belongs to the public half that the server signed for this case. */
async function isItsKey(about: BundleCase, caseSecret: string, verifier: Verifier): Promise<boolean> {
  const { id: caseId, recipient, recipientSignature: signature, boundFrom } = about;
  if (recipient === undefined || (await recipientOf(caseSecret)) !== recipient) return false;
  return boundRecipient(verifier, { caseId, recipient, boundFrom, signature }) !== undefined;
}

function teamSecret(content: string): string {
  try {
    return parseTeamSecret(content);
  } catch {
    throw new LakanaError(
      'bad_identity',
      '--identity holds no secret team key: give the file that keys init-team made',
    );
  }
}

function notOurs(error: unknown): never {
  if (error instanceof LakanaError && error.code !== 'not_a_recipient') throw error;
  throw new LakanaError(
    'not_a_recipient',
    'this key does not open the case: it was sealed to another team key',
  );
}

/** The first wrap that this key opens: while a team changes its key, a case has one for each. */
async function caseSecretOf(
  secret: string,
  caseId: string,
  wraps: readonly { wrapped: Uint8Array }[],
  group: string,
): Promise<string> {
  let problem: unknown;
  for (const { wrapped } of wraps) {
    try {
      return await openCaseSecret(secret, caseId, wrapped, group);
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

function verdictOf(about: BundleCase, items: readonly BundleItem[], verifier: Verifier): OpenedCase['chain'] {
  const verdict: ChainVerdict = verifyChain({
    caseId: about.id,
    items: items.map((item) => ({ ...item, kind: item.type })),
    verifier,
    expected: { head: about.chainHead, length: about.chainLength },
  });
  return verdict.ok ? { ok: true } : { ok: false, problem: verdict.problem, place: verdict.place };
}

async function openItem(caseSecret: string, caseId: string, item: BundleItem): Promise<OpenedItem> {
  const header = { type: item.type, version: 1, caseId, place: item.place };
  const about = { place: item.place, kind: item.type, at: item.at };
  try {
    const content = JSON.parse(
      new TextDecoder().decode(await openSealed(caseSecret, header, item.ciphertext)),
    );
    return { ...about, content };
  } catch (error) {
    // One bad item must not hide the others.
    const code = error instanceof LakanaError ? error.code : 'cannot_open';
    return { ...about, content: { cannotOpen: code } };
  }
}

async function openFile(
  caseSecret: string,
  caseId: string,
  file: BundleFile,
  pieces: Pieces,
  items: readonly OpenedItem[],
  out: string | undefined,
): Promise<OpenedFile> {
  const about = items.find((item) => item.kind === 'evidence' && item.content.evidence === file.id)?.content;
  const opened: OpenedFile = {
    id: file.id,
    media: file.media,
    state: file.state,
    bytes: null,
    isWhole: false,
    ...(about?.differs ? { differs: about.differs as Differs } : {}),
  };
  if (file.state !== 'saved') return opened;
  const hash = createHash('sha256');
  const sealed = Readable.toWeb(Readable.from(hashed(pieces, hash))) as unknown as ReadableStream<Uint8Array>;
  const place = items.find((item) => item.content === about)?.place ?? 0;
  const name = fileName(place, file.id, { ...about, media: file.media });
  const draft = out === undefined ? undefined : join(out, `.${file.id}.part`);
  if (out !== undefined) await mkdir(out, { recursive: true, mode: 0o700 });
  try {
    const plain = await openStream(caseSecret, evidenceHeader(caseId, file.id), sealed);
    opened.bytes = await drain(plain, draft);
    opened.isWhole = hash.digest('hex') === about?.sha256;
  } catch (error) {
    if (!(error instanceof LakanaError)) throw error;
    for await (const _rest of pieces);
  }
  if (draft === undefined || out === undefined) return opened;
  if (opened.bytes === null) {
    await rm(draft, { force: true });
    return opened;
  }
  const path = join(out, name);
  await rename(draft, path);
  return { ...opened, path };
}

async function* hashed(pieces: Pieces, hash: ReturnType<typeof createHash>): Pieces {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

async function drain(plain: ReadableStream<Uint8Array>, file: string | undefined): Promise<number> {
  let bytes = 0;
  const counted = async function* (source: AsyncIterable<Uint8Array>) {
    for await (const chunk of source) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  const source = Readable.fromWeb(plain as unknown as NodeStream);
  if (file) await pipeline(source, counted, createWriteStream(file, { mode: 0o600, flags: 'wx' }));
  else for await (const _chunk of counted(source));
  return bytes;
}

/** Lines of a bundle, one ahead. */
function bundleReader(path: string) {
  const input = createReadStream(path);
  const source = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  let n = 0;
  let ahead: ReturnType<typeof readLine> | undefined;
  const hash = bundleHash();
  const read = async () => {
    const { value, done } = await source.next();
    ahead = done || value === '' ? undefined : readLine(value, ++n);
    if (ahead && ahead.kind !== 'end') hash.add(`${value}\n`);
  };
  let isStarted = false;
  const next = async () => {
    if (!isStarted) await read();
    isStarted = true;
    const line = ahead;
    if (line) await read();
    return line;
  };
  async function* pieces(file: string): Pieces {
    for (let place = 0; ahead?.kind === 'piece' && ahead.file === file; place++) {
      const line = await next();
      if (line?.kind !== 'piece' || line.n !== place)
        throw new LakanaError('bundle_unreadable', 'a file in it is damaged: export the case again');
      yield line.ciphertext;
    }
  }
  return { next, peek: () => ahead, pieces, hash };
}
