/**
 * Every text of `locales/<language>/bot.yaml` that the engine says, with the placeholders it is given.
 *
 * Placeholders in `FACTS` are filled in by `src/app` when it renders; all others come from the engine. A text
 * may leave a placeholder out, but not use another one.
 */
import { REPORTER_RIGHTS } from '../../kernel/vocabulary.ts';
export const BOT_KEYS = {
  // --- coming, going, coming back
  /** Who this is for; above the danger question, where a language could be guessed. */
  greeting: [],
  /** What a person began with: thanked for and kept; the danger question follows. */
  story_kept: [],
  /** A person began with a question or a wish for a person: the danger question comes first. */
  question_first: [],
  /** Questions to us, answered in one line with a yes or a no: `asks.ts`. */
  answer_police: [],
  answer_state: [],
  answer_robot: [],
  answer_reader: [],
  answer_card: [],
  answer_price: [],
  answer_when: [],
  answer_cndh: [],
  answer_who: [],
  /** After more than 30 minutes of silence; the question follows. */
  welcome_back: [],
  /** The draft was erased after 72 hours of silence. */
  draft_forgotten: [],
  /** Who wanted a person came back after as long, and how to be reached is still open; the menu follows. */
  way_still_open: [],
  /** The questionnaire was changed meanwhile; some answers are asked again, none is lost. */
  flows_changed: [],
  /** Neutral text for "leave": nothing about rights, cases or the CNDH. */
  left: [],
  language_changed: [],
  /** A language was named that is not on offer. */
  language_not_here: [],
  // --- help and commands
  /** How to answer: button, number, words or voice; which words always work. An SOS button is beneath. */
  help: [],
  /** "skip" at a question that must be answered. */
  cannot_skip: [],
  /** "skip" or "I don't know" where only yes or no goes on. */
  yes_or_no: [],
  kept_yes_or_no: [],
  /** "back" at the first question. */
  nothing_before: [],
  /** "done" where there is nothing to finish. */
  nothing_to_finish: [],
  // --- "send"
  /** Nothing has reached anybody yet; what is missing follows, if a report was begun. */
  not_sent: [],
  /** What must be answered before the report can be sent; the first of it is asked beneath. */
  missing: ['list'],
  already_sent: [],
  /** "Send" while an alert is open: that one has left. */
  alert_already: [],
  /** How many questions follow this one, of those that need not be answered. */
  questions_left: ['count'],
  /** An answer of theirs opened more questions than were told. */
  more_opened: [],
  last_question: [],
  /** Beside yes and no: a second screen to read. */
  read_more: [],
  /** A bare yes or "ok" where words are asked for; an example follows, and the question. */
  words_wanted: [],
  /** The same where files are asked for. */
  evidence_awaited: [],
  // --- what was not understood, and what was kept
  /** Button, number or word that fits no option; nothing to keep. */
  not_understood: [],
  /** "1 et 3" where one can be chosen. */
  one_only: [],
  /** Words that are an answer here and a command elsewhere: kept; `label`: the command, whose button is beneath. */
  maybe_command: ['label'],
  /** The number at which to call, as it was understood. */
  number_noted: ['number'],
  /** To thanks where a question waits, and to who cannot write. */
  thanked: [],
  speak_instead: [],
  /** Words where a choice was asked: kept; the question follows once more. */
  words_kept: [],
  /** A voice note, photo or document where a choice was asked: received; the question follows once more. */
  file_kept: [],
  point_kept: [],
  /** A contact card came where it is no answer: it is kept; other people's names only if they agree. */
  card_kept: [],
  /** After a second miss: goes on, and the answer stays unsaid. */
  goes_on_not_said: [],
  /** The same where something was chosen already: that stands. */
  goes_on_chosen: [],
  /** A button of an earlier question. */
  stale_button: [],
  /** A reply to an earlier question, which was taken as the answer to that one. */
  old_answer_taken: [],
  /** A reply to an earlier question that cannot be changed: the words are kept. */
  old_words_kept: [],
  /** What was agreed to hangs on no reply. */
  old_consent: [],
  /** The same button twice: it counted once. */
  double_tap: [],
  edit_kept: [],
  /** A message was changed to something that cannot be read. */
  edit_unreadable: [],
  /** Sticker, contact, poll …: cannot be used. */
  unsupported: [],
  /** A reporter called: nobody picks up; how to get help instead. */
  call_declined: [],
  /** A message came that could not be decrypted. */
  unreadable: [],
  /** A photo or video that can be seen once: messengers keep it from us. */
  view_once: [],
  /** The person deleted a message: what it said is erased here too. */
  deleted: [],
  /** The person deleted a message of which no words were kept, and whose choice stays (a question that needs one). */
  deleted_choice: [],
  /** The person deleted a message that lies in a case: how to ask for erasure. `{{reference}}`. */
  deleted_in_case: ['reference'],
  empty_text: [],
  reaction_not_understood: [],
  /** `limit`: megabytes. */
  file_refused: ['limit'],
  file_over_budget: [],
  file_no_room: [],
  // --- asking
  /** Under several-choice questions: choose one or more, "1 et 3" works, then "done". */
  choices_hint: [],
  /** The chosen labels so far, comma separated. */
  chosen: ['list'],
  /** How many are chosen so far, without naming them (after a silence). */
  chosen_count: ['count'],
  choose_one: [],
  page_next: [],
  page_previous: [],
  date_hint: [],
  date_today: [],
  date_yesterday: [],
  date_last_7_days: [],
  date_last_30_days: [],
  date_earlier: [],
  place_region: [],
  place_cercle: [],
  /** The last part of a place: in words, voice or location; may be skipped. */
  place_words: [],
  /** "I prefer not to say", an option of each part of a place. */
  place_not_said: [],
  // --- account
  /** After a text in the account: noted; go on, or "done". */
  account_text_kept: [],
  /** After a file in the account: received (not yet saved); go on, or "done". */
  account_file_received: [],
  /** Above the account question when something was kept before: what you sent is kept, add to it or "done". */
  account_so_far: [],
  /** In the place of an account, for a person who can neither write nor speak: a list follows. */
  account_choose: [],
  /** When the account is done: once, and not with the question that comes again. */
  account_thanked: [],
  /** "done" in an account without anything in it. */
  account_empty: [],
  code_words_only: [],
  // --- hearing the questions too
  /** They come as voice notes as well from now on; how to stop it. */
  voice_on: [],
  voice_off: [],
  /** It was asked for in a language that has no recordings. */
  voice_none: [],
  // --- SOS and danger
  /** SOS opened a case: received, it is being passed to the officers on duty; not the police. `{{reference}}`. */
  sos_received: ['reference'],
  /** An urgent answer to the danger question opened a case. `{{reference}}`. */
  danger_received: ['reference'],
  /** What was answered later opened one: perhaps about another person, and the person may go on. `{{reference}}`. */
  danger_in_answer: ['reference'],
  /** It was sent, and only that had people called. */
  sent_alert: [],
  /** SOS again while a case is open. `{{reference}}`. */
  sos_again: ['reference'],
  /** Danger was taken back after the alert had left. */
  alert_stays: [],
  /** An SOS word stood in a longer text: press SOS if you need help now. */
  sos_offer: [],
  /** What was answered to the danger question was not understood: passed on as "we do not know". `{{reference}}`. */
  danger_unclear: ['reference'],
  /** The danger question stayed unanswered, and it is passed on: sent unasked, so it says no more. `{{time}}`. */
  passed_on: [],
  // --- review
  review_line: ['question', 'answer'],
  /** It was given, and is not shown; what only the service sets was noted. */
  review_given: [],
  review_answered: [],
  review_skipped: [],
  review_unknown: [],
  review_not_said: [],
  review_yes: [],
  review_no: [],
  /** Counts of files beside the words of an account. */
  review_files: ['count'],
  review_point: [],
  /** Answers are not shown after a silence; can be sent unseen. */
  review_veiled: [],
  review_send: [],
  /** Beside "send": to go on with questions that help. */
  review_more: ['count', 'minutes'],
  review_more_between: ['from', 'count', 'from_minutes', 'minutes'],
  review_correct: [],
  review_which: [],
  review_return: [],
  // --- an open case
  /** "my case" while nothing has been sent and no alert is open. */
  status_none: [],
  added_to_case: ['reference'],
  /** Thanks, and a question, written where a case is open. */
  thanked_case: [],
  question_passed: [],
  /** "My phone is not safe any more", "do not write", outside the question about it. */
  /** Hours that no part of the day holds: kept as words, and what can be held is asked. */
  hours_whole: [],
  /** "Here, at any time", of a phone that is not safe: it is no option there. */
  not_written_here: [],
  writing_stopped: [],
  /** What was said next after a question of the officer. */
  reply_passed_on: [],
  /** The reference and the receipt code were right: the case is open in this chat. `{{reference}}`. */
  came_back: ['reference'],
  /** And other chats have it too. */
  came_back_too: ['reference'],
  /** Other chats have the case no more. */
  old_phone_cut: [],
  /** Its label is under old messages of a chat that has no such case now. */
  old_phone_none: [],
  code_wrong: [],
  /** More than five tries within an hour. */
  code_too_many: [],
  /** Others try so many that this one was not looked at. */
  code_busy: [],
  /** The receipt code came without the reference. */
  code_needs_reference: [],
  /** "false alarm" while a case is open: shown to the officer, closes nothing. */
  mistake_noted: [],
  mistake_nothing: [],
  /** A wish for a person, from who said that nothing may be written here and named no other way. */
  person_cannot_reach: [],
  /** "erase" while a case is open: shown to the officer, who decides. */
  erase_requested: [],
  /** No organisation outside the State is verified yet: said plainly, and how to learn of them. */
  outside_none: [],
  outside_some: [],
  outside_line: ['name', 'contact'],
  /** The same of one that answers day and night. */
  outside_always: ['name', 'contact'],
  /** "erase" without a case: all was erased. */
  erased: [],
  /** "Erase" before anything was said. */
  erase_nothing: [],
  /** The same where an earlier report is a case; what is true of that one follows. */
  erased_beside_case: [],
  /** Consent refused for a new report, where an earlier one is a case. */
  refused_beside_case: [],
  /** Consent taken back where the case stays until the team decides; that erasing is asked for follows. `{{reference}}`. */
  refused_later: ['reference'],
  /** Something was written for a case that was to be erased: it is kept. `{{reference}}`. */
  erasure_stopped: ['reference'],
  /** At the read-back, said in place of sending: nothing has left, and what they can do. */
  not_sent_yet: [],
  /** "Do not call me": the team sees it. */
  calling_stopped: [],
  /** Only thanks were written while it is being erased: that goes on, and how to stop it. `{{reference}}`. */
  erasure_goes_on: ['reference'],
  /** Nothing is to be erased after all: where there is a case, and where there is none. */
  keep_noted: [],
  keep_none: [],
  /** A right, asked for while there is a case: a task of the team. */
  access_noted: [],
  correction_noted: [],
  objection_noted: [],
  /** And while there is none. */
  access_none: [],
  correction_none: [],
  objection_none: [],
  // --- the room to read in
  /** Beneath a question that was typed there: up to three chapters follow as buttons. */
  room_found: [],
  /** No chapter fits: all of them, and a person. */
  room_not_found: [],
  /** Something was told there: it is not kept. `label`: the button that leads to where it is. */
  room_story: ['label'],
  /** And a question of a report waits, or a case to which words at the menu are added. */
  room_story_report: ['label'],
  room_story_case: ['label'],
  /** "Merci", "ok" on a page: it still stands above. */
  room_nod: [],
  /** What is no reading came there, and the question that was left is no choice; it follows. */
  room_kept: [],
  question_kept: [],
  your_question: ['title'],
  /** The way out, to the menu; and to the question that was left. */
  room_out: [],
  room_back: [],
  /** Under a fact that nobody checked yet, where drafts are shown. */
  unchecked: [],
  // --- the secret code
  /** In a message of its own: write down, then delete. `{{code}}`. */
  code: ['code'],
  /** The report is sent, and its case had a code before. */
  code_same: [],
  /** The report is sent, and its case gets a code only after an officer's yes. */
  code_on_request: [],
  /** To a phone that is not safe, in its place. */
  code_not_shown: [],
  /** A code was asked for that only an officer can grant. */
  code_requested: [],
  /** Under a message on a channel without buttons: words that work. `words`: "retour · passer · aide". */
  commands_hint: ['words'],
} as const satisfies Record<string, readonly string[]>;

