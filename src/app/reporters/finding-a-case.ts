/**
 * Finding one's case again from another phone or messenger, by its reference and its receipt code.
 *
 * Invariants: a try is counted before anything is hashed, against the contact that makes it, so that nobody's guessing
 * locks out another person; a reference that does not exist is answered like a wrong code, and takes as long; what
 * holds a code is kept nowhere. What comes of a right one is in `two-phones.ts`.
 */
import { parseReference } from '../../cases/reference.ts';
import type { IncomingMessage } from '../../channels/channel.ts';
import type { Input } from '../../conversation/values/input.ts';
import { parseReceiptCode } from '../../crypto/receipt-code.ts';
import { findCaseByReference, findReceiptCode } from '../../db/cases.ts';
import { countTry, takeBackTry } from '../../db/code-tries.ts';
import { after, hours } from '../../kernel/time.ts';
import { digitsToAscii, normalForm } from '../../kernel/unicode.ts';
import type { Level } from '../../kernel/vocabulary.ts';
import { newestOf } from '../alerts/case-going-on.ts';
import type { Context } from '../ground/context.ts';
import { arrivalOf } from '../keys/addresses.ts';
import { watchGuessing } from '../watch/guessing.ts';

/** Tries an hour from one contact. */
const TRIES = 5;

/** What a message with a receipt code comes to. */
export type Claim = Extract<Input, { kind: 'came_back' | 'code_refused' }>;

type Said = { reference?: string; code: string };

/** Looks whether a message is a claim to a case, and whether it is right. Outside any transaction: hashing takes long. */
export async function claimIn(ctx: Context, message: IncomingMessage): Promise<Claim | undefined> {
  const said = message.content.kind === 'text' ? readClaim(message.content.text) : undefined;
  if (!said) return undefined;
  if (said.reference === undefined) return { kind: 'code_refused', why: 'needs_reference' };
  const { addressIndex } = arrivalOf(ctx, message);
  const now = await ctx.clock.now(ctx.db);
  const of = triedIndex(ctx, said.reference);
  const tries = await countTry(ctx.db, addressIndex, now, after(now, -hours(1)), of);
  await watchGuessing(ctx, now);
  if (tries > TRIES) return { kind: 'code_refused', why: 'too_many' };
  const found = await findCaseByReference(ctx.db, said.reference);
  const stored = found && (await findReceiptCode(ctx.db, found.id));
  const isRight = await ctx.receiptCodes.compare(said.code, stored, tries);
  if (isRight === 'busy') {
    await takeBackTry(ctx.db, addressIndex, now);
    return { kind: 'code_refused', why: 'busy' };
  }
  if (!found || !stored || !isRight) return { kind: 'code_refused', why: 'wrong' };
  const { level } = found;
  const id = await newestOf(ctx.db, ctx, found.id);
  return {
    kind: 'came_back',
    case: { caseId: id, reference: said.reference, level: (level ?? 'medium') as Level },
  };
}

/** By what it is noted that a person tries to find the case with this reference. */
export const triedIndex = ({ keyring }: Context, reference: string): Uint8Array =>
  keyring.index('code_tried', reference);

/** A reference as people write it, anywhere in a text. */
const REFERENCE = /(?<![\p{L}\d])[a-z01]{4}[\s\p{Pd}]{0,3}[\doil]{4}(?!\d)/giu;
/** A word or two beside them, as "référence" and "code secret". */
const MOST_LETTERS = 40;

/** The code, with the reference if that was given too; undefined for what is no claim. */
export function readClaim(text: string): Said | undefined {
  const plain = normalForm('NFKC', text);
  const references = [...plain.matchAll(REFERENCE)].flatMap(([written]) => {
    const reference = parseReference(written);
    return reference ? [{ written, reference }] : [];
  });
  const [first] = references;
  const rest = first ? plain.replace(first.written, ' ') : plain;
  const code = parseReceiptCode(rest);
  const letters = rest.match(/\p{L}/gu)?.length ?? 0;
  if (code === undefined || letters > (first ? MOST_LETTERS : 0)) return undefined;
  if (!first && isTwoPhones(rest)) return undefined;
  return { code, ...(first ? { reference: first.reference } : {}) };
}

/**
 * Two phone numbers of Mali have as many digits as a receipt code: told by how they are grouped, in pairs or in eights, where a
 * code is shown in fours. A code in pairs and without its reference would find nothing by it anyway.
 */
function isTwoPhones(text: string): boolean {
  const groups = digitsToAscii(text).match(/\d+/g) ?? [];
  const ends = groups.map((_, n) => groups.slice(0, n + 1).join('').length);
  const isGrouped = groups.every(({ length }) => length === 2 || length === 8) && ends.includes(8);
  const digits = groups.join('');
  return isGrouped && [digits, digits.slice(8)].every((number) => MOBILE.test(number));
}
/** What numbers of Mali begin with. */
const MOBILE = /^[25-9]/;
