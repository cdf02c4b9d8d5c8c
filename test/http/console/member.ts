import { beginSession } from '../../../src/app/console/sessions.ts';
import { insertMember, insertPasskey, type Role } from '../../../src/db/members.ts';
import { type MemberId, newId, type OfficerId, type PasskeyId } from '../../../src/kernel/ids.ts';
import type { openRoom } from '../../app/room.ts';

export type Joined = { id: MemberId; passkeyId: PasskeyId; token: string };

/** Somebody joins, with a device and a session of their own. */
export function joins(
  room: Awaited<ReturnType<typeof openRoom>>,
  role: Role,
  officerId: OfficerId | null = null,
  device: { credentialId?: string; publicKey?: Uint8Array } = {},
): Promise<Joined> {
  return room.inside(async (tx, ctx, now) => {
    const id = newId<MemberId>();
    const nameSealed = ctx.keyring.seal('member-name', id, new TextEncoder().encode('Kadi'));
    await insertMember(tx, { id, officerId, nameSealed, role, recipient: 'age1pq1x', createdAt: now });
    const passkeyId = newId<PasskeyId>();
    await insertPasskey(tx, {
      id: passkeyId,
      memberId: id,
      credentialId: passkeyId,
      publicKey: new Uint8Array(1),
      ...device,
      counter: 0,
      transports: [],
      wrappedBy: 'prf',
      wrappedSecret: new Uint8Array(1),
      createdAt: now,
    });
    return { id, passkeyId, token: await beginSession(tx, ctx, now, id, passkeyId) };
  });
}
