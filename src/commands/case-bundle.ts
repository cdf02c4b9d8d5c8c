/**
 * A sealed case as a file: one JSON object a line, so that big files flow through without being held.
 *
 * Invariants: everything that a person said or sent is in it only as ciphertext; nothing read from it is trusted
 * before it is checked; the last line says how much there was, so that a file that was cut off shows, and holds the
 * server's signature over everything before it.
 *
 * Lines, in this order: one `case` (the row, the wrapped keys, the public signing keys), the `item`s by place, for
 * each file one `file` and its `piece`s, one `end`.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Signer, Verifier } from '../crypto/verifier.ts';
import { LakanaError } from '../kernel/errors.ts';
import { TOOL } from '../kernel/tool.ts';

/** Version 1 was not signed as a whole, and had no signed key of the case. */
export const BUNDLE_VERSION = 2;

const DOMAIN = 'lakana/case-bundle/v1';

const bytes = z.base64().transform((text): Uint8Array => new Uint8Array(Buffer.from(text, 'base64')));
const instant = z.iso.datetime();

const caseLine = z.object({
  kind: z.literal('case'),
  lakana: z.literal('case-bundle'),
  version: z.union([z.literal(1), z.literal(BUNDLE_VERSION)]),
  exportedAt: instant,
  id: z.uuid(),
  reference: z.string(),
  status: z.string(),
  level: z.string(),
  channel: z.string(),
  zone: z.string().nullable(),
  region: z.string().nullable(),
  isSubmitted: z.boolean(),
  isUnfinished: z.boolean(),
  openedAt: instant,
  updatedAt: instant,
  closedAt: instant.nullable(),
  chainHead: bytes.nullable(),
  chainLength: z.int().min(0),
  wraps: z.array(z.object({ group: z.string(), wrapped: bytes })),
  /** Newest first, each signed by the one before it (`crypto/signing-keys.ts`). */
  signingKeys: z.array(
    z.object({
      keyId: z.string().regex(/^[0-9a-f]{8}$/),
      publicKey: z.base64(),
      signedBy: z.string().optional(),
      signature: bytes.optional(),
    }),
  ),
  /** Public half of the case's key, and how it was bound to the case (`crypto/case-binding.ts`). */
  recipient: z.string().optional(),
  recipientSignature: bytes.nullable().default(null),
  boundFrom: z.int().min(0).default(0),
  /** Reference of the case in whose place this one goes on, since that one's key did not fit. */
  replaces: z.string().nullable().default(null),
});
const itemLine = z.object({
  kind: z.literal('item'),
  place: z.int().min(0),
  type: z.string(),
  at: instant,
  ciphertext: bytes,
  link: bytes,
  signature: bytes,
});
const fileLine = z.object({
  kind: z.literal('file'),
  id: z.uuid(),
  media: z.string(),
  state: z.string(),
  size: z.int().nullable(),
  hash: bytes.nullable(),
});
const pieceLine = z.object({
  kind: z.literal('piece'),
  file: z.uuid(),
  n: z.int().min(0),
  ciphertext: bytes,
});
const endLine = z.object({
  kind: z.literal('end'),
  items: z.int(),
  files: z.int(),
  /** Of all lines before, as they are written. */
  signature: bytes.optional(),
});
const lineSchema = z.discriminatedUnion('kind', [caseLine, itemLine, fileLine, pieceLine, endLine]);

export type BundleLine = z.infer<typeof lineSchema>;
export type BundleCase = z.infer<typeof caseLine>;
export type BundleItem = z.infer<typeof itemLine>;
export type BundleFile = z.infer<typeof fileLine>;

/** Takes in the lines of a bundle as they are written; in the end one signature is made or checked over them. */
export function bundleHash() {
  const hash = createHash('sha256');
  return {
    /** A line with the `\n` that ends it. */
    add: (line: string) => void hash.update(line),
    sign: (signer: Pick<Signer, 'sign'>) => signer.sign(DOMAIN, hash.copy().digest()),
    isSigned: (verifier: Verifier, signature: Uint8Array | undefined) =>
      signature !== undefined && verifier.verify(DOMAIN, hash.copy().digest(), signature),
  };
}

/** One line of the file, bytes as base64. */
export function writeLine(line: BundleLine): string {
  return `${JSON.stringify(line, (_key, value: unknown) =>
    value instanceof Uint8Array
      ? Buffer.from(value).toString('base64')
      : isPrintedBuffer(value)
        ? Buffer.from(value.data).toString('base64')
        : value,
  )}\n`;
}

// A Buffer turns itself into this before the replacer sees it.
function isPrintedBuffer(value: unknown): value is { type: 'Buffer'; data: number[] } {
  return typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer';
}

/** Checks one line. Throws `bundle_unreadable`. */
export function readLine(text: string, n: number): BundleLine {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unreadable(n);
  }
  const parsed = lineSchema.safeParse(json);
  if (!parsed.success || (n === 1) !== (parsed.data.kind === 'case')) throw unreadable(n);
  return parsed.data;
}

function unreadable(n: number): LakanaError {
  return new LakanaError(
    'bundle_unreadable',
    n === 1
      ? `this is no case that was exported by Lakana: give the file that ${TOOL} case export made`
      : `line ${n} of the file is damaged: export the case again`,
  );
}
