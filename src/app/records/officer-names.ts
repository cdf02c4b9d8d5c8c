/**
 * Names of officers, under the server key.
 *
 * Invariant: a name stands in the clear only inside a sealed body that goes to another officer, never in a log,
 * a job or a text to a reporter; of a full name only the first word is shown.
 */
import type { Keyring } from '../../crypto/keyring.ts';
import { findOfficer } from '../../db/officers.ts';
import type { OfficerId } from '../../kernel/ids.ts';
import type { Moment } from '../ground/transaction.ts';

type Keys = { keyring: Keyring };

export function sealName(ctx: Keys, id: OfficerId, name: string): Uint8Array {
  return ctx.keyring.seal('officer-name', id, new TextEncoder().encode(name));
}

export function openName(ctx: Keys, officer: { id: OfficerId; nameSealed: Uint8Array }): string {
  return new TextDecoder().decode(ctx.keyring.open('officer-name', officer.id, officer.nameSealed));
}

/** The name by which officers call each other in messages: the first word as it was entered. */
export function shortName(ctx: Keys, officer: { id: OfficerId; nameSealed: Uint8Array }): string {
  const name = openName(ctx, officer).trim();
  return name.split(/\s+/)[0] ?? name;
}

/** Short names of these officers, also of those who were removed. */
export async function shortNames(
  { tx, ctx }: Moment<Keys>,
  ids: readonly (OfficerId | null)[],
): Promise<ReadonlyMap<OfficerId, string>> {
  const names = new Map<OfficerId, string>();
  for (const id of ids) {
    if (!id || names.has(id)) continue;
    const officer = await findOfficer(tx, id);
    if (officer) names.set(id, shortName(ctx, officer));
  }
  return names;
}
