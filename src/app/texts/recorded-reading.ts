/** Recordings as those who work on texts see them: beside a text, and how much of a language is there. */
import type { TextList } from '../../contract/texts.ts';
import type { OneVoice, VoiceCount } from '../../contract/voices.ts';
import type { Db, Tx } from '../../db/database.ts';
import type { MemberRow } from '../../db/members.ts';
import { allVoices, type VoiceRow } from '../../db/voice-recordings.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { isOurs, strangeVoices } from '../voices/of-the-room.ts';
import { countVoices, isStale, pieceName } from '../voices/recordings.ts';
import { everyText, mayWithdraw, spokenIn, versionNow } from './recorded.ts';
import { isEnded, whyNotSecond } from './second-yes.ts';
import type { TextName } from './what-holds.ts';
import { saidBy } from './who-said.ts';

type Needs = Pick<Context, 'content' | 'voices' | 'keyring'>;

/** Of one text that can be heard. */
export type VoiceState = NonNullable<TextList['rows'][number]['voice']>;

/** What of a language can be heard, by key. */
export async function voiceStates(
  ctx: Needs,
  db: Db | Tx,
  language: string,
  now: Date,
): Promise<Map<string, VoiceState>> {
  const waiting = (await waitingIn(ctx, db, language, now)).map(({ key }) => key);
  const counted = ctx.voices.recordings();
  const texts = everyText(ctx);
  return new Map(
    spokenIn(ctx, language).map(({ key, isNeeded }) => {
      const found = counted.get(pieceName({ language, key }));
      const is = found ? (isStale(found, texts) ? 'stale' : 'there') : 'none';
      return [key, { isNeeded, is, isWaiting: waiting.includes(key) }];
    }),
  );
}

const waitingIn = async (ctx: Needs, db: Db | Tx, language: string, now: Date): Promise<VoiceRow[]> =>
  (await allVoices(db, language)).filter(
    (row) => row.heardAt === null && isOurs(ctx, row) && !isEnded({ at: row.recordedAt }, now),
  );

/** How much of a language is recorded. */
export async function readVoiceCount({ tx, ctx }: Moment<Needs>, language: string): Promise<VoiceCount> {
  if (!(language in ctx.content.now())) return { all: 0, recorded: 0, missing: 0, strange: [] };
  const { all, recorded, missing } = countVoices(
    ctx.voices.recordings(),
    ctx.content.flows,
    everyText(ctx),
    language,
  );
  return { all, recorded, missing: missing.length, strange: await strangeVoices(tx, ctx) };
}

/** What is recorded of one text, and what waits. Null: it is never heard. */
export async function readVoice(
  at: Moment<Needs>,
  reader: MemberRow,
  { language, key }: TextName,
): Promise<OneVoice> {
  const { tx, ctx, now } = at;
  const spoken = spokenIn(ctx, language).find((each) => each.key === key);
  if (!spoken) return { voice: null };
  const version = versionNow(ctx, { language, key });
  const names = await saidBy(at, reader);
  const row = (await allVoices(tx, language)).find((each) => each.key === key && each.heardAt !== null);
  const counts = ctx.voices.recordings().get(pieceName({ language, key }));
  const ofRoom = row && counts?.id === row.id ? row : undefined;
  const waits = (await waitingIn(ctx, tx, language, now)).find((each) => each.key === key);
  const whyNot = waits && (await whyNotSecond(at, { by: waits.recordedBy, at: waits.recordedAt }, reader));
  return {
    voice: {
      isNeeded: spoken.isNeeded,
      version,
      counts: counts
        ? {
            id: ofRoom?.id ?? null,
            by: ofRoom ? names(ofRoom.recordedBy) : null,
            at: ofRoom ? ofRoom.recordedAt.toISOString() : null,
            isStale: counts.version !== version,
            mayWithdraw: ofRoom !== undefined && mayWithdraw(reader, ofRoom),
          }
        : null,
      waits: waits
        ? {
            id: waits.id,
            by: names(waits.recordedBy),
            at: waits.recordedAt.toISOString(),
            seconds: waits.ms / 1_000,
            isMine: waits.recordedBy === reader.id,
            isStale: waits.version !== version,
            mayAgree: whyNot === undefined,
            whyNot: whyNot ?? null,
          }
        : null,
    },
  };
}
