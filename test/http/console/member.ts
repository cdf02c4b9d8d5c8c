import { beginSession } from '../../../src/app/members/sessions.ts';
import { vouchedDevice } from '../../../src/app/members/vouched-rows.ts';
import { insertMember, insertPasskey } from '../../../src/db/members.ts';
import { type MemberId, newId, type OfficerId, type PasskeyId } from '../../../src/kernel/ids.ts';
import type { Role } from '../../../src/kernel/vocabulary.ts';
import type { openRoom } from '../../app/room.ts';

export type Joined = { id: MemberId; passkeyId: PasskeyId; token: string };

/** A member joins, with a device and a session of their own. */
export function joins(
  room: Awaited<ReturnType<typeof openRoom>>,
  role: Role,
  officerId: OfficerId | null = null,
  { name = 'Kadi', ...device }: { credentialId?: string; publicKey?: Uint8Array; name?: string } = {},
): Promise<Joined> {
  return room.inside(async (at) => {
    const { tx, ctx, now } = at;
    const id = newId<MemberId>();
    const nameSealed = ctx.keyring.seal('member-name', id, new TextEncoder().encode(name));
    const member = { id, officerId, role, recipient: 'age1pq1x' };
    await insertMember(tx, { ...member, nameSealed, createdAt: now });
    const passkeyId = newId<PasskeyId>();
    const row = {
      id: passkeyId,
      memberId: id,
      credentialId: passkeyId,
      publicKey: new Uint8Array(1),
      ...device,
      counter: 0,
      transports: [],
      wrappedBy: 'prf' as const,
      wrappedSecret: new Uint8Array(1),
      createdAt: now,
    };
    await insertPasskey(tx, vouchedDevice(ctx, row, member));
    return { id, passkeyId, token: await beginSession(at, id, passkeyId) };
  });
}
