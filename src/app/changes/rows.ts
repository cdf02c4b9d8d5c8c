/**
 * One change of a text or of its recording as a row: sealed by the server key, at its place, behind the one before it.
 *
 * The rule of this room. What is said and heard beside the files is what these rows say, one after the other, and nothing
 * else: that something waits, counts, was refused or withdrawn stands in no column. Each row names its place, the hash of the
 * row before it, and the place of the one before it about the same text; each is noted, with place and hash, in a signed row
 * of the audit log, in the same transaction. So nobody without the server key can make one, change one, or move one to another
 * place, language or key; a yes names what it is said to by place and hash; an older row that is put back stands where it stood and
 * says nothing new; one that is taken away is missed; and rows of another hand, wherever they stand, are named and change nothing (`what-holds.ts`).
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { TextValue } from '../../conversation/said/own-texts.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import type { TextChangeRow } from '../../db/text-changes.ts';
import { TEXT_CHANGES, VOICE_CHANGES } from '../../kernel/vocabulary.ts';

type Keys = { keyring: Keyring };
const PURPOSE = 'text-change';

/** `hash`: of the change that is lost; before that stood there none was named. */
const lostText = z.strictObject({ language: z.string(), key: z.string(), hash: z.string().optional() });
export type Lost = z.infer<typeof lostText>;

const sealedPart = z.strictObject({
  /** `lost`: says what is lost, and nothing else. */
  is: z.enum([...TEXT_CHANGES, ...VOICE_CHANGES, 'lost']),
  /** The member; null: the operator, from the command line. */
  by: z.string().nullable(),
  /** Of `set` and `propose`; null: as the files say it. */
  text: z
    .union([z.string(), z.array(z.string()).readonly()])
    .nullable()
    .optional(),
  /** The place of what was proposed or recorded, of what says something of that; and since 0036 its hash: a yes is said to that. */
  of: z.number().int().optional(),
  ofHash: z.string().optional(),
  /** Of `review`: which text was read; of `propose`: which one counted (`versionOf`). */
  version: z.string().optional(),
  /** Of `comment`. */
  words: z.string().optional(),
  /** Of `voice_recorded`: the bytes that are heard, and for which text (`spokenVersion`) they were made. */
  recording: z
    .strictObject({
      id: z.string(),
      version: z.string(),
      sha256: z.string(),
      size: z.number().int(),
      ms: z.number().int(),
    })
    .optional(),
  /** Nobody could be told of it who coordinates or administers and is none of the two. */
  isUntold: z.literal(true).optional(),
  /** Texts of which a change may be gone (`what-holds.ts`): from here on they are as the files say, until a person says them anew. */
  lost: z.array(lostText).optional(),
  /** The place of the one before it that says that something is lost: where that one is gone, every text may be meant. */
  lostBefore: z.number().int().optional(),
  /** Hash of the row before it (hexadecimal; empty: none), and the place of the one before it of the same text (0: none). */
  before: z.string(),
  beforeOfText: z.number().int(),
});

export type Change = z.infer<typeof sealedPart> & { seq: number; at: Date; language: string; key: string };
/** As it was read: `hash`: of its row. */
export type OpenChange = Change & { hash: string };

/** Place, time, language and key are authenticated with what is sealed. */
const contextOf = ({ seq, at, language, key }: Omit<TextChangeRow, 'sealed'>): string =>
  JSON.stringify([seq, at.getTime(), language, key]);

export function sealChange({ keyring }: Keys, { seq, at, language, key, ...rest }: Change): TextChangeRow {
  const place = { seq, at, language, key };
  const bytes = new TextEncoder().encode(JSON.stringify(rest));
  return { ...place, sealed: keyring.seal(PURPOSE, contextOf(place), bytes) };
}

/** Undefined: the server did not write this row, or not here. */
export function openChange({ keyring }: Keys, { sealed, ...place }: TextChangeRow): OpenChange | undefined {
  try {
    const text = new TextDecoder().decode(keyring.open(PURPOSE, contextOf(place), sealed));
    return { ...place, ...sealedPart.parse(JSON.parse(text)), hash: hashOfRow({ sealed }) };
  } catch {
    return undefined;
  }
}

export const hashOfRow = ({ sealed }: Pick<TextChangeRow, 'sealed'>): string =>
  createHash('sha256').update(sealed).digest('hex');

/** Which text it is: changes with every letter. Null: none. */
export const versionOf = (text: TextValue | null | undefined): string =>
  createHash('sha256')
    .update(JSON.stringify(text ?? null))
    .digest('hex')
    .slice(0, 16);
