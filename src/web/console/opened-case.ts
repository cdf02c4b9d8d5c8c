/**
 * Opening a case in the browser, checking it, and sealing what is added.
 *
 * Invariants: what is opened lives in memory only; one item that does not open hides no other; each item says what is known
 * of where it came from, and what is not vouched for is never taken for the person's word; nothing is sealed to a key that
 * the server did not sign for this case.
 */
import { evidenceHeader } from '../../cases/evidence-seal.ts';
import { recipientOf } from '../../crypto/age.ts';
import { type BoundRecipient, boundRecipientBy } from '../../crypto/case-binding.ts';
import {
  type CaseCheck,
  type CaseTrouble,
  createCaseCheck,
  type ItemVerdict,
  isGood,
} from '../../crypto/case-check.ts';
import { openSealed, sealToCase } from '../../crypto/case-key.ts';
import { hashing } from '../../crypto/hashing.ts';
import { openStream } from '../../crypto/seal-stream.ts';
import { type CaseComing, sealedFile, type WordsComing } from './api.ts';
import { breath } from './breath.ts';
import { toBase64, toBytes } from './bytes.ts';
import { caseSecretBy, type Keys } from './keys.ts';
import { mustBeOpen } from './lock.ts';
import type { OpenedItem } from './opened-item.ts';
import { browserMemory, rememberSeen, seenOf } from './remembered.ts';

export type OpenedCase = Omit<CaseComing, 'items' | 'wraps' | 'recipient'> & {
  items: OpenedItem[];
  secret: string;
  /** The case's public key; undefined: nobody vouches for it, and nothing is sealed to it. */
  recipient: BoundRecipient | undefined;
  /** What does not fit; as long as items still come, only what is known by then. */
  troubles: CaseTrouble[];
};

export type Opener = Pick<Keys, 'ring' | 'server'>;

/** Items opened at a time: the page answers to touches between two lots. */
const AT_ONCE = 6;

/**
 * Opens a case. `known`: what was opened before, which is not opened again, since a case only grows; `onPart` is called
 * as items are opened for the first time. Throws a `LakanaError` if the case is sealed to another team.
 */
export async function openCase(
  sealed: CaseComing,
  opener: Opener,
  { known, onPart }: { known?: OpenedCase | undefined; onPart?: (opened: OpenedCase) => void } = {},
): Promise<OpenedCase> {
  mustBeOpen();
  const { items, wraps, recipient: _claimed, ...rest } = sealed;
  const remembered = seenOf(browserMemory(), sealed.id);
  const secret = known?.secret ?? (await caseSecretBy(opener.ring, sealed.id, wraps));
  const recipient = await provenRecipient(sealed, secret, opener);
  const check = checkOf(sealed, opener);
  const opened: OpenedItem[] = [];
  const keyTrouble: CaseTrouble[] = recipient ? [] : ['key_changed'];
  for (let n = 0; n < items.length; n += AT_ONCE) {
    const came = await Promise.all(
      items.slice(n, n + AT_ONCE).map(async (item) => ({ ...item, ciphertext: await item.ciphertext })),
    );
    const lot = came.map(async ({ ciphertext, signature: _, ...about }, at) => {
      const verdict = await judged(check, came[at]);
      const before = known?.items.find(({ place, link }) => place === about.place && link === about.link);
      const isSame = before !== undefined && isGood(before.verdict) && isGood(verdict);
      const content = isSame ? before.content : await openItem(secret, sealed.id, about, ciphertext);
      return { ...about, verdict, content };
    });
    opened.push(...(await Promise.all(lot)));
    if (!known) {
      onPart?.({
        ...rest,
        items: [...opened],
        secret,
        recipient,
        troubles: [...check.soFar(), ...keyTrouble],
      });
      await breath();
    }
  }
  const { length, chainHead } = sealed;
  const ended = check.end({
    length,
    head: chainHead === null ? null : toBytes(chainHead),
    remembered,
    isBegunAnew: isBegunAnew(opened[0]),
  });
  const seen = check.seen();
  if (seen) rememberSeen(browserMemory(), new Map([[sealed.id, seen]]));
  return { ...rest, items: opened, secret, recipient, troubles: [...ended, ...keyTrouble] };
}

type Checked = Pick<CaseComing | WordsComing, 'id' | 'boundFrom'>;

export const checkOf = ({ id, boundFrom }: Checked, { server }: Pick<Opener, 'server'>): CaseCheck =>
  createCaseCheck({ caseId: id, boundFrom, verify: server.verify });

type Came = { place: number; type: string; ciphertext: Uint8Array; link: string; signature: string };

