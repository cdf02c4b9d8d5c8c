/**
 * Opening a case in the browser, and sealing what is added.
 *
 * Invariant: what is opened lives in memory only; one item that does not open hides no other.
 */
import { evidenceHeader } from '../../cases/evidence-seal.ts';
import type { BoundRecipient } from '../../crypto/case-binding.ts';
import { openSealed, openStream, sealToCase } from '../../crypto/case-key.ts';
import { type CaseComing, sealedFile } from './api.ts';
import { breath } from './breath.ts';
import { toBase64 } from './bytes.ts';
import { caseSecretBy, type Ring } from './keys.ts';

export type OpenedItem = { place: number; type: string; at: string; content: Record<string, unknown> };
export type OpenedCase = Omit<CaseComing, 'items' | 'wraps'> & { items: OpenedItem[]; secret: string };

/** Items opened at a time: the page answers to touches between two lots. */
const AT_ONCE = 6;

/**
 * Opens a case. `known`: what was opened before, which is not opened again, since a case only grows; `onPart` is called
 * as items are opened. Throws a `LakanaError` if the case is sealed to another team.
 */
export async function openCase(
  sealed: CaseComing,
  ring: Ring,
  { known, onPart }: { known?: OpenedCase | undefined; onPart?: (opened: OpenedCase) => void } = {},
): Promise<OpenedCase> {
  const { items, wraps, ...rest } = sealed;
  const secret = known?.secret ?? (await caseSecretBy(ring, sealed.id, wraps));
  const opened: OpenedItem[] = items.flatMap(
    ({ place }) => known?.items.filter((item) => item.place === place) ?? [],
  );
  const places = new Set(opened.map(({ place }) => place));
  const fresh = items.filter(({ place }) => !places.has(place));
  for (let n = 0; n < fresh.length; n += AT_ONCE) {
    const lot = fresh.slice(n, n + AT_ONCE).map(async ({ ciphertext, ...about }) => ({
      ...about,
      content: await openItem(secret, sealed.id, about, ciphertext),
    }));
    opened.push(...(await Promise.all(lot)));
    onPart?.({ ...rest, items: [...opened], secret });
    await breath();
  }
  return { ...rest, items: opened, secret };
}

async function openItem(
  secret: string,
  caseId: string,
  { type, place }: { type: string; place: number },
  ciphertext: Promise<Uint8Array>,
): Promise<Record<string, unknown>> {
  try {
    const bytes = await openSealed(secret, { type, version: 1, caseId, place }, await ciphertext);
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    return { cannotOpen: true };
  }
}

/** A file as something the page can play or show. The address must be let go with `URL.revokeObjectURL`. */
export async function openFile(
  opened: OpenedCase,
  id: string,
  mediaType: string,
): Promise<string | undefined> {
  const sealed = await sealedFile(opened.reference, id);
  if (!sealed) return undefined;
  try {
    const plain = await openStream(opened.secret, evidenceHeader(opened.id, id), sealed);
    const blob = await new Response(plain as ReadableStream<Uint8Array<ArrayBuffer>>).blob();
    return URL.createObjectURL(new Blob([blob], { type: mediaType }));
  } catch {
    return undefined;
  }
}

/** Words of an officer, sealed into the case at its next place: to the reporter, or a note of the team. */
export async function sealWords(
  opened: OpenedCase,
  type: 'message' | 'note',
  text: string,
  by: string,
): Promise<string> {
  const header = { type, version: 1, caseId: opened.id, place: opened.length };
  const bytes = new TextEncoder().encode(JSON.stringify({ at: new Date().toISOString(), by, text }));
  return toBase64(await sealToCase(opened.recipient as BoundRecipient, header, bytes));
}
