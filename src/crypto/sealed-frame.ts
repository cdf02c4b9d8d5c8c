/**
 * What stands inside a seal: a header that says what this is and where it belongs, then the content.
 *
 * age authenticates no context, so without the header an intruder in the database could move a sealed thing to
 * another case or place and nobody would see it. Layout: format (1 byte), length of the header (2), header
 * (JSON, keys in a fixed order), content. Runs in a browser too.
 */
import { LakanaError } from '../kernel/errors.ts';

/** What a sealed thing is: its kind, the version of its format, the case and the place in the case. */
export type SealHeader = { type: string; version: number; caseId: string; place: number };

/** First byte of a frame: whole and padded, a stream, or the secret key of a case. */
export const FRAME = { whole: 1, stream: 2, caseSecret: 3 } as const;
type Frame = (typeof FRAME)[keyof typeof FRAME];

const MAX_HEADER_BYTES = 0xffff;

/** The beginning of a frame, up to its content. */
export function frameStart(frame: Frame, header: SealHeader): Uint8Array {
  const { type, version, caseId, place } = header;
  const text = new TextEncoder().encode(JSON.stringify({ type, version, caseId, place }));
  if (text.length > MAX_HEADER_BYTES) throw new LakanaError('bad_header', 'the header of a seal is too long');
  return joinBytes([Uint8Array.of(frame, text.length >> 8, text.length & 0xff), text]);
}

/**
 * The content of an opened frame, if it begins exactly as `header` says. Throws `seal_header_mismatch`. Bytes
 * are compared, not fields: what an older version cannot express cannot be passed over.
 */
export function frameContent(frame: Frame, header: SealHeader, opened: Uint8Array): Uint8Array {
  const start = frameStart(frame, header);
  if (!startsWith(opened, start)) throw headerMismatch();
  return opened.subarray(start.length);
}

export function headerMismatch(): LakanaError {
  return new LakanaError('seal_header_mismatch', 'what was sealed belongs to another case, place or kind');
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte);
}
