/** Recordings as those who work on texts see them: beside a text, and how much of a language is there. */
import type { TextList } from '../../contract/texts.ts';
import type { OneVoice, VoiceCount } from '../../contract/voices.ts';
import type { Texts } from '../../conversation/words/texts.ts';
import type { MemberRow } from '../../db/members.ts';
import type { Recorded } from '../changes/states.ts';
import type { TextName } from '../changes/what-holds.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import type { Recordings } from '../ground/voices.ts';
import { countVoices, isStale, pieceName } from '../voices/recordings.ts';
import { stateOf } from './appending.ts';
import { countedIn, everyText, mayWithdraw, spokenIn, versionNow } from './recorded.ts';
import { isEnded, mayRefuse, whyNotSecond } from './second-yes.ts';
import { saidBy } from './who-said.ts';

type Needs = Pick<Context, 'content' | 'voices' | 'keyring'>;

/** Of one text that can be heard. */
export type VoiceState = NonNullable<TextList['rows'][number]['voice']>;

/** What of a language can be heard, by key. */
export function voiceStates(ctx: Needs, language: string, now: Date): Map<string, VoiceState> {
  const counted = ctx.voices.recordings();
  const texts = everyText(ctx);
  return new Map(
    spokenIn(ctx, language).map(({ key, isNeeded }) => {
      const found = counted.get(pieceName({ language, key }));
      const is = found ? (isStale(found, texts) ? 'stale' : 'there') : 'none';
      return [key, { isNeeded, is, isWaiting: waitingOf(ctx, { language, key }, now) !== undefined }];
    }),
  );
}

function waitingOf(ctx: Needs, name: TextName, now: Date): Recorded | undefined {
  const waits = stateOf(ctx, name)?.voice?.waits;
  return waits && !isEnded(waits, now) ? waits : undefined;
}

type Counted = {
  texts: Texts;
  recordings: Recordings;
  count: Pick<VoiceCount, 'all' | 'recorded' | 'missing'>;
};
/** Counting reads each text: what was counted stands until a text or a recording changes. */
const counts = new WeakMap<Context['voices'], Map<string, Counted>>();

/** How much of a language is recorded. */
export function readVoiceCount(ctx: Needs, language: string): VoiceCount {
  if (!(language in ctx.content.now())) return { all: 0, recorded: 0, missing: 0, strange: [] };
  const texts = everyText(ctx);
  const recordings = ctx.voices.recordings();
  const ofAll = counts.get(ctx.voices) ?? new Map<string, Counted>();
  counts.set(ctx.voices, ofAll);
  const known = ofAll.get(language);
  const isKnown = known?.texts === texts && known.recordings === recordings;
  const now = isKnown ? known : { texts, recordings, count: counted(ctx, language) };
  ofAll.set(language, now);
  return { ...now.count, strange: [...ctx.voices.strange()] };
}

function counted(ctx: Needs, language: string): Counted['count'] {
  const { all, recorded, missing } = countVoices(
    ctx.voices.recordings(),
    ctx.content.flows,
    everyText(ctx),
    language,
  );
  return { all, recorded, missing: missing.length };
}

/** What is recorded of one text, and what waits. Null: it is never heard. */
export async function readVoice(
  at: Moment<Needs>,
  reader: MemberRow,
  { language, key }: TextName,
): Promise<OneVoice> {
  const { ctx, now } = at;
  const spoken = spokenIn(ctx, language).find((each) => each.key === key);
  if (!spoken) return { voice: null };
  const name = { language, key };
  const version = versionNow(ctx, name);
  const names = await saidBy(at, reader);
  const counts = ctx.voices.recordings().get(pieceName(name));
  const made = countedIn(ctx, name);
  const waits = waitingOf(ctx, name, now);
  const whyNot = waits && (await whyNotSecond(at, waits, reader));
  return {
    voice: {
      isNeeded: spoken.isNeeded,
      version,
      counts: counts
        ? {
            id: made?.id ?? null,
            by: made ? names(made.by) : null,
            at: made ? made.at.toISOString() : null,
            isStale: counts.version !== version,
            mayWithdraw: made !== undefined && mayWithdraw(reader, made),
          }
        : null,
      waits: waits
        ? {
            id: waits.recording.id,
            by: names(waits.by),
            at: waits.at.toISOString(),
            seconds: waits.recording.ms / 1_000,
            isMine: waits.by === reader.id,
            isStale: waits.recording.version !== version,
            mayAgree: whyNot === undefined,
            whyNot: whyNot ?? null,
            mayRefuse: mayRefuse(reader, waits),
          }
        : null,
    },
  };
}
