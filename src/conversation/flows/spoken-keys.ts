/**
 * Which texts can be heard, and which of them must be before a language is offered to those who listen: every question up to
 * where a report is sent, with its options and their numbers.
 *
 * A room to read in can be heard page by page, and need not be. The list in place of an account (`flows/told.yaml`) is not among them: a person who listens tells it in a voice note.
 */
import { createHash } from 'node:crypto';
import { ANSWER_WORDS } from '../words/bot-keys.ts';
import type { Texts } from '../words/texts.ts';
import { entryCodes } from './code-lists.ts';
import type { Flows, PlacedStep } from './compile.ts';
import { VOICE_KEYS } from './voice-keys.ts';

export type SpokenKey = { key: string; isNeeded: boolean };

/** Flows that are passed on the way to a report that is sent. */
const ON_THE_WAY = ['menu', 'sos', 'report', 'person'];
/** Labels and lines of the service's own under questions on that way. */
const OF_QUESTIONS = [
  ...['read_more', 'account_choose', 'account_so_far', 'choices_hint', 'last_question'],
  ...['review_send', 'review_more', 'review_correct', 'review_veiled'],
];
/** What is said between them: heard where it is recorded. */
const BETWEEN = [
  ...[
    'greeting',
    'story_kept',
    'question_first',
    'welcome_back',
    'draft_forgotten',
    'left',
    'language_changed',
  ],
  ...[
    'help',
    'cannot_skip',
    'kept_yes_or_no',
    'yes_or_no',
    'nothing_before',
    'nothing_to_finish',
    'not_sent',
  ],
  ...['already_sent', 'alert_already', 'not_understood', 'one_only', 'words_kept', 'file_kept', 'point_kept'],
  ...[
    'goes_on_not_said',
    'goes_on_chosen',
    'stale_button',
    'old_answer_taken',
    'old_words_kept',
    'double_tap',
  ],
  ...['unsupported', 'unreadable', 'reaction_not_understood', 'choose_one', 'account_text_kept'],
  ...['account_file_received', 'account_empty', 'code_words_only', 'voice_on', 'voice_off', 'sos_received'],
  ...[
    'danger_received',
    'sos_again',
    'alert_stays',
    'sos_offer',
    'sent_alert',
    'danger_in_answer',
    'danger_unclear',
  ],
  ...[
    'status_none',
    'added_to_case',
    'reply_passed_on',
    'mistake_noted',
    'mistake_nothing',
    'erased',
    'refused_later',
  ],
  ...['date_hint', 'date_today', 'date_yesterday', 'date_last_7_days', 'date_last_30_days', 'date_earlier'],
  ...['page_next', 'page_previous', 'place_region', 'place_cercle', 'place_words', 'place_not_said'],
  ...['review_which', 'review_return', 'room_back', 'room_out', 'unchecked'],
];

/** Every text that can be heard, in the order in which it is asked. */
export function spokenKeys(flows: Flows, texts: Texts, language: string): SpokenKey[] {
  const has = (key: string) => texts.has(language, key) || texts.has(texts.defaultLanguage, key);
  const found = new Map<string, boolean>();
  const add = (key: string, isNeeded: boolean) => found.set(key, (found.get(key) ?? false) || isNeeded);
  for (const key of VOICE_KEYS) add(`voice.${key}`, true);
  for (const placed of flows.steps.values()) {
    const isOnTheWay = isPassed(flows, placed);
    for (const key of textsOf(placed).filter(has)) add(key, isOnTheWay && isWhole(texts, language, key));
    for (const key of optionsOf(flows, placed, has)) add(key, isOnTheWay);
  }
  for (const key of ANSWER_WORDS) add(`commands.${key}.label`, true);
  for (const key of OF_QUESTIONS) add(`bot.${key}`, true);
  for (const key of BETWEEN) add(`bot.${key}`, false);
  add('language.name', true);
  return [...found].map(([key, isNeeded]) => ({ key, isNeeded }));
}

/** Whether it is asked before a report is sent, of those who go straight on. */
function isPassed(flows: Flows, { flow, path }: PlacedStep): boolean {
  if (!ON_THE_WAY.includes(flow)) return false;
  if (flow !== 'report') return true;
  const paths = [...flows.steps.values()].filter((each) => each.flow === 'report').map((each) => each.path);
  const sent = [...flows.steps.values()].findLast(
    ({ step }) => step.ask === 'statement' && step.does === 'keep_bare_alert',
  );
  return paths.indexOf(path) <= paths.indexOf(sent?.path ?? path);
}

function textsOf({ path, step }: PlacedStep): string[] {
  if (step.ask === 'statement') return step.quiet ? [] : [`${path}.say`];
  if (step.ask === 'screen')
    return [
      `${path}.title`,
      ...step.says.map((line) => (typeof line === 'string' ? `${path}.${line}` : `facts.${line.fact}`)),
    ];
  return [
    `${path}.ask`,
    `${path}.ask_other`,
    ...(step.ask === 'yes_no' && step.more ? [`${path}.more`] : []),
  ];
}

function optionsOf(
  flows: Flows,
  { path, step, id, flow }: PlacedStep,
  has: (key: string) => boolean,
): string[] {
  // Languages are called by their own name.
  if (flow === 'menu' && id === 'language') return [];
  if ('list' in step && step.list) {
    const list = flows.lists.get(step.list);
    return list ? entryCodes(list).map((code) => `lists.${step.list}.${code}`) : [];
  }
  const hidden: readonly string[] = 'hidden' in step ? (step.hidden ?? []) : [];
  const codes = 'options' in step ? (step.options ?? []) : [];
  const named =
    step.ask === 'yes_no' ? ['yes', 'no'].map((code) => `${path}.options.${code}`).filter(has) : [];
  return [
    ...codes.filter((code) => !hidden.includes(code)).map((code) => `${path}.options.${code}`),
    ...named,
  ];
}

/** Whether nothing is filled in, and it does not count: of other texts a recording can say only a part. */
function isWhole(texts: Texts, language: string, key: string): boolean {
  const written = texts.template(language, key);
  return written !== undefined && !written.includes('{{');
}

const FORMS = ['', '_one', '_two', '_few', '_many', '_other'];

/** For which words something was recorded: changes with every letter of the text, in each of its forms. */
export function spokenVersion(texts: Texts, language: string, key: string): string {
  const said = FORMS.map((form) => texts.template(language, `${key}${form}`) ?? '');
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 12);
}
