/**
 * What a member is and which key is theirs, signed by the server when they joined. Browsers check it before they hand
 * the team's secret key to that key: an intruder who can write to the database cannot put theirs in its place. Runs in
 * a browser too.
 */
import { hashOfParts } from './hash-of-parts.ts';
import type { Signer, Verifier, Verify } from './verifier.ts';

const DOMAIN = 'lakana/member/v1';

export type MemberBinding = { id: string; recipient: string; role: string; officerId: string | null };

export function signMember({ sign }: Pick<Signer, 'sign'>, member: MemberBinding): Uint8Array {
  return sign(DOMAIN, partsOf(member));
}

export function isSignedMember(
  verifier: Verifier,
  member: MemberBinding,
  signature: Uint8Array | null,
): boolean {
  return signature !== null && verifier.verify(DOMAIN, partsOf(member), signature);
}

/** The same in a browser. */
export async function isSignedMemberBy(
  verify: Verify,
  member: MemberBinding,
  signature: Uint8Array | null,
): Promise<boolean> {
  return signature !== null && verify(DOMAIN, partsOf(member), signature);
}

function partsOf({ id, recipient, role, officerId }: MemberBinding): Uint8Array {
  return hashOfParts([DOMAIN, id, recipient, role, officerId ?? '']);
}