export type BotKey = keyof typeof BOT_KEYS;

/** Filled in by `src/app` once the other effects of a step are done. */
export const FACTS = ['reference', 'code', 'time', 'from', 'to', 'how_to_delete'] as const;

/** Commands a reporter can say at every step; `commands.<name>.label` and `.words` in every language. */
export const COMMANDS = [
  'sos',
  'back',
  'skip',
  'help',
  'language',
  'leave',
  'done',
  'send',
  'status',
  /** "I want to speak to a person": steps/wanting-person.ts. */
  'person',
  /** Opens the room to read in: steps/reading-room.ts. */
  'understand',
  'erase',
  /** That nothing be erased after all. */
  'keep',
  /** Nothing is to be written to them here any more. */
  'quiet',
  /** Rights that the consent names. */
  ...REPORTER_RIGHTS,
  /** A code by which the case is found again from another phone. */
  'code',
  'mistake',
  /** "My old phone was taken": means something only where a case was found again by its code. */
  'taken',
  /** To hear the questions too, or no more: steps/commanding.ts. */
  'voice',
  /** "/start", greetings: the question is said again, nothing is kept. */
  'start',
] as const;
export type Command = (typeof COMMANDS)[number];

/** Words that only count as the answer to a question that knows them; same place in `commands.yaml`. */
export const ANSWER_WORDS = ['yes', 'no', 'unknown'] as const;
export type AnswerWord = (typeof ANSWER_WORDS)[number];

