/**
 * The chat of an enrolled officer: buttons, words, and what is neither.
 *
 * Invariants: every message gets an answer; nothing an officer types becomes a report unless they chose to
 * write as a reporter; a cry for help is asked about and never swallowed by another question.
 */

import { parseReference } from '../../cases/reference.ts';
import type { IncomingMessage } from '../../channels/channel.ts';
import { openAlertsFor } from '../../db/known.ts';
import { lastPagesTo } from '../../db/pages.ts';
import type { ContactId, OfficerId } from '../../kernel/ids.ts';
import { OUTCOMES, PHRASES } from '../../kernel/vocabulary.ts';
import { contactLost } from '../alerts/page-failure.ts';
import { findOfficerCode } from '../duty/officer-codes.ts';
import type { Moment } from '../ground/transaction.ts';
import { loadOfficerState, type OfficerState, setOfficerState } from '../records/officer-state.ts';
import {
  acknowledgeAlert,
  askOutcome,
  closeAlert,
  declineAlert,
  declineCodeFrom,
  grantCodeFrom,
  listAlerts,
  phraseFrom,
  releaseAlert,
  showAlert,
  takeAlert,
} from './officer-alerts.ts';
import { answer, type Chat, openChat } from './officer-chat.ts';
import {
  add,
  onContact,
  readAdding,
  readStopping,
  showContact,
  showContacts,
  stopReaching,
  tryCode,
} from './officer-contact-chat.ts';
import { codeForContact, meetCode, testPage, undoContact, undoEnrolment } from './officer-enrolment.ts';
import { askWhom, giveTo, handOverTo } from './officer-hand-over.ts';
import { askMuteReason, keepUnmuted, muteFor, unmuteFrom } from './officer-mute.ts';
import { askForSelf, notForSelf, writeAsOfficer, writeAsReporter } from './officer-self.ts';
import { sayMyShifts, sayWhoIsOnCall } from './officer-shifts.ts';
import { setDuty } from './on-and-off-duty.ts';
import {
  buttonCalled,
  readSixDigits,
  readWords,
  readYesNo,
  type Said,
  type Typed,
} from './typed-commands.ts';
import { admitPhoneAgain, askWhichPhone, keepAllPhones, keepOnePhone } from './which-phone.ts';

export type Handled = 'handled' | 'as_reporter' | 'sos_for_self';

/** Handles a message of an officer's chat. What is not `handled` goes into a conversation of their own. */
export async function handleOfficerMessage(
  at: Moment,
  from: { contactId: ContactId; officerId: OfficerId },
  message: IncomingMessage,
): Promise<Handled> {
  const chat = await openChat(at, from.contactId);
  if (!chat) return 'as_reporter';
  const { content } = message;
  const { state } = await loadOfficerState(at, from.contactId);
  const isReporter = state?.doing === 'reporter';
  if (content.kind === 'blocked') await contactLost(at, await lastPagesTo(at.tx, from.contactId));
  if (content.kind === 'blocked' || content.kind === 'unblocked')
    return isReporter ? 'as_reporter' : 'handled';
  if (content.kind === 'button') return onButton(chat, state, content.data);
  if (content.kind === 'text' && !content.edited) return onText(chat, state, content.text.trim());
  if (isReporter) return 'as_reporter';
  const isNoWord = content.kind === 'deleted' || (content.kind === 'location' && content.edited);
  return isNoWord ? 'handled' : showMenu(chat, 'not_understood');
}

/** What a button without a reference is about comes back from a phone: looked at before it is used. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type OnReference = (chat: Chat, reference: string) => Promise<unknown>;

/** What the buttons with a reference do. */
export const ON_REFERENCE: Readonly<Record<string, OnReference>> = {
  take: takeAlert,
  cannot: declineAlert,
  release: releaseAlert,
  hand_over: askWhom,
  close: askOutcome,
  ack: acknowledgeAlert,
  show: showAlert,
  chats: askWhichPhone,
  chats_all: keepAllPhones,
  code_yes: grantCodeFrom,
  code_no: declineCodeFrom,
  mute: askMuteReason,
  mute_no: keepUnmuted,
  unmute: unmuteFrom,
  ...Object.fromEntries(
    OUTCOMES.map((outcome) => [
      `end_${outcome}`,
      (chat: Chat, reference: string) => closeAlert(chat, reference, outcome),
    ]),
  ),
  ...Object.fromEntries(
    PHRASES.map((phrase) => [
      `p_${phrase}`,
      (chat: Chat, reference: string) => phraseFrom(chat, reference, phrase),
    ]),
  ),
};

