import { LakanaError } from '../kernel/errors.ts';
import { normalForm } from '../kernel/unicode.ts';
import { createIdentity, decrypterFor, encrypterFor, opening, recipientOf } from './age.ts';
import type { BoundRecipient } from './case-binding.ts';
import { pad, unpad } from './padding.ts';
import { FRAME, frameContent, frameStart, joinBytes, type SealHeader } from './sealed-frame.ts';

/** A recipient group of cases (`team` is the first) and the public half of its key. */
export type RecipientGroup = { group: string; recipient: string };
/** The secret half of a case's key, readable by one group. */
export type CaseWrap = { group: string; wrapped: Uint8Array };

/** A key pair for a team: to be made on the team's own machine, never on the server. */
export async function createTeamKey(): Promise<{ secret: string; recipient: string }> {
  const secret = await createIdentity();
  return { secret, recipient: await recipientOf(secret) };
}

/** Whether a text is the public half of a team's key, without spaces around it. */
export function isTeamRecipient(text: string): boolean {
  try {
    encrypterFor(text);
    return true;
  } catch {
    return false;
  }
}

/** The public half in the content of a key file (lines that begin with `#` are remarks). Throws `bad_recipient`. */
export function parseTeamRecipient(fileContent: string): string {
  const line = onlyKey(fileContent).toLowerCase();
  encrypterFor(line);
  return line;
}

/** The secret half in the content of a key file. Throws `bad_identity`. */
export function parseTeamSecret(fileContent: string): string {
  const line = onlyKey(fileContent).toUpperCase();
  decrypterFor(line);
  return line;
}

/** A key pair for a case. The secret half is wrapped to each group and then forgotten. */
export async function createCaseKey(
  groups: readonly RecipientGroup[],
  caseId: string,
): Promise<{ recipient: BoundRecipient; wraps: CaseWrap[] }> {
  if (groups.length === 0) throw new LakanaError('no_recipient', 'a case needs somebody who can open it');
  const secret = await createIdentity();
  // Fresh from here: nobody could put another one in its place.
  const recipient = (await recipientOf(secret)) as BoundRecipient;
  const wraps = await Promise.all(
    groups.map(async (to) => ({ group: to.group, wrapped: await wrapCaseSecret(to, caseId, secret) })),
  );
  return { recipient, wraps };
}

/** The case's secret key for one more group: how a member who can open a case shares it. */
export function wrapCaseSecret(to: RecipientGroup, caseId: string, secret: string): Promise<Uint8Array> {
  const header = wrapHeader(caseId, to.group);
  const frame = joinBytes([frameStart(FRAME.caseSecret, header), new TextEncoder().encode(secret)]);
  return encrypterFor(to.recipient).encrypt(frame);
}

/**
 * The case's secret key out of a wrap. `group` is the one whose wrap it is (default: the team). Throws
 * `not_a_recipient`, `seal_header_mismatch` (another case's or group's wrap) or `cannot_open`.
 */
export async function openCaseSecret(
  teamSecret: string,
  caseId: string,
  wrapped: Uint8Array,
  group = 'team',
): Promise<string> {
  const opened = await opening(() => decrypterFor(teamSecret).decrypt(wrapped));
  const secret = new TextDecoder().decode(frameContent(FRAME.caseSecret, wrapHeader(caseId, group), opened));
  decrypterFor(secret);
  return secret;
}

/** Seals bytes to a case; their length is padded. About 1 ms, and 5 where the library computes (`#hybrid`). */
export function sealToCase(
  recipient: BoundRecipient,
  header: SealHeader,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  return encrypterFor(recipient).encrypt(joinBytes([frameStart(FRAME.whole, header), pad(bytes)]));
}

/**
 * Opens what `sealToCase` sealed. Throws `seal_header_mismatch` if it was sealed for another case, place, kind
 * or version, `not_a_recipient` with another case's key, `cannot_open` if it was changed.
 */
export async function openSealed(
  caseSecret: string,
  expected: SealHeader,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  const opened = await opening(() => decrypterFor(caseSecret).decrypt(sealed));
  return unpad(frameContent(FRAME.whole, expected, opened));
}

/** A wrap has no place in the case; which group it is for stands in its kind. */
function wrapHeader(caseId: string, group: string): SealHeader {
  return { type: `case-secret/${group}`, version: 1, caseId, place: 0 };
}

/**
 * A key as it comes out of a file or is typed from paper: in any case, in groups or several lines, with whatever signs an
 * editor or messenger put around it or between.
 */
function onlyKey(content: string): string {
  // Windows writes two bytes a letter: read as one, every second sign is none.
  const plain = normalForm('NFKC', content.replaceAll('\0', '').replaceAll('\ufffd', '')).replace(
    /[\p{Pd}\u2212]/gu,
    '-',
  );
  const lines = plain.split(/\r\n|\r|\n/).filter((line) => !line.trim().startsWith('#'));
  return lines.join('').replace(/[\s\p{Cf}]/gu, '');
}
