/**
 * Writing to the person who raised an alert, unasked.
 *
 * Invariants: nothing goes out to a reporter who said that they must not be written to, and nothing by itself to one
 * who said neither yes nor no; to one who named hours nothing outside of them: it waits until they begin, and is looked at
 * once more when it leaves (`sending/leaving.ts`); nor anything to anybody while a case that was found again by its code is
 * in several chats and no officer has decided whose they are. Of texts only those are sent that are neutral.
 */

import { opensAt } from '../../cases/contact-hours.ts';
import { hoursOf, whySilent } from '../../conversation/values/may-write.ts';
import type { UnaskedKey } from '../../conversation/words/unasked-keys.ts';
import type { AlertRow } from '../../db/alerts.ts';
import { findContactBrief } from '../../db/officers.ts';
import type { DeliveryId } from '../../kernel/ids.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { type Tells, type Unasked, unaskedBody } from '../duty/word-fate.ts';
import { enqueue } from '../ground/outbox.ts';
import { languageOf } from '../ground/service-texts.ts';
import type { Moment } from '../ground/transaction.ts';
import { chatsOf, openReporter, type ReporterChat, type ReporterLink } from '../records/reporter-link.ts';

export type Written =
  /** `waitsUntil`: when the hours begin that the reporter agreed to; absent: it leaves now. */
  | { ok: true; delivery: DeliveryId; waitsUntil?: Date }
  | { ok: false; reason: 'undecided' | 'unsafe' | 'unclear' | 'unknown' | 'blocked' };

/** `while`: in which state of the alert it is true; it does not leave in another one. `tells`: an officer has it sent. */
type What = { while: Unasked['while']; tells?: Tells };

/** Sends a reporter one neutral text, unless they must not or cannot be written to. */
export async function writeToReporter(
  at: Moment,
  row: AlertRow,
  key: UnaskedKey,
  params: Readonly<Record<string, string | number>>,
  what: What,
): Promise<Written> {
  const link = await openReporter(at, row);
  if (!link) return { ok: false, reason: 'unknown' };
  return writeTo(at, row, link, (language) => at.ctx.texts.t(language, key, params), what);
}

/**
 * To every chat of theirs that may be written to; to none while it is not decided which are theirs. The delivery is that
 * to the first one.
 */
export async function writeTo(
  at: Moment,
  row: AlertRow,
  link: ReporterLink,
  say: (language: string) => string,
  what: What,
): Promise<Written> {
  if (link.isUndecided) return { ok: false, reason: 'undecided' };
  let first: Written | undefined;
  for (const chat of chatsOf(link)) {
    if (chat.mayWrite === 'unclear' && !what.tells) {
      first ??= { ok: false, reason: 'unclear' };
      continue;
    }
    const { tells, ...told } = what;
    const written = await writeToChat(at, row, chat, say, first?.ok || !tells ? told : what);
    if (!first?.ok) first = first && !written.ok ? first : written;
  }
  return first ?? { ok: false, reason: 'unknown' };
}

async function writeToChat(
  at: Moment,
  row: AlertRow,
  { contactId, mayWrite }: ReporterChat,
  say: (language: string) => string,
  { while: state, tells }: What,
): Promise<Written> {
  const { tx, ctx, now } = at;
  if (whySilent(mayWrite)) return { ok: false, reason: 'unsafe' };
  const contact = await findContactBrief(tx, contactId);
  if (!contact) return { ok: false, reason: 'unknown' };
  if (contact.blockedAt) return { ok: false, reason: 'blocked' };
  const hours = hoursOf(mayWrite);
  const opens = hours && opensAt(hours, now, ctx.settings.timeZone);
  const waits = opens && opens > now ? { waitsUntil: opens } : {};
  const unasked: Unasked =
    state === 'erased' ? { alert: row.id, while: state, agreed: mayWrite } : { alert: row.id, while: state };
  const message = unaskedBody(say(languageOf(ctx, contact)), unasked, tells);
  const delivery = await enqueue(at, {
    contactId,
    class: CLASS.word,
    message,
    ...waits,
    // Of news that waits only the newest is true when the hours begin.
    ...(hours && !tells ? { coalesce: newsOf(at, row) } : {}),
  });
  return { ok: true, delivery, ...waits };
}

/** By what news of one alert is replaced by newer news; says to nobody which alert it is. */
const newsOf = ({ ctx }: Moment, { id }: AlertRow): string =>
  Buffer.from(ctx.keyring.index('unasked-news', id)).toString('hex');