/** Buttons under one of the officer's own contacts. */
const ON_CONTACT = [
  'contact_first',
  'contact_delay',
  'contact_test',
  'contact_again',
  'contact_stop',
  'contact_stop_yes',
];

async function onButton(chat: Chat, state: OfficerState | undefined, data: string): Promise<Handled> {
  const [, verb, argument] = /^o:([a-z_]+):(.+)$/s.exec(data) ?? [];
  if (verb === undefined || argument === undefined) {
    if (state?.doing === 'reporter') return 'as_reporter';
    if (data === 'c:sos') return done(askForSelf(chat));
    return showMenu(chat, 'not_understood');
  }
  if (verb === 'self') return argument === 'yes' ? forSelf(chat) : done(notForSelf(chat));
  const onReference = ON_REFERENCE[verb];
  const reference = parseReference(argument) ?? argument;
  if (onReference) return done(onReference(chat, reference));
  const others: Record<string, () => Promise<unknown>> = {
    give: () => giveTo(chat, argument),
    chat_only: () => keepOnePhone(chat, argument),
    chat_again: () => admitPhoneAgain(chat, argument),
    duty: () => setDuty(chat, argument === 'on'),
    ...(UUID.test(argument)
      ? {
          undo: () => undoEnrolment(chat, argument as OfficerId),
          undo_c: () => undoContact(chat, argument as ContactId),
          contact_show: () => showContact(chat, argument as ContactId),
          ...Object.fromEntries(
            ON_CONTACT.map((what) => [what, () => onContact(chat, what, argument as ContactId)]),
          ),
        }
      : {}),
    report: () => (argument === 'on' ? writeAsReporter(chat) : writeAsOfficer(chat)),
    test: () => answer(chat, 'test.seen'),
    list: () => listAlerts(chat),
    contact: () => codeForContact(chat),
    contacts: () => showContacts(chat),
    sos: () => askForSelf(chat),
  };
  const other = others[verb];
  return other ? done(other()) : showMenu(chat, 'not_understood');
}

/** The buttons under "for yourself?". */
const FOR_SELF = [
  { key: 'self_yes', data: 'yes' },
  { key: 'self_no', data: 'no' },
];

async function onText(chat: Chat, state: OfficerState | undefined, text: string): Promise<Handled> {
  const { ctx } = chat.at;
  const found = findOfficerCode(text);
  // As a reporter, or in a reason, an officer tells something: only a code that works is one there.
  const isTelling = state?.doing === 'reporter' || state?.doing === 'mute_reason';
  const code = found && { ...found, isMeant: found.isMeant && !isTelling };
  if (code && (await meetCode(chat.at, chat.contactId, code)) !== 'no_code') return 'handled';
  const said = readWords(ctx.texts, text);
  if (state?.doing === 'reporter')
    return said.verb === 'officer' ? done(writeAsOfficer(chat)) : 'as_reporter';
  if (state?.doing === 'for_self') return answerForSelf(chat, text);
  // "Danger passé" under an alert is a button that we offered, and no cry for help.
  const pressed = state?.doing === 'offered' ? buttonCalled(ctx.texts, state.buttons, text) : undefined;
  if (pressed !== undefined) return onButton(chat, state, pressed);
  const isReason = state?.doing === 'mute_reason';
  // A reason may tell that a person "writes sos": only the bare word is a cry for help there.
  const isCry = said.isSos && !said.reference && (!isReason || text.split(/\s+/).length <= 2);
  if (isCry) return done(askForSelf(chat));
  if (isReason) return done(takeReason(chat, state.reference, text));
  return onWords(chat, said, text);
}

