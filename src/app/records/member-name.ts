import type { Keyring } from '../../crypto/keyring.ts';
import type { InvitationId, MemberId } from '../../kernel/ids.ts';

type Keys = { keyring: Keyring };

/** A member's name, for the database. */
export function sealMemberName({ keyring }: Keys, id: MemberId | InvitationId, name: string): Uint8Array {
  return keyring.seal('member-name', id, new TextEncoder().encode(name));
}

/** A member's name out of the database. */
export function openMemberName(
  { keyring }: Keys,
  row: { id: MemberId | InvitationId; nameSealed: Uint8Array },
): string {
  return new TextDecoder().decode(keyring.open('member-name', row.id, row.nameSealed));
}
