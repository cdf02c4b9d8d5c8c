/**
 * The officer who has an alert, as an officer's chat shows it: the taker gets its controls, the others the taker's
 * name.
 *
 * Invariant: who only has it can change it, and a supervisor can close it; who cannot is told who has it.
 */
import type { AlertRow } from '../../db/alerts.ts';
import { lockAlertFor } from '../../db/known.ts';
import { CLASS } from '../../db/schema.ts';
import type { Notice } from '../duty/officer-notices.ts';
import { officerText } from '../duty/officer-wording.ts';
import { headline, whatIsKnown } from '../duty/page-text.ts';
import { enqueue } from '../ground/outbox.ts';
import { policyOf } from '../records/alert-record.ts';
import { shortNames } from '../records/officer-names.ts';
import { chatsOf, openReporter, type ReporterLink } from '../records/reporter-link.ts';
import { answer, type Chat, sayNoSuch, timeIn } from './officer-chat.ts';

/** A colleague has it, or it is closed, or the officer has it already. */
export async function sayWhoHasIt(chat: Chat, row: AlertRow): Promise<void> {
  const { reference } = row;
  if (row.state === 'closed') return void (await answer(chat, 'closed_already', { reference }));
  if (row.takenBy === chat.officer.id) return showControls(chat, row);
  const name = (await shortNames(chat.tx, chat.ctx, [row.takenBy])).get(row.takenBy ?? chat.officer.id) ?? '';
  await answer(chat, 'taken_by_other', { reference, name, at: timeIn(chat, row.takenAt ?? chat.now) });
}

/** What the taker knows and can do. */
export async function showControls(chat: Chat, row: AlertRow, unreached?: string): Promise<void> {
  const { ctx, now, language } = chat;
  const { reference } = row;
  const link = await openReporter(chat.tx, ctx, row);
  const warning = link?.isUndecided ? 'undecided' : (unreached ?? warningOf(link));
  const lines = [
    headline(ctx, language, row),
    ...whatIsKnown(ctx, now, language, row),
    officerText(ctx, language, row.isQuiet ? 'controls.yours_quiet' : 'controls.yours', {
      at: timeIn(chat, row.takenAt ?? now),
      minutes: Math.round(policyOf(row).takeLapsesAfter / 60),
    }),
    ...(warning ? [officerText(ctx, language, `controls.${warning}`)] : []),
  ];
  const phrases = [['p_call'], ['p_safe'], ['p_talk']];
  const keys = [
    ...(warning && warning !== 'unclear' ? [] : phrases),
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
  await enqueue(chat.tx, ctx, now, {
    contactId: chat.contactId,
    class: CLASS.page,
    about: [row.id],
    message: { text: lines.join('\n'), rows },
  });
}

/** What the person said of being written to, if that is not yes. */
function warningOf(link: ReporterLink | undefined): 'unsafe' | 'unclear' | undefined {
  if (!link) return undefined;
  const said = chatsOf(link).map(({ mayWrite }) => mayWrite);
  if (said.every((mayWrite) => mayWrite === false)) return 'unsafe';
  return said.every((mayWrite) => mayWrite === false || mayWrite === 'unclear') ? 'unclear' : undefined;
}

/** The alert, if this officer has it; otherwise they are told who has it. */
export async function lockOwn(chat: Chat, reference: string): Promise<AlertRow | undefined> {
  const row = await lockAlertFor(chat.tx, chat.ids, reference);
  if (!row) await sayNoSuch(chat, reference);
  else if (row.state === 'open') await answer(chat, 'take_first', { reference }, takeButton(reference));
  else if (row.state === 'closed' || row.takenBy !== chat.officer.id) await sayWhoHasIt(chat, row);
  else return row;
  return undefined;
}

/** Whether this officer may close it: the one who has it, or a supervisor. Otherwise they are told. */
export async function mayDecide(chat: Chat, row: AlertRow): Promise<boolean> {
  if (row.state !== 'closed' && (row.takenBy === chat.officer.id || chat.officer.role === 'supervisor'))
    return true;
  if (row.state === 'open')
    await answer(chat, 'take_first', { reference: row.reference }, takeButton(row.reference));
  else await sayWhoHasIt(chat, row);
  return false;
}

function takeButton(reference: string): Pick<Notice, 'buttons'> {
  return { buttons: [[{ key: 'take_ref', params: { reference }, data: `o:take:${reference}` }]] };
}
