/**
 * What came of a decision, in the words of the officer's chat.
 *
 * Invariant: nothing is decided here: what was decided, or why not, comes in as a value.
 */
import type { AlertRow } from '../../db/alerts.ts';
import { unreachable } from '../../kernel/errors.ts';
import { seconds } from '../../kernel/time.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import type { Done, Refused } from '../decisions/what-came.ts';
import { type Notice, notify, readableContacts } from '../duty/officer-notices.ts';
import { officerText, phraseInQuotes } from '../duty/officer-wording.ts';
import { headline, whatIsKnown } from '../duty/page-text.ts';
import { saidOfWriting } from '../duty/writing-words.ts';
import { enqueue } from '../ground/outbox.ts';
import { policyOf } from '../records/alert-record.ts';
import { shortName } from '../records/officer-names.ts';
import { openReporter } from '../records/reporter-link.ts';
import { answer, type Chat, sayNoSuch, timeIn } from './officer-chat.ts';

/** Warnings that stand beside phrases, not in their place. */
const WRITABLE: readonly string[] = ['unclear', 'hours', 'hours_now'];

/** Words that have not left for so long: the officer is told that they wait. */
const PATIENCE = seconds(2);

/** Says in the chat what came of what they decided. */
export async function say(chat: Chat, reference: string, came: Done | Refused, about?: About): Promise<void> {
  return came.ok ? sayDone(chat, reference, came) : sayRefused(chat, reference, came, about);
}

/** What was to be done: "not sent" is said of words alone. */
type About = 'phrase' | 'mute' | 'chats';

/** Says in the chat what was decided, also by the same officer in the console. */
export async function sayDone(chat: Chat, reference: string, done: Done): Promise<void> {
  const { at, language } = chat;
  switch (done.came) {
    case 'taken':
      await showControls(chat, done.alert, done.unreached);
      return tellOwnOtherContacts(chat, reference);
    case 'accepted':
      await showControls(chat, done.alert);
      return tellOwnOtherContacts(chat, reference);
    case 'already_yours':
      return showControls(chat, done.alert);
    case 'drill_passed':
      // Said already, with how long it took.
      return;
    case 'declined':
      return void (await answer(chat, done.isQuiet ? 'declined_quiet' : 'declined', { reference }));
    case 'given_back':
      return void (await answer(chat, done.isQuiet ? 'released_quiet' : 'released', { reference }));
    case 'offer_declined':
      return void (await answer(chat, 'hand_over.you_declined', { reference, name: done.by }));
    case 'seen':
      return void (await answer(chat, 'seen', { reference }));
    case 'offered': {
      const { to: name, minutes } = done;
      return void (await answer(chat, 'hand_over.offered', { reference, name, minutes }));
    }
    case 'ended': {
      const outcome = officerText(at.ctx, language, `outcome.${done.outcome}`);
      return void (await answer(chat, 'close.done', { reference, outcome }));
    }
    case 'muted': {
      const buttons = [[{ key: 'unmute', data: `o:unmute:${reference}` }]];
      return void (await answer(chat, 'mute.done', { reference }, { buttons }));
    }
    case 'unmuted':
      return void (await answer(chat, 'mute.undone', { reference }));
    case 'one_phone_kept':
      return void (await answer(chat, 'chats.kept_one', { reference, n: done.n }));
    case 'all_phones_kept':
      return void (await answer(chat, 'chats.kept_all', { reference }));
    case 'phone_admitted_again':
      // The phones are shown as they are now (`which-phone.ts`).
      return;
    case 'code_granted':
      return void (await answer(chat, done.unreached ? 'code.granted_untold' : 'code.granted', {
        reference,
      }));
    case 'code_declined':
      return void (await answer(chat, 'code.declined', { reference }));
    case 'phrase_sent': {
      if (!done.notice) return;
      const words = phraseInQuotes(at.ctx, language, done.phrase);
      if (done.waitsUntil) {
        const params = { reference, words, at: timeIn(chat, done.waitsUntil) };
        return void (await answer(chat, 'phrase.waits', params, { coalesce: done.notice }));
      }
      // "Sent" is said when it was sent: mostly before this is needed.
      const later = { coalesce: done.notice, delayMs: PATIENCE };
      return void (await answer(chat, 'phrase.sending', { reference, words }, later));
    }
    default:
      return unreachable(done);
  }
}

