/** What stands at the beginning and at the end of a backup. */

import { z } from 'zod';
import { MODES } from '../kernel/vocabulary.ts';
import { newerBackup, notABackup } from './frames.ts';

const count = z.number().int().nonnegative();
const name = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);

const headerSchema = z.strictObject({
  lakana: z.literal('backup'),
  format: z.literal(1),
  /** Of the program that wrote it. */
  version: z.string().max(40),
  /** The last migration's hash, and how many there were up to it. */
  schema: z.strictObject({ count: count.min(1), hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  /** Everything that was committed before. */
  asOf: z.iso.datetime(),
  mode: z.enum(MODES),
  /** Which server key opens addresses and names. */
  serverKey: z.string().regex(/^[0-9a-f]{8}$/),
  hasSessions: z.boolean(),
  /** How many cases the list of erasures held: an older list beside it is told by that. */
  erased: count,
  /** Its number; absent: of a program from before there were numbers. */
  list: count.optional(),
  tables: z
    .array(z.strictObject({ name, columns: z.array(name).min(1), rows: count }))
    .refine((tables) => new Set(tables.map((each) => each.name)).size === tables.length),
});
export type Header = z.infer<typeof headerSchema>;

const tailSchema = z.strictObject({
  sequences: z.array(z.strictObject({ name, value: z.string().regex(/^\d{1,19}$/), isCalled: z.boolean() })),
});
export type Tail = z.infer<typeof tailSchema>;

const endSchema = z.strictObject({
  /** Over every byte before this frame; and the server's signature of that. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  signature: z.base64(),
});
export type End = z.infer<typeof endSchema>;

/** What a signature at the end is made for. */
export const BACKUP_DOMAIN = 'lakana/backup/v1';

const print = (value: object): Buffer => Buffer.from(JSON.stringify(value));
export const printHeader = (header: Header): Buffer => print(header);
export const printTail = (tail: Tail): Buffer => print(tail);
export const printEnd = (end: End): Buffer => print(end);

/** What every format says, whatever else it says. */
const looseSchema = z.looseObject({
  lakana: z.literal('backup'),
  format: z.number().int().positive(),
  version: z.string().regex(/^[\w.+-]{1,40}$/),
});

/** Throws `newer_backup` for one that says more than this program knows, `not_a_backup` for one that says less. */
export function parseHeader(payload: Buffer): Header {
  const loose = parse(looseSchema, payload);
  const strict = headerSchema.safeParse(loose);
  if (strict.success) return strict.data;
  const saysMore = strict.error.issues.every(({ code }) => code === 'unrecognized_keys');
  throw loose.format > 1 || saysMore ? newerBackup(loose.version) : notABackup();
}

export const parseTail = (payload: Buffer): Tail => parse(tailSchema, payload);
export const parseEnd = (payload: Buffer): End => parse(endSchema, payload);

function parse<T>(schema: z.ZodType<T>, payload: Buffer): T {
  try {
    return schema.parse(JSON.parse(payload.toString('utf8')));
  } catch {
    throw notABackup();
  }
}
