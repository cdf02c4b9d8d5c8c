/** A recording as versions before 0035 kept it: the file as it came, a keyed hash over the row, and its notes. */
import { createHash } from 'node:crypto';
import { audit } from '../../../src/app/records/audit.ts';
import { spokenVersion } from '../../../src/conversation/flows/spoken-keys.ts';
import { keepVoice } from '../../../src/db/voice-recordings.ts';
import type { TextsRoom } from '../texts-room.ts';

export const EARLIER = '11111111-0000-4000-8000-000000000000';

/** `isAgreed`: the second person has listened and said yes; else it waits for that. */
export async function keepEarlier(
  room: TextsRoom,
  text: { language: string; key: string },
  ogg: Uint8Array,
  isAgreed = true,
): Promise<void> {
  const { ctx, clock, translator, coordinator } = room;
  const now = clock.at();
  const sha256 = createHash('sha256').update(ogg).digest();
  const version = spokenVersion(ctx.texts, text.language, text.key);
  const row = { id: EARLIER, ...text, version, ms: 1_000, size: ogg.length, sha256 };
  const heardBy = isAgreed ? coordinator.id : null;
  const heardAt = isAgreed ? now : null;
  const signed = JSON.stringify([
    ...[row.id, row.language, row.key, row.version, row.ms, row.size, sha256.toString('hex')],
    ...[translator.id, now.getTime(), heardBy, heardAt?.getTime() ?? null],
  ]);
  const mac = ctx.keyring.index('voice-recording', signed);
  await room.inside(async (at) => {
    await keepVoice(at.tx, {
      ...row,
      recordedBy: translator.id,
      recordedAt: now,
      heardBy,
      heardAt,
      ogg,
      mac,
    });
    const detail = { ...text, recording: EARLIER };
    await audit(at, { memberId: translator.id, what: 'voice_recorded', detail });
    if (isAgreed) await audit(at, { memberId: coordinator.id, what: 'voice_agreed', detail });
  });
}