/** Says why nothing was decided. */
export async function sayRefused(
  chat: Chat,
  reference: string,
  refused: Refused,
  about: About = 'phrase',
): Promise<void> {
  const { reason } = refused;
  switch (reason) {
    case 'no_such':
      return sayNoSuch(chat, reference);
    case 'closed':
      return void (await answer(chat, 'closed_already', { reference }));
    case 'not_taken': {
      const buttons = [[{ key: 'take_ref', params: { reference }, data: `o:take:${reference}` }]];
      return void (await answer(chat, 'take_first', { reference }, { buttons }));
    }
    case 'already_taken': {
      const params = { reference, name: refused.by, at: timeIn(chat, refused.at) };
      return void (await answer(chat, 'taken_by_other', params));
    }
    case 'nobody_else':
    case 'not_offered':
      return void (await answer(chat, 'hand_over.nobody', { reference }));
    case 'one_phone':
    case 'no_such_phone':
      return void (await answer(chat, 'chats.one', { reference }));
    case 'no_task':
      return void (await answer(chat, 'code.no_task', { reference }));
    case 'undecided': {
      const buttons = [[{ key: 'chats', data: `o:chats:${reference}` }]];
      const key = about === 'mute' ? 'mute.undecided' : 'phrase.undecided';
      return void (await answer(chat, key, { reference }, { buttons }));
    }
    case 'unknown':
      return void (await answer(chat, `${about}.unknown`, { reference }));
    case 'unsafe':
    case 'unclear':
    case 'blocked':
      return void (await answer(chat, `phrase.${reason}`, { reference }));
    default:
      return unreachable(reason);
  }
}

/** The officer's other contacts show that it is theirs, so that nobody with them wonders. */
async function tellOwnOtherContacts(chat: Chat, reference: string): Promise<void> {
  const { at, officer, language } = chat;
  const params = { reference, name: shortName(at.ctx, officer), at: timeIn(chat, at.now) };
  const told: Notice = { key: 'told.taken', params, silent: true };
  for (const { contactId } of readableContacts(at.ctx, officer))
    if (contactId !== chat.contactId) await notify(at, { contactId, language }, told);
}

/** What the officer who has an alert knows and can do. */
export async function showControls(chat: Chat, row: AlertRow, unreached?: string): Promise<void> {
  const { at, language } = chat;
  const { ctx, now } = at;
  const { reference } = row;
  const link = await openReporter(at, row);
  const said = link && saidOfWriting(ctx, language, link, now);
  const warning = link?.isUndecided ? 'undecided' : (unreached ?? said?.is);
  const lines = [
    headline(ctx, language, row),
    ...whatIsKnown(ctx, now, language, row),
    officerText(ctx, language, row.isQuiet ? 'controls.yours_quiet' : 'controls.yours', {
      at: timeIn(chat, row.takenAt ?? now),
      minutes: Math.round(policyOf(row).takeLapsesAfter / 60),
    }),
    ...(warning ? [officerText(ctx, language, `controls.${warning}`, said?.params)] : []),
  ];
  const phrases = [['p_call'], ['p_safe'], ['p_talk']];
  const keys = [
    ...(warning && !WRITABLE.includes(warning) ? [] : phrases),
    ...(link?.chats || link?.refused ? [['chats']] : []),
    ['close', 'hand_over'],
    ['release', ...(link ? ['mute'] : [])],
  ];
  const rows = keys.map((row_) =>
    row_.map((verb) => ({
      label: officerText(ctx, language, `button.${verb}`),
      data: `o:${verb}:${reference}`,
    })),
  );
  await enqueue(at, {
    contactId: chat.contactId,
    class: CLASS.page,
    about: [row.id],
    message: { text: lines.join('\n'), rows },
  });
}
