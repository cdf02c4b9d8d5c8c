/**
 * Recordings that people make in the room: made, listened to by a second person, withdrawn.
 *
 * Invariants: what is recorded is heard by people only after a second person has listened to it and said yes, by the rules of
 * texts on which safety hangs, since nobody can read what a recording says; of a text that has changed meanwhile nothing is
 * kept. Its speaker withdraws it alone, and so does who answers for texts: from then on the text stands alone.
 */
import { randomUUID } from 'node:crypto';
import { type SpokenKey, spokenKeys, spokenVersion } from '../../conversation/flows/spoken-keys.ts';
import { createTexts, type TextFiles, type Texts } from '../../conversation/words/texts.ts';
import type { MemberRow } from '../../db/members.ts';
import {
  allVoices,
  countVoice,
  dropVoice,
  keepVoice,
  lockCountedVoice,
  lockWaitingVoice,
  type VoiceRow,
} from '../../db/voice-recordings.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { digest, isOurs, macOf, soundOf } from '../voices/of-the-room.ts';
import { pieceName } from '../voices/recordings.ts';
import { fitness, type Unfit } from '../voices/voice-files.ts';
import { answersForTexts, type WhyNotSecond, whyNotSecond } from './second-yes.ts';
import { tellInForce } from './telling.ts';
import type { TextName } from './what-holds.ts';

type Content = Pick<Context, 'content'>;

/** Texts of every language that there is, also of those that are not on offer yet. */
const wholes = new WeakMap<TextFiles, Texts>();

export function everyText({ content }: Content): Texts {
  const files = content.now();
  const whole = wholes.get(files) ?? createTexts(files, { defaultLanguage: content.texts.defaultLanguage });
  wholes.set(files, whole);
  return whole;
}

/** What of a language can be heard. */
export const spokenIn = (ctx: Content, language: string): SpokenKey[] =>
  language in ctx.content.now() ? spokenKeys(ctx.content.flows, everyText(ctx), language) : [];

export const versionNow = (ctx: Content, { language, key }: TextName): string =>
  spokenVersion(everyText(ctx), language, key);

export type Recorded =
  | { ok: true }
  | { ok: false; reason: 'no_such' | 'moved_on' }
  | { ok: false; reason: 'unfit'; unfit: Unfit };

/** Keeps what was recorded until a second person has listened to it. `version`: of the text that was read. */
export async function recordVoice(
  at: Moment,
  member: Pick<MemberRow, 'id'>,
  { language, key, version, ogg }: TextName & { version: string; ogg: Uint8Array },
): Promise<Recorded> {
  const { tx, ctx, now } = at;
  if (!spokenIn(ctx, language).some((each) => each.key === key)) return { ok: false, reason: 'no_such' };
  if (version !== versionNow(ctx, { language, key })) return { ok: false, reason: 'moved_on' };
  const { seconds, unfit } = await fitness(ogg);
  if (unfit) return { ok: false, reason: 'unfit', unfit };
  const row = {
    id: randomUUID(),
    language,
    key,
    version,
    ms: Math.round(seconds * 1_000),
    size: ogg.length,
    sha256: digest(ogg),
    recordedBy: member.id,
    recordedAt: now,
    heardBy: null,
    heardAt: null,
  };
  await keepVoice(tx, { ...row, ogg, mac: macOf(ctx, row) });
  await noteVoice(at, member, 'voice_recorded', row);
  return { ok: true };
}

export type Decided = { ok: true } | { ok: false; reason: 'no_such' | WhyNotSecond };

/** A second person has listened: it counts, or goes. Who recorded it may take it back. */
export async function decideVoice(
  at: Moment,
  member: MemberRow,
  { id, isYes }: { id: string; isYes: boolean },
): Promise<Decided> {
  const { tx, ctx, now } = at;
  const row = await lockWaitingVoice(tx, id);
  if (!row || !isOurs(ctx, row)) return { ok: false, reason: 'no_such' };
  if (!isYes) {
    await dropVoice(tx, id);
    await noteVoice(at, member, 'voice_refused', row);
    return { ok: true };
  }
  const why = await whyNotSecond(at, { by: row.recordedBy, at: row.recordedAt }, member);
  if (why) return { ok: false, reason: why };
  if (row.version !== versionNow(ctx, row)) return { ok: false, reason: 'moved_on' };
  const heard = { heardBy: member.id, heardAt: now };
  await countVoice(tx, row, { ...heard, mac: macOf(ctx, { ...row, ...heard }) });
  await noteVoice(at, member, 'voice_agreed', row);
  await tellInForce(at);
  ctx.nudge('texts');
  return { ok: true };
}

/** Takes out of use what counts: nobody hears it from now on, in any process. */
export async function withdrawVoice(
  at: Moment,
  member: MemberRow,
  { id }: { id: string },
): Promise<{ ok: true } | { ok: false; reason: 'no_such' | 'no_right' }> {
  const { tx, ctx } = at;
  const row = await lockCountedVoice(tx, id);
  if (!row) return { ok: false, reason: 'no_such' };
  if (!mayWithdraw(member, row)) return { ok: false, reason: 'no_right' };
  await dropVoice(tx, id);
  await noteVoice(at, member, 'voice_withdrawn', row);
  ctx.nudge('texts');
  return { ok: true };
}

export const mayWithdraw = (member: MemberRow, { recordedBy }: Pick<VoiceRow, 'recordedBy'>): boolean =>
  recordedBy === member.id || answersForTexts(member);

const noteVoice = (
  at: Moment,
  { id }: Pick<MemberRow, 'id'>,
  what: 'voice_recorded' | 'voice_refused' | 'voice_agreed' | 'voice_withdrawn',
  row: Pick<VoiceRow, 'id' | 'language' | 'key'>,
): Promise<void> =>
  audit(at, { memberId: id, what, detail: { language: row.language, key: row.key, recording: row.id } });

/** The sound of what waits (`id`), or of what counts for a text. */
export async function hearVoice(
  ctx: Context,
  { language, key, id }: TextName & { id?: string | undefined },
): Promise<Uint8Array | undefined> {
  if (id === undefined) return ctx.voices.recordings().get(pieceName({ language, key }))?.read();
  const row = (await allVoices(ctx.db, language)).find((each) => each.id === id && each.key === key);
  return row && isOurs(ctx, row) ? soundOf(ctx.db, row) : undefined;
}
