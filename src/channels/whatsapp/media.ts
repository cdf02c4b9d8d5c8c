/**
 * A file that a person sent: fetched from WhatsApp's media hosts and from nowhere else, opened, and compared with what
 * the message says that it is.
 *
 * Invariants: where the sender's message points is a wish, not an address (`outside.ts`); the stream ends well only if
 * every byte came and both the seal (MAC) and the hashes in the message fit: until then nothing of it counts; nothing is
 * kept here.
 */
import { createDecipheriv, createHash, createHmac, type Hash, timingSafeEqual } from 'node:crypto';
import { getMediaKeys, type MediaType } from '@whiskeysockets/baileys';
import { LakanaError } from '../../kernel/errors.ts';
import { reduceError } from '../../kernel/log.ts';
import type { FetchResult } from '../channel.ts';
import {
  FILE_PATIENCE,
  NOT_ALLOWED,
  type Opened,
  openStrangers,
  originOn,
  type Patience,
} from '../outside.ts';
import { MEDIA_HOSTS } from './media-hosts.ts';

/** What a message tells of its file. */
export type Media = {
  url?: string | null;
  directPath?: string | null;
  mediaKey?: Uint8Array | null;
  fileSha256?: Uint8Array | null;
  fileEncSha256?: Uint8Array | null;
};

/** Bytes of the seal at the end of a file. */
const MAC = 10;
/** What sealing adds at most: the rest of a block, and the seal. */
const SEALING = 16 + MAC;

export async function fetchMedia(
  media: Media,
  type: MediaType,
  how: { maxBytes: number; signal: AbortSignal; patience?: Partial<Patience> | undefined },
): Promise<FetchResult> {
  const address = addressOf(media);
  if (!address || !media.mediaKey?.length) return { ok: false, reason: 'gone', code: 'no_media' };
  const patience = { ...FILE_PATIENCE, ...how.patience };
  const request = { headers: { origin: 'https://web.whatsapp.com' } };
  let opened: Opened;
  try {
    opened = await openStrangers(address, MEDIA_HOSTS.hosts, request, { signal: how.signal, patience });
  } catch (error) {
    const code = reduceError(error).code ?? 'network';
    return { ok: false, reason: code === NOT_ALLOWED ? 'gone' : 'unreachable', code };
  }
  const length = lengthOf(opened);
  const refused = refusal(opened, length, how.maxBytes);
  if (refused) {
    opened.close();
    return refused;
  }
  return { ok: true, stream: ReadableStream.from(unsealed(opened, length, media, media.mediaKey, type)) };
}

/** The path at the host that the message names, if that is one of WhatsApp's; else at the usual one. */
function addressOf({ url, directPath }: Media): string | undefined {
  if (!directPath?.startsWith('/')) return url ?? undefined;
  return `${originOn(MEDIA_HOSTS.hosts, url) ?? MEDIA_HOSTS.usual}${directPath}`;
}

function lengthOf({ header }: Opened): number | undefined {
  const length = header('content-length');
  return length === undefined ? undefined : Number(length);
}

function refusal({ status }: Opened, length = 0, maxBytes = 0): FetchResult | undefined {
  const code = `http_${status}`;
  // Too busy, too slow: another time. Everything else that is not a file will never be one, a redirect least of all.
  if (status >= 500 || status === 408 || status === 429) return { ok: false, reason: 'unreachable', code };
  if (status !== 200) return { ok: false, reason: 'gone', code };
  return length > maxBytes + SEALING ? { ok: false, reason: 'too_big', code: 'too_big' } : undefined;
}

async function* unsealed(
  { body }: Opened,
  length: number | undefined,
  { fileSha256, fileEncSha256 }: Media,
  mediaKey: Uint8Array,
  type: MediaType,
): AsyncGenerator<Uint8Array, void> {
  const { iv, cipherKey, macKey } = await getMediaKeys(mediaKey, type);
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  const seal = createHmac('sha256', macKey ?? '').update(iv);
  const [sealedHash, plainHash] = [createHash('sha256'), createHash('sha256')];
  let held: Uint8Array = new Uint8Array();
  let came = 0;
  for await (const piece of whole(body)) {
    came += piece.length;
    sealedHash.update(piece);
    const together = Buffer.concat([held, piece]);
    // The last bytes are the seal, and any piece may be the last one.
    held = together.subarray(Math.max(0, together.length - MAC));
    const sealed = together.subarray(0, together.length - held.length);
    seal.update(sealed);
    const plain = decipher.update(sealed);
    plainHash.update(plain);
    if (plain.length > 0) yield plain;
  }
  if (length !== undefined && came !== length) throw cut();
  const isSealed = isSame(seal.digest().subarray(0, MAC), held);
  if (!isSealed || !fits(sealedHash, fileEncSha256)) throw altered();
  const end = decipher.final();
  if (!fits(plainHash.update(end), fileSha256)) throw altered();
  if (end.length > 0) yield end;
}

/** What breaks off says `file_cut`; what goes silent has its own code. */
async function* whole(body: Opened['body']): AsyncGenerator<Uint8Array, void> {
  try {
    yield* body;
  } catch (error) {
    throw error instanceof LakanaError ? error : cut();
  }
}

/** A message need not carry the hash. */
const fits = (hash: Hash, expected: Uint8Array | null | undefined): boolean =>
  !expected?.length || isSame(hash.digest(), expected);
const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other);

const cut = () => new LakanaError('file_cut', 'the file did not come whole');
const altered = () => new LakanaError('file_altered', 'the file is not the one that was sent');
