/**
 * The media host: sealed files go up and come down by https, as Baileys insists. A holder of the media key can read
 * them; the host cannot.
 */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { aesDecryptWithIV, aesEncrypWithIV, getMediaKeys, hmacSign, sha256 } from '@whiskeysockets/baileys';
import { type Certificate, certificate } from './certificate.ts';
import type { Faults } from './faults.ts';

export type MediaKind = 'audio' | 'image' | 'video' | 'document';
/** Files of the handset's own. */
type OwnKind = 'md-msg-hist' | 'md-app-state';

/** The fields that a message carries so that its reader finds and opens the file. */
export type MediaFields = {
  url: string;
  directPath: string;
  mediaKey: Uint8Array;
  fileSha256: Uint8Array;
  fileEncSha256: Uint8Array;
  fileLength: number;
};

/**
 * What becomes of a file on its way: `cut` breaks off in the middle, `stall` falls silent there, `flip` changes one bit,
 * `drip` sends a byte now and then, `longer` never ends.
 */
export type Spoil = 'cut' | 'stall' | 'flip' | 'drip' | 'longer' | { redirect: string };

const MAC = 10;

export class MediaHost {
  readonly #files = new Map<string, Buffer>();
  readonly #https: Server;
  readonly certificate: Certificate = certificate();
  host = '';
  /** Paths of the files that were asked for. */
  readonly asked: string[] = [];
  /** What becomes of the next files that are asked for, one after another. */
  readonly spoils: Spoil[] = [];
  /** What becomes of a file each time, by its path. */
  readonly #spoilt = new Map<string, Spoil>();
  /** What becomes, each time, of the next file that is put up. */
  spoilsNext: Spoil | undefined;

  constructor(faults: Faults) {
    this.#https = createServer(this.certificate, async (request, response) => {
      const sealed = await buffer(request);
      const upload = request.method === 'POST';
      const fault = faults.strike(upload ? 'upload' : 'download');
      if (fault === 'hang') return;
      if (fault === 'drop') response.destroy();
      else if (typeof fault === 'number') response.writeHead(fault).end('{}');
      else if (upload) this.#take(sealed, response, fault !== undefined);
      else this.#give(request.url ?? '/', response, fault === undefined ? this.spoils.shift() : 'drop_early');
    });
  }

  #take(sealed: Buffer, response: ServerResponse, thenDrop: boolean): void {
    const { url, directPath } = this.#keep(sealed);
    if (thenDrop) response.destroy();
    else response.end(JSON.stringify({ url, direct_path: directPath }));
  }

  #give(path: string, response: ServerResponse, oneSpoil: Spoil | 'drop_early' | undefined): void {
    this.asked.push(path);
    const { pathname } = new URL(path, 'https://fake');
    const file = this.#files.get(pathname);
    if (!file) return void response.writeHead(404).end();
    const spoil = oneSpoil ?? this.#spoilt.get(pathname);
    if (typeof spoil === 'object') return void response.writeHead(302, { location: spoil.redirect }).end();
    const half = file.subarray(0, Math.ceil(file.length / 2));
    if (spoil !== 'longer') response.writeHead(200, { 'content-length': file.length });
    if (spoil === 'drop_early') response.write(file.subarray(0, 1), () => void response.destroy());
    else if (spoil === 'cut') response.write(half, () => void response.destroy());
    else if (spoil === 'stall') response.write(half);
    else if (spoil === 'flip') response.end(flipped(file));
    else if (spoil === 'drip') this.#repeats(response, file.subarray(0, 1), 5);
    else if (spoil === 'longer') this.#repeats(response, Buffer.alloc(1_000_000), 0);
    else response.end(file);
  }

  #repeats(response: ServerResponse, piece: Buffer, everyMs: number): void {
    const timer = setInterval(() => response.write(piece), everyMs);
    response.on('close', () => clearInterval(timer));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#https.listen(0, '127.0.0.1', resolve));
    this.host = `127.0.0.1:${(this.#https.address() as AddressInfo).port}`;
  }

  #keep(sealed: Buffer): { url: string; directPath: string } {
    const directPath = `/v/t62.7117-24/${this.#files.size + 1}.enc`;
    this.#files.set(directPath, sealed);
    if (this.spoilsNext) this.#spoilt.set(directPath, this.spoilsNext);
    this.spoilsNext = undefined;
    return { url: `https://${this.host}${directPath}`, directPath };
  }

  /** Seals a file as a phone does and puts it up. */
  async put(bytes: Uint8Array, kind: MediaKind | OwnKind): Promise<MediaFields> {
    const mediaKey = randomBytes(32);
    const { cipherKey, iv, macKey } = await getMediaKeys(mediaKey, kind);
    const [key, start] = [Buffer.from(cipherKey), Buffer.from(iv)];
    const sealed = aesEncrypWithIV(Buffer.from(bytes), key, start);
    const mac = hmacSign(Buffer.concat([start, sealed]), Buffer.from(macKey ?? [])).subarray(0, MAC);
    const file = Buffer.concat([sealed, mac]);
    const hashes = { fileSha256: sha256(Buffer.from(bytes)), fileEncSha256: sha256(file) };
    return { ...this.#keep(file), mediaKey, ...hashes, fileLength: bytes.length };
  }

  /** Opens a file that a message points to, and checks what a phone would check. */
  async open(
    media: { directPath?: string | null; mediaKey?: Uint8Array | null },
    kind: MediaKind,
  ): Promise<Buffer> {
    const file = this.#files.get(media.directPath ?? '');
    if (!file) throw new Error(`no file at ${media.directPath}`);
    const { cipherKey, iv, macKey } = await getMediaKeys(media.mediaKey, kind);
    const sealed = file.subarray(0, -MAC);
    const mac = hmacSign(Buffer.concat([Buffer.from(iv), sealed]), Buffer.from(macKey ?? []));
    if (!mac.subarray(0, MAC).equals(file.subarray(-MAC))) throw new Error('the file was changed on its way');
    return aesDecryptWithIV(sealed, Buffer.from(cipherKey), Buffer.from(iv));
  }

  get origin(): string {
    return `https://${this.host}`;
  }

  async close(): Promise<void> {
    this.#https.closeAllConnections();
    await new Promise((resolve) => this.#https.close(resolve));
  }
}

/** One bit in the middle is another one. */
function flipped(file: Buffer): Buffer {
  const copy = Buffer.from(file);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}