function answerForSelf(chat: Chat, text: string): Promise<Handled> {
  const { texts } = chat.at.ctx;
  const reply = buttonCalled(texts, FOR_SELF, text) ?? readYesNo(texts, text);
  if (reply === 'yes') return forSelf(chat);
  return done(reply === 'no' ? notForSelf(chat) : askForSelf(chat));
}

function takeReason(chat: Chat, reference: string, text: string): Promise<void> {
  const isCancelled = buttonCalled(chat.at.ctx.texts, [{ key: 'cancel', data: '' }], text) !== undefined;
  return isCancelled ? keepUnmuted(chat, reference) : muteFor(chat, reference, text);
}

async function onWords(chat: Chat, said: Said, text: string): Promise<Handled> {
  const adding = readAdding(chat, text);
  if (adding) return done(add(chat, adding));
  const stopping = readStopping(chat, text);
  if (stopping !== undefined) return done(stopReaching(chat, stopping));
  const typed = readSixDigits(text);
  if (typed) return done(tryCode(chat, typed));
  if (said.to !== undefined) {
    const about = said.reference ?? (await onlyOne(chat, 'hand_over'));
    return done(about ? handOverTo(chat, about, said.to) : listAlerts(chat));
  }
  if (said.verb) return onVerb(chat, said.verb, said.reference);
  if (said.reference) return done(showAlert(chat, said.reference));
  return showMenu(chat, text.startsWith('/') || text === '' ? 'menu' : 'not_understood');
}

/** Verbs that are about nothing but the officer. */
const ALONE: Partial<Record<Typed, (chat: Chat) => Promise<unknown>>> = {
  list: listAlerts,
  contacts: showContacts,
  who: sayWhoIsOnCall,
  shifts: sayMyShifts,
  help: (chat) => showMenu(chat, 'menu'),
  on: (chat) => setDuty(chat, true),
  off: (chat) => setDuty(chat, false),
  officer: writeAsOfficer,
  reporter: writeAsReporter,
  code: codeForContact,
  test: testPage,
  test_seen: (chat) => answer(chat, 'test.seen'),
};

async function onVerb(chat: Chat, verb: Typed, named: string | undefined): Promise<Handled> {
  const alone = ALONE[verb];
  if (alone) return done(alone(chat));
  const reference = named ?? (await onlyOne(chat, verb));
  const onReference = ON_REFERENCE[verb];
  if (!reference || !onReference) return done(listAlerts(chat));
  return done(onReference(chat, reference));
}

/** Without a reference: the one alert it can be about, if there is just one. */
async function onlyOne(chat: Chat, verb: Typed): Promise<string | undefined> {
  const isAboutOpen = verb === 'take' || verb === 'cannot';
  const fitting = (await openAlertsFor(chat.at.tx, chat.ids)).filter((row) =>
    isAboutOpen ? row.state === 'open' : row.takenBy === chat.officer.id,
  );
  return fitting.length === 1 ? fitting[0]?.reference : undefined;
}

/** From now on a conversation of their own, which begins with the alert. */
async function forSelf(chat: Chat): Promise<Handled> {
  await setOfficerState(chat.at, chat.contactId, { doing: 'reporter' });
  await answer(chat, 'self.as_reporter', {}, { buttons: [[{ key: 'as_officer', data: 'o:report:off' }]] });
  return 'sos_for_self';
}

async function showMenu(chat: Chat, key: 'menu' | 'not_understood'): Promise<Handled> {
  const duty = chat.officer.isOnDuty
    ? { key: 'duty_off', data: 'o:duty:off' }
    : { key: 'duty_on', data: 'o:duty:on' };
  await answer(
    chat,
    key === 'menu' ? (chat.officer.isOnDuty ? 'menu.on' : 'menu.off') : 'menu.not_understood',
    {},
    {
      coalesce: 'officer-menu',
      buttons: [
        [{ key: 'list', data: 'o:list:all' }, duty],
        [
          { key: 'my_contacts', data: 'o:contacts:all' },
          { key: 'add_contact', data: 'o:contact:new' },
        ],
        [{ key: 'as_reporter', data: 'o:report:on' }],
        [{ key: 'sos', data: 'o:sos:self' }],
      ],
    },
  );
  return 'handled';
}

async function done(work: Promise<unknown>): Promise<Handled> {
  await work;
  return 'handled';
}
