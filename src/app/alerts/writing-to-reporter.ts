/**
 * Writing to the person who raised an alert.
 *
 * Invariants: nothing goes out to a reporter who said that they must not be written to, and nothing by itself to one
 * who said neither yes nor no; nor anything to anybody while a case that was found again by its code is in several
 * chats and no officer has decided whose they are.
 */
import type { Line } from '../../conversation/values/effect.ts';
import type { AlertRow } from '../../db/alerts.ts';
import { findContactBrief } from '../../db/officers.ts';
import type { DeliveryId } from '../../kernel/ids.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { type Tells, withTells } from '../duty/word-fate.ts';
import { enqueue } from '../ground/outbox.ts';
import { languageOf } from '../ground/service-texts.ts';
import type { Moment } from '../ground/transaction.ts';
import { chatsOf, openReporter, type ReporterChat, type ReporterLink } from '../records/reporter-link.ts';

export type Written =
  | { ok: true; delivery: DeliveryId }
  | { ok: false; reason: 'undecided' | 'unsafe' | 'unclear' | 'unknown' | 'blocked' };

/** Sends a reporter one fixed text, unless they must not or cannot be written to. `tells`: an officer has it sent. */
export function writeToReporter(
  at: Moment,
  row: AlertRow,
  key: string,
  params: Record<string, string | number> = {},
  tells?: Tells,
): Promise<Written> {
  return writeLinesToReporter(at, row, [{ key, params }], tells);
}

/** The same with several fixed texts as the lines of one message. */
export async function writeLinesToReporter(
  at: Moment,
  row: AlertRow,
  lines: readonly Line[],
  tells?: Tells,
): Promise<Written> {
  const link = await openReporter(at, row);
  if (!link) return { ok: false, reason: 'unknown' };
  const say = (language: string) =>
    lines.map(({ key, params }) => at.ctx.texts.t(language, key, params ?? {})).join('\n');
  return writeTo(at, link, say, tells);
}

/**
 * To every chat of theirs that may be written to; to none while it is not decided which are theirs. The delivery is that
 * to the first one.
 */
export async function writeTo(
  at: Moment,
  link: ReporterLink,
  say: (language: string) => string,
  tells?: Tells,
): Promise<Written> {
  if (link.isUndecided) return { ok: false, reason: 'undecided' };
  let first: Written | undefined;
  for (const chat of chatsOf(link)) {
    if (chat.mayWrite === 'unclear' && !tells) {
      first ??= { ok: false, reason: 'unclear' };
      continue;
    }
    const written = await writeToChat(at, chat, say, first?.ok ? undefined : tells);
    if (!first?.ok) first = first && !written.ok ? first : written;
  }
  return first ?? { ok: false, reason: 'unknown' };
}

async function writeToChat(
  at: Moment,
  { contactId, mayWrite }: ReporterChat,
  say: (language: string) => string,
  tells: Tells | undefined,
): Promise<Written> {
  if (mayWrite === false) return { ok: false, reason: 'unsafe' };
  const contact = await findContactBrief(at.tx, contactId);
  if (!contact) return { ok: false, reason: 'unknown' };
  if (contact.blockedAt) return { ok: false, reason: 'blocked' };
  const message = withTells({ text: say(languageOf(at.ctx, contact)) }, tells);
  return { ok: true, delivery: await enqueue(at, { contactId, class: CLASS.word, message }) };
}
