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
import { dropVoicesBut, keepVoice } from '../../db/voice-recordings.ts';
import { BEFORE_ALL, type Recorded as Waiting } from '../changes/states.ts';
import type { TextName } from '../changes/what-holds.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import type { Recording } from '../ground/voices.ts';
import { digest, soundOf } from '../voices/of-the-room.ts';
import { remake } from '../voices/ogg.ts';
import { LONGEST, pieceName } from '../voices/recordings.ts';
import { sized, type Unfit } from '../voices/voice-files.ts';
import { type Decided as Change, isOthers, type Kept, keep, no, stateOf } from './appending.ts';
import { answersForTexts, mayRefuse, type WhyNotSecond, whyNotSecond } from './second-yes.ts';
import { tellInForce } from './telling.ts';

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

type NotFit = { ok: false; reason: 'unfit'; unfit: Unfit };
export type Recorded = Kept | NotFit;

/**
 * Keeps what was recorded until a second person has listened to it: its packets, in a file of our own. `version`: of the text
 * that was read.
 */
export async function recordVoice(
  ctx: Context,
  member: MemberRow,
  { version, ogg, ...name }: TextName & { version: string; ogg: Uint8Array },
): Promise<Recorded> {
  const remade = await remake(ogg, LONGEST);
  const { seconds, unfit } = remade.ok
    ? sized(remade.note.bytes, remade.note.seconds)
    : { seconds: 0, unfit: remade.why };
  const bytes = remade.ok ? remade.note.bytes : new Uint8Array();
  const { length: size } = bytes;
  const recording = {
    id: randomUUID(),
    version,
    sha256: digest(bytes),
    size,
    ms: Math.round(seconds * 1_000),
  };
  return keep(ctx, member, async (): Promise<Change<Context, never, NotFit>> => {
    if (!spokenIn(ctx, name.language).some(({ key }) => key === name.key)) return no('no_such');
    if (version !== versionNow(ctx, name)) return no('moved_on');
    if (unfit) return { ok: false, reason: 'unfit', unfit };
    if (await isOthers(ctx, member, stateOf(ctx, name)?.voice?.waits)) return no('other_waits');
    return {
      change: { ...name, is: 'voice_recorded', recording },
      also: async ({ tx, now }) => {
        await dropVoicesBut(tx, name, inUse(ctx, name).counts);
        await keepVoice(tx, {
          ...{ ...name, ...recording, ogg: bytes, sha256: Buffer.from(recording.sha256, 'hex') },
          ...{ recordedBy: member.id, recordedAt: now },
        });
        return {};
      },
    };
  });
}

/** Rows that are kept: of what counts, and of what waits. */
function inUse(ctx: Context, name: TextName): { counts: string[]; waits: string[] } {
  const voice = stateOf(ctx, name)?.voice;
  const counts = voice?.counts?.recording.id ?? (voice?.isOver ? undefined : countedIn(ctx, name)?.id);
  return { counts: counts ? [counts] : [], waits: voice?.waits ? [voice.waits.recording.id] : [] };
}

/** What was recorded in the room and is heard of a text. */
export const countedIn = (ctx: Pick<Context, 'voices'>, name: TextName): Recording['made'] =>
  ctx.voices.recordings().get(pieceName(name))?.made;

/** What waits for a second person. */
const waitingIn = (ctx: Content, name: TextName, id: string): Waiting | undefined => {
  const waits = stateOf(ctx, name)?.voice?.waits;
  return waits?.recording.id === id ? waits : undefined;
};

export type Decided = Kept<WhyNotSecond>;

/** A second person has listened: it counts, or goes. Who recorded it may take it back. */
export function decideVoice(
  ctx: Context,
  member: MemberRow,
  { id, isYes, ...name }: TextName & { id: string; isYes: boolean },
): Promise<Decided> {
  return keep(ctx, member, async (): Promise<Change<Context, WhyNotSecond>> => {
    const waits = waitingIn(ctx, name, id);
    if (!waits) return no('no_such');
    if (!isYes && !mayRefuse(member, waits)) return no('no_right');
    const drop = ({ tx }: Moment<Context>, ids: readonly string[]) => dropVoicesBut(tx, name, ids);
    if (!isYes)
      return {
        change: { ...name, is: 'voice_refused', of: waits.seq, ofHash: waits.hash },
        also: async (at) => {
          await drop(at, inUse(ctx, name).counts);
          return {};
        },
      };
    return {
      change: { ...name, is: 'voice_agreed', of: waits.seq, ofHash: waits.hash },
      unless: async (at) => {
        const why = await whyNotSecond(at, waits, member);
        if (why) return no(why);
        if (waits.recording.version !== versionNow(ctx, name)) return no('moved_on');
        return (await soundOf(at.tx, waits.recording)) ? undefined : no('no_such');
      },
      also: async (at) => {
        await drop(at, [id]);
        return tellInForce(at, [waits.by, member.id]);
      },
    };
  });
}

/** Takes out of use what counts: nobody hears it from now on, in any process. */
export function withdrawVoice(
  ctx: Context,
  member: MemberRow,
  { id, ...name }: TextName & { id: string },
): Promise<Kept<'no_right'>> {
  return keep<Context, 'no_right'>(ctx, member, (): Change<Context, 'no_right'> => {
    const counts = countedNow(ctx, name);
    if (counts?.id !== id) return no('no_such');
    if (!mayWithdraw(member, counts)) return no('no_right');
    return {
      change: { ...name, is: 'voice_withdrawn', of: counts.seq },
      also: async (at) => {
        await dropVoicesBut(at.tx, name, inUse(ctx, name).waits);
        return tellInForce(at, [member.id], 'notice.voice_withdrawn');
      },
    };
  });
}

/** What counts by the changes, as they were read last, or counted before they said it. */
function countedNow(
  ctx: Context,
  name: TextName,
): Pick<NonNullable<Recording['made']>, 'id' | 'seq' | 'by'> | undefined {
  const voice = stateOf(ctx, name)?.voice;
  if (voice?.counts) return { ...voice.counts, id: voice.counts.recording.id };
  const made = voice?.isOver ? undefined : countedIn(ctx, name);
  return made?.seq === BEFORE_ALL ? made : undefined;
}

export const mayWithdraw = (member: MemberRow, { by }: { by: string | null }): boolean =>
  by === member.id || answersForTexts(member);

/** The sound of what waits (`id`), or of what counts for a text. */
export async function hearVoice(
  ctx: Context,
  { id, ...name }: TextName & { id?: string | undefined },
): Promise<Uint8Array | undefined> {
  if (id === undefined) return ctx.voices.recordings().get(pieceName(name))?.read();
  const waits = waitingIn(ctx, name, id);
  return waits && soundOf(ctx.db, waits.recording);
}
