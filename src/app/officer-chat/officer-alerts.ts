/**
 * What officers press and type about alerts: take, "I cannot", give back, "seen", close, send a phrase, the list.
 *
 * Invariant: nothing is decided here: `src/app/decisions` decides, and what came of it is said.
 */
import type { AlertRow } from '../../db/alerts.ts';
import { casesToSeeFor } from '../../db/case-tasks.ts';
import { findAlertFor, openAlertsFor } from '../../db/known.ts';
import { CLASS, OUTCOMES, type Outcome, type Phrase } from '../../kernel/vocabulary.ts';
import { close } from '../decisions/closing.ts';
import { declineCode, grantCode } from '../decisions/codes.ts';
import { mayDecide, whyNot } from '../decisions/deciding.ts';
import { sendPhrase } from '../decisions/phrases.ts';
import { acknowledge, decline, release, take } from '../decisions/taking.ts';
import { officerText, sayTime } from '../duty/officer-wording.ts';
import { headline, pageMessage } from '../duty/page-text.ts';
import { linesToSee } from '../duty/to-see.ts';
import { enqueue } from '../ground/outbox.ts';
import { isOfferedTo } from '../records/alert-record.ts';
import { shortNames } from '../records/officer-names.ts';
import { answer, type Chat, sayNoSuch } from './officer-chat.ts';
import { say, sayRefused, showControls } from './what-came-in-words.ts';

/** Alerts that fit in one list. */
const LISTED = 20;

export async function takeAlert(chat: Chat, reference: string): Promise<void> {
  const { at } = chat;
  await say(chat, reference, await take(at, chat, reference));
}

export async function declineAlert(chat: Chat, reference: string): Promise<void> {
  const { at } = chat;
  await say(chat, reference, await decline(at, chat, reference));
}

export async function releaseAlert(chat: Chat, reference: string): Promise<void> {
  const { at } = chat;
  await say(chat, reference, await release(at, chat, reference));
}

export async function acknowledgeAlert(chat: Chat, reference: string): Promise<void> {
  const { at } = chat;
  await say(chat, reference, await acknowledge(at, chat, reference));
}

export async function phraseFrom(chat: Chat, reference: string, phrase: Phrase): Promise<void> {
  const { at, contactId } = chat;
  await say(chat, reference, await sendPhrase(at, chat, reference, phrase, contactId));
}

export async function grantCodeFrom(chat: Chat, reference: string): Promise<void> {
  await say(chat, reference, await grantCode(chat.at, chat, reference));
}

export async function declineCodeFrom(chat: Chat, reference: string): Promise<void> {
  await say(chat, reference, await declineCode(chat.at, chat, reference));
}

export async function closeAlert(chat: Chat, reference: string, outcome: Outcome): Promise<void> {
  const { at } = chat;
  await say(chat, reference, await close(at, chat, reference, outcome));
}

export async function askOutcome(chat: Chat, reference: string): Promise<void> {
  const { at } = chat;
  const row = await findAlertFor(at.tx, chat.ids, reference);
  if (!row) return sayNoSuch(chat, reference);
  const may = await mayDecide(at, chat, row);
  if (!may.ok) return sayRefused(chat, reference, may);
  await answer(
    chat,
    'close.ask',
    { reference },
    {
      buttons: OUTCOMES.map((outcome) => [{ key: `end_${outcome}`, data: `o:end_${outcome}:${reference}` }]),
    },
  );
}

/** One alert with its buttons. */
export async function showAlert(chat: Chat, reference: string): Promise<void> {
  const row = await findAlertFor(chat.at.tx, chat.ids, reference);
  if (!row) return sayNoSuch(chat, reference);
  if (row.state === 'open' || isOfferedTo(row, chat.officer.id)) return showPage(chat, row);
  if (row.state === 'taken' && row.takenBy === chat.officer.id) return showControls(chat, row);
  await sayRefused(chat, reference, await whyNot(chat.at, row));
}

async function showPage({ at, officer, language, contactId }: Chat, row: AlertRow): Promise<void> {
  const message = pageMessage(at.ctx, at.now, { officerId: officer.id, language, names: new Map() }, [row]);
  await enqueue(at, { contactId, class: CLASS.reply, about: [row.id], message });
}

/** All alerts that are not closed, and what people asked for that no alert stands for. */
export async function listAlerts(chat: Chat): Promise<void> {
  const { at, language } = chat;
  const all = await openAlertsFor(at.tx, chat.ids);
  const shown = all.slice(0, LISTED);
  const params = { count: all.length, lines: (await alertLines(chat, shown)).join('\n') };
  const key = all.length === 0 ? 'list.none' : all.length > LISTED ? 'list.some' : 'list.all';
  const buttons = shown.flatMap((row) => listButton(chat, row));
  const toSee = linesToSee(at, language, await casesToSeeFor(at.tx, chat.ids));
  if (toSee.length === 0) return void (await answer(chat, key, params, { buttons }));
  const alerts = officerText(at.ctx, language, key, params);
  await answer(chat, 'list.to_see', { alerts, lines: toSee.join('\n') }, { buttons });
}

async function alertLines({ at, officer, language }: Chat, shown: readonly AlertRow[]): Promise<string[]> {
  const { ctx, now } = at;
  const names = await shortNames(
    at,
    shown.map((row) => row.takenBy),
  );
  return shown.map((row) => {
    const head = headline(ctx, language, row);
    const time = sayTime(row.raisedAt, now, ctx.settings.timeZone);
    if (row.state === 'open') return officerText(ctx, language, 'list.open', { head, at: time });
    if (row.takenBy === officer.id) return officerText(ctx, language, 'list.yours', { head, at: time });
    const name = (row.takenBy && names.get(row.takenBy)) || '';
    return officerText(ctx, language, 'list.taken', { head, at: time, name });
  });
}

function listButton({ officer }: Chat, { reference, state, takenBy }: AlertRow) {
  const params = { reference };
  if (state === 'open') return [[{ key: 'take_ref', params, data: `o:take:${reference}` }]];
  return takenBy === officer.id ? [[{ key: 'show_ref', params, data: `o:show:${reference}` }]] : [];
}