/** Heard in the middle of a message; `commands.<name>.words` in every language. */
export const HEARD_WORDS = [
  'greeting',
  'information',
  'for_person',
  /** A wish, talking, and with whom: all three in a short message want a person. */
  'wants',
  'talks',
  'talks_to',
  /** They want to report: said in the room to read in, where words are looked for. */
  'for_report',
  /** A question: its beginning, what stands within it, and what tells something all the same. */
  'asks_first',
  'asks_within',
  'tells',
  /** Questions to us that have an answer of one line: `asks.ts`; and how we are spoken to. */
  'asks_us',
  'asks_police',
  'asks_state',
  'asks_robot',
  'asks_reader',
  'asks_card',
  'asks_price',
  'asks_elsewhere',
  'asks_when',
  'asks_cndh',
  'asks_who',
  'sign_danger',
  /** Offers SOS as well, and calls no one: `tellsHarm`. */
  'sign_harm',
  /** The same, where it is all that is said: "ils viennent". */
  'sign_alone',
  'sign_taken',
  'sign_now',
  /** That help come soon; words that alone may be a name or a place; and what people ask who wait for it. */
  'urges',
  'urges_alone',
  /** Beside a cry for help it takes nothing from it. */
  'pleads',
  'waits',
  /** What calls people by itself: a threat of death; a person taken, also where a person is named with it; with a word of now. */
  'grave_threat',
  'grave_kill',
  'grave_whom',
  'grave_weapon',
  'grave_home',
  'grave_violence',
  'grave_taken',
  'grave_seized',
  'grave_gone',
  'grave_if_now',
  'sign_recent',
  'person_near',
  /** Alone in a sentence: who writes is held. As it sounds: a threat of death, the wish to die. Armed people give a delay. */
  'captive',
  'grave_by_sound',
  'gives_time',
  /** Arrested, searched, held, summoned, threatened: `custody.ts`. */
  'arrest_self',
  'arrest_passive',
  'arrest_active',
  'came_for',
  'searches',
  'searched_place',
  'in_custody',
  'summoned',
  'who_summons',
  'came_out',
  'threat_told',
  /** What goes on where they are, unless it is of then or as it always is. */
  'grave_here',
  'not_now',
  /** A stranger who comes to do harm is where people live; one who may, at the door. */
  'threatens',
  'strangers',
  /** People with weapons, and what they do to a person: with a person (person_near, or grave_whom) they are an attack. */
  'armed_people',
  'does_to',
  'my_door',
  'my_place',
  'is_there',
  'was_there',
  /** What makes none of it: long ago, denied, only thought of, told of others; and what only sounds like it. */
  'long_ago',
  'over',
  'denied',
  'supposed',
  'told_of',
  'no_sign',
  /** In place of a label, at one question each: `meaning/meant.ts`. */
  'agrees',
  'refuses',
  'no_danger',
  /** Others read on the phone; what undoes a "yes, it is safe"; that nobody is to write or call. */
  'phone_unsafe',
  'undoes_safe',
  'do_not_write',
  /** The same said by itself, anywhere: nothing is to come here any more, or the phone is no longer safe. */
  'stop_writing',
  /** Of the present: another person reads on this phone. Heard in an account too; what no one does is none of it. */
  'reads_here',
  'read_by_none',
  /** Beside one of these "do not write" is said of the phone. */
  'of_phone',
  'goes_on',
  'more_questions',
  /** At the read-back: it is not to be sent, or they are done. */
  'not_sending',
  'pauses',
  'by_call',
  'no_contact',
  'no_number',
  'nobody',
  /** To whom they want to speak is all one. */
  'anyone',
  /** Alone it is no part of a label by which that is chosen. */
  'no_part',
  'says_over',
  'says_urgent',
  'is_self',
  'is_relative',
  'is_defender',
  'is_organisation',
  'is_group',
  /** Another person than the writer and than these; and what stands around whom it is about. */
  'is_other',
  'around_who',
  /** Whether the other person agrees, was asked, can be asked. */
  'other_agrees',
  'other_refuses',
  'not_asked',
  'cannot_ask',
  /** Alone no answer to a question for words, beside yes and no: "ok", "moi". */
  'bare',
  /** At the account: who says so is told of the other way. */
  'cannot_write',
  /** After an SOS, where it is asked where they are: no place. */
  'thanks',
  /** Behind a yes to a safe phone; alone at the question of danger; to send, at the read-back. */
  'around_safe',
  'danger_now',
  /** Behind a yes to danger: it stays one. */
  'around_danger',
  'danger_soon',
  'sends',
  'confirms',
  /** There is none of what is asked for. */
  'says_none',
  /** Before a yes or a no: "je pense que". */
  'thinks',
  /** To be written to in this chat, and by messages. */
  'by_here',
  'by_message',
  /** What may stand behind a yes, a no, an "I don't know" and changes nothing. */
  'around_yes',
  'around_no',
  'around_unknown',
  /** What is asked for by right in other words than a command's: `wishes.ts`. */
  'asks_keep',
  'keep_told',
  'asks_erase',
  'erase_told',
  'asks_quiet',
  'quiet_told',
  'asks_objection',
  'objection_told',
  'asks_correction',
  'correction_told',
  'asks_access',
  'access_told',
  'says_mistake',
  /** The same so plainly that it may be of an alert that is out. */
  'says_false_alarm',
  'around_wish',
  'around_correction',
  /** Two of these in one short message may ask for it. */
  'hint_erase',
  'hint_own',
  'hint_write',
  'hint_no',
  'hint_count',
  'hint_correct',
  'hint_read',
  'hint_talk',
  'hint_whom',
  'hint_mistake',
  /** A number beside one of these is theirs. */
  'number_given',
  /** Another number is where to call. */
  'asks_number',
  /** That nobody is to call. */
  'stop_calling',
  /** Thanks, greetings, "ok": nothing new. */
  'courtesy',
] as const;
export type HeardWord = (typeof HEARD_WORDS)[number];
