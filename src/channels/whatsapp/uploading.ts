/**
 * A voice note of ours, sealed as a phone seals it and put up where WhatsApp keeps files.
 *
 * Invariants: it goes to WhatsApp's media hosts and nowhere else (`outside.ts`), from memory and into no file of this
 * machine; as long as it is not up, nothing of the message has left.
 */
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { getMediaKeys, type proto } from '@whiskeysockets/baileys';
import { z } from 'zod';
import { reduceError } from '../../kernel/log.ts';
import type { VoiceNote } from '../channel.ts';
import { callHttp, codeOfRefusal, type Refused } from '../http-call.ts';
import type { Socket } from './connection.ts';
import { MEDIA_HOSTS } from './media-hosts.ts';

type Audio = proto.Message.IAudioMessage;
export type Uploaded = { ok: true; audio: Audio } | Refused;

/** Bytes of the seal at the end of a file. */
const MAC = 10;
const HEADERS = { origin: 'https://web.whatsapp.com', 'content-type': 'application/octet-stream' };

const answerSchema = z.looseObject({ url: z.string().optional(), direct_path: z.string().startsWith('/') });

/** Puts it up, and says how a message names it. */
export async function uploadVoice(socket: Socket, voice: VoiceNote, signal: AbortSignal): Promise<Uploaded> {
  const { file: body, ...sealed } = await seal(voice.bytes);
  const { address, code: none } = await placeFor(socket, sealed.fileEncSha256);
  if (address === undefined) return unreachable(none);
  const answer = await callHttp(address, { headers: HEADERS, body }, signal, { hosts: MEDIA_HOSTS.hosts });
  if (!answer.ok) return refused(socket, answer);
  const placed = answerSchema.safeParse(jsonOf(answer.body));
  if (!placed.success) return unreachable('upload_no_path');
  const { url, direct_path: directPath } = placed.data;
  return { ok: true, audio: { ...sealed, ...(url ? { url } : {}), directPath, ...spoken(voice) } };
}

/** Where WhatsApp wants this file, with its permission. */
async function placeFor(
  socket: Socket,
  fileEncSha256: Buffer,
): Promise<{ address: string; code?: never } | { address?: never; code: string }> {
  try {
    const { hosts, auth } = await socket.refreshMediaConn(false);
    const host = hosts[0]?.hostname;
    if (host === undefined) return { code: 'no_media_host' };
    const name = fileEncSha256.toString('base64url');
    return {
      address: `https://${host}/mms/audio/${name}?auth=${encodeURIComponent(auth)}&token=${name}`,
    };
  } catch (error) {
    return { code: reduceError(error).code ?? 'no_media_host' };
  }
}

const unreachable = (code: string): Uploaded => ({ ok: false, reason: 'unreachable', code });

/** Whatever became of the file, the message has not left. A permission that is over is asked for anew. */
function refused(socket: Socket, refusal: Refused): Uploaded {
  const code = codeOfRefusal(refusal);
  const isPermission = code === 'http_401' || code === 'http_403';
  if (isPermission) socket.refreshMediaConn(true).catch(() => undefined);
  return refusal.reason === 'rejected' && !isPermission ? refusal : unreachable(code);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const spoken = ({ bytes, seconds }: VoiceNote): Audio => ({
  mimetype: 'audio/ogg; codecs=opus',
  ptt: true,
  seconds: Math.max(1, Math.round(seconds)),
  fileLength: bytes.length,
});

async function seal(bytes: Uint8Array) {
  const mediaKey = randomBytes(32);
  const { cipherKey, iv, macKey } = await getMediaKeys(mediaKey, 'audio');
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const hidden = Buffer.concat([cipher.update(bytes), cipher.final()]);
  const mac = createHmac('sha256', macKey ?? '')
    .update(iv)
    .update(hidden)
    .digest()
    .subarray(0, MAC);
  const file = new Uint8Array(Buffer.concat([hidden, mac]));
  return {
    file,
    mediaKey,
    fileSha256: createHash('sha256').update(bytes).digest(),
    fileEncSha256: createHash('sha256').update(file).digest(),
    mediaKeyTimestamp: Math.floor(Date.now() / 1_000),
  };
}