/** To be called in the order of the items. */
export async function judged(check: CaseCheck, came: Came | undefined): Promise<ItemVerdict> {
  if (!came) return 'not_ours';
  const { place, type, ciphertext, link, signature } = came;
  return check.item({ place, kind: type, ciphertext, link: toBytes(link), signature: toBytes(signature) });
}

/** The reporter asked for help and wanted nothing kept: the service emptied the case and wrote this first. */
export function isBegunAnew(first: Pick<OpenedItem, 'verdict' | 'type' | 'content'> | undefined): boolean {
  return (
    first !== undefined &&
    isGood(first.verdict) &&
    first.type === 'event' &&
    first.content.what === 'asked_for_help_and_refused_consent'
  );
}

/** The case's public key, if the server signed it for this case and it belongs to the secret key that opens it. */
export async function provenRecipient(
  sealed: Pick<WordsComing, 'id' | 'recipient' | 'recipientSignature' | 'boundFrom'>,
  secret: string,
  { server }: Pick<Opener, 'server'>,
): Promise<BoundRecipient | undefined> {
  const { id: caseId, recipient, recipientSignature, boundFrom } = sealed;
  const signature = recipientSignature === null ? null : toBytes(recipientSignature);
  const bound = await boundRecipientBy(server.verify, { caseId, recipient, boundFrom, signature });
  return bound === (await recipientOf(secret)) ? bound : undefined;
}

/** What the server noted of the item at `place`: who wrote it, and when. Only the server writes events. */
export function writerOf(
  items: readonly OpenedItem[],
  place: number,
): { by: string; at: string } | undefined {
  const noted = items.find(
    ({ type, content, verdict }) =>
      type === 'event' && isGood(verdict) && content.what === 'written' && content.place === place,
  );
  return noted && { by: String(noted.content.by), at: String(noted.content.at) };
}

async function openItem(
  secret: string,
  caseId: string,
  { type, place }: { type: string; place: number },
  ciphertext: Uint8Array,
): Promise<Record<string, unknown>> {
  try {
    const bytes = await openSealed(secret, { type, version: 1, caseId, place }, ciphertext);
    const content = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    // Sealed by a browser: of what it says of itself only the words count.
    const isWords = type === 'message' || type === 'note';
    return isWords ? { at: content.at, by: content.by, text: content.text } : content;
  } catch {
    return { cannotOpen: true };
  }
}

/** What the service wrote: what is not vouched for is not among them. */
export const goodItems = ({ items }: Pick<OpenedCase, 'items'>): OpenedItem[] =>
  items.filter(({ verdict }) => isGood(verdict));

/** Where the case itself tells of a file; undefined: nowhere, and then it is not one that the service put there. */
export const aboutFile = (opened: OpenedCase, id: string): OpenedItem | undefined =>
  goodItems(opened).find(({ type, content }) => type === 'evidence' && content.evidence === id);

/** `hash`: SHA-256 of its own bytes, in hex. The address must be let go with `URL.revokeObjectURL`. */
export type OpenFile = { address: string; blob: Blob; hash: string };

/** A file as something the page can play or show. `foreign`: these are not the bytes that the service noted in the case. */
export async function openFile(
  opened: OpenedCase,
  id: string,
  mediaType: string,
): Promise<OpenFile | 'lost' | 'foreign'> {
  mustBeOpen();
  const sealed = await sealedFile(opened.reference, id);
  if (!sealed) return 'lost';
  const { through, digest } = hashing(sealed);
  try {
    const plain = await openStream(opened.secret, evidenceHeader(opened.id, id), through);
    const own = hashing(plain);
    const bytes = await new Response(own.through as ReadableStream<Uint8Array<ArrayBuffer>>).blob();
    const noted = aboutFile(opened, id)?.content;
    const hash = own.digest();
    if (digest() !== noted?.sha256 || hash !== (noted.plainSha256 ?? hash)) return 'foreign';
    const blob = new Blob([bytes], { type: mediaType });
    return { address: URL.createObjectURL(blob), blob, hash };
  } catch {
    return 'lost';
  }
}

/**
 * Words of an officer, sealed into the case at its next place: to the reporter, or a note of the team; who wrote them
 * the server says. Undefined: nobody vouches for the case's key.
 */
export async function sealWords(
  opened: OpenedCase,
  type: 'message' | 'note',
  text: string,
): Promise<string | undefined> {
  mustBeOpen();
  if (!opened.recipient) return undefined;
  const header = { type, version: 1, caseId: opened.id, place: opened.length };
  const bytes = new TextEncoder().encode(JSON.stringify({ at: new Date().toISOString(), text }));
  return toBase64(await sealToCase(opened.recipient, header, bytes));
}
