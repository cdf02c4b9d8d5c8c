/**
 * Recordings that are made in the room.
 *
 * Invariants: what is recorded is heard by people only after a second person has listened to it and said yes, since nobody can read
 * what a recording says; a row that the server did not make, or whose sound is another one, is not heard; of a text that has changed
 * meanwhile nothing is kept.
 */
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { type SpokenKey, spokenKeys, spokenVersion } from '../../conversation/flows/spoken-keys.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import type { Db, Tx } from '../../db/database.ts';
import {
  allVoices,
  countVoice,
  dropVoice,
  keepVoice,
  lockWaitingVoice,
  soundOfVoice,
  type VoiceRow,
} from '../../db/voice-recordings.ts';
import type { MemberId } from '../../kernel/ids.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import type { Recording, Recordings } from '../ground/voices.ts';
import { audit } from '../records/audit.ts';
import { withNamesakes } from '../records/may-know.ts';
import { countVoices, isStale, pieceName } from './recordings.ts';
import { fitness, type Unfit } from './voice-files.ts';

type Keys = { keyring: Keyring };
type Member = { id: MemberId };
type OfText = { language: string; key: string };

/** Everything of a row but itself. */
const signed = ({
  id,
  language,
  key,
  version,
  ms,
  size,
  sha256,
  recordedBy,
  recordedAt,
  heardBy,
  heardAt,
}: Omit<VoiceRow, 'mac'>) =>
  JSON.stringify([
    ...[id, language, key, version, ms, size, Buffer.from(sha256).toString('hex')],
    ...[recordedBy, recordedAt.getTime(), heardBy, heardAt?.getTime() ?? null],
  ]);

const macOf = ({ keyring }: Keys, row: Omit<VoiceRow, 'mac'>): Uint8Array =>
  keyring.index('voice-recording', signed(row));

/** Whether the server made this row, with any of its keys. */
function isOurs({ keyring }: Keys, row: VoiceRow): boolean {
  const given = Buffer.from(row.mac);
  return keyring
    .indexes('voice-recording', signed(row))
    .some((mac) => mac.length === given.length && timingSafeEqual(mac, given));
}

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** The sound of a row, if it is the one that was recorded. */
async function soundOf(db: Db, row: VoiceRow): Promise<Uint8Array | undefined> {
  const bytes = await soundOfVoice(db, row.id);
  return bytes && digest(bytes).equals(Buffer.from(row.sha256)) ? bytes : undefined;
}

/** What was recorded in the room and counts, by piece. */
export async function voicesOfRoom(db: Db, keys: Keys): Promise<Recordings> {
  const found = new Map<string, Recording>();
  for (const row of await allVoices(db)) {
    if (row.heardAt === null || !isOurs(keys, row)) continue;
    const { language, key, version, size } = row;
    const read = async () => (await soundOf(db, row)) ?? new Uint8Array();
    found.set(pieceName(row), { language, key, version, source: 'workbench', size, read });
  }
  return found;
}

/** Recordings that this server did not make, by name: nobody hears them. */
export async function strangeVoices(db: Db | Tx, keys: Keys): Promise<string[]> {
  return (await allVoices(db)).filter((row) => !isOurs(keys, row)).map(pieceName);
}

const keysOf = ({ conversation: { flows, texts } }: Context, language: string): SpokenKey[] =>
  texts.languages.includes(language) ? spokenKeys(flows, texts, language) : [];

const versionNow = ({ texts }: Context, { language, key }: OfText) => spokenVersion(texts, language, key);

/** What is asked, and what of it is recorded. */
export async function readVoiceRoom({ tx, ctx }: Moment, reader: Member, language: string) {
  const { flows, texts } = ctx.conversation;
  const rows = (await allVoices(tx, language)).filter((row) => isOurs(ctx, row));
  const counted = ctx.voices.recordings();
  const { all, recorded, missing } = countVoices(counted, flows, texts, language);
  return {
    languages: texts.languages.map((code) => ({ code, name: texts.t(code, 'language.name') })),
    all,
    recorded,
    missing: missing.length,
    strange: await strangeVoices(tx, ctx),
    rows: keysOf(ctx, language).map(({ key, isNeeded }) => {
      const counts = counted.get(pieceName({ language, key }));
      const waits = rows.find((row) => row.key === key && row.heardAt === null);
      return {
        key,
        isNeeded,
        text: texts.template(language, key) ?? texts.template(language, `${key}_other`) ?? '',
        version: versionNow(ctx, { language, key }),
        counts: counts ? { source: counts.source, isStale: isStale(counts, texts) } : null,
        waits: waits
          ? {
              id: waits.id,
              at: waits.recordedAt.toISOString(),
              seconds: waits.ms / 1_000,
              isMine: waits.recordedBy === reader.id,
              isStale: waits.version !== versionNow(ctx, waits),
            }
          : null,
      };
    }),
  };
}

export type Recorded =
  | { ok: true }
  | { ok: false; reason: 'no_such' | 'moved_on' }
  | { ok: false; reason: 'unfit'; unfit: Unfit };

/** Keeps what was recorded until a second person has listened to it. `version`: of the text that was read. */
export async function recordVoice(
  at: Moment,
  member: Member,
  { language, key, version, ogg }: OfText & { version: string; ogg: Uint8Array },
): Promise<Recorded> {
  const { tx, ctx, now } = at;
  if (!keysOf(ctx, language).some((each) => each.key === key)) return { ok: false, reason: 'no_such' };
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
  await audit(at, { memberId: member.id, what: 'voice_recorded', detail: { language, key } });
  return { ok: true };
}

export type Decided = { ok: true } | { ok: false; reason: 'no_such' | 'moved_on' | 'same_person' };

/** A second person has listened: it counts, or goes. Its speaker may take it back. */
export async function decideVoice(
  at: Moment,
  member: Member,
  { id, isYes }: { id: string; isYes: boolean },
): Promise<Decided> {
  const { tx, ctx, now } = at;
  const row = await lockWaitingVoice(tx, id);
  if (!row || !isOurs(ctx, row)) return { ok: false, reason: 'no_such' };
  const detail = { language: row.language, key: row.key };
  if (!isYes) {
    await dropVoice(tx, id);
    await audit(at, { memberId: member.id, what: 'voice_refused', detail });
    return { ok: true };
  }
  if ((await withNamesakes(at, [row.recordedBy])).includes(member.id))
    return { ok: false, reason: 'same_person' };
  if (row.version !== versionNow(ctx, row)) return { ok: false, reason: 'moved_on' };
  const heard = { heardBy: member.id, heardAt: now };
  await countVoice(tx, row, { ...heard, mac: macOf(ctx, { ...row, ...heard }) });
  await audit(at, { memberId: member.id, what: 'voice_agreed', detail });
  return { ok: true };
}

/** The sound of what waits (`id`), or of what counts for a text. */
export async function hearVoice(
  ctx: Context,
  { language, key, id }: OfText & { id?: string | undefined },
): Promise<Uint8Array | undefined> {
  if (id === undefined) return ctx.voices.recordings().get(pieceName({ language, key }))?.read();
  const row = (await allVoices(ctx.db, language)).find((each) => each.id === id && each.key === key);
  return row && isOurs(ctx, row) ? soundOf(ctx.db, row) : undefined;
}
