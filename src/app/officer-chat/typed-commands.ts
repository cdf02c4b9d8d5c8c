/**
 * What an officer typed, as a verb and a reference. Words are in `officer.words` of the locale files; those that nobody
 * else says, in `officer.words.only_officers`.
 */
import { parseReference } from '../../cases/reference.ts';
import { normalise } from '../../conversation/reading/normalise.ts';
import { isStammeredSos } from '../../conversation/words/sos-words.ts';
import type { Texts } from '../../conversation/words/texts.ts';
import { remembered } from '../../kernel/remembered.ts';
import { WAYS } from '../../kernel/vocabulary.ts';

/** Verbs that can be typed; the same as on buttons (`o:<verb>:<reference>`). */
const TYPED = [
  'take',
  'cannot',
  'release',
  'hand_over',
  'close',
  'ack',
  'p_call',
  'p_safe',
  'p_talk',
  'mute',
  'unmute',
  'list',
  'contacts',
  'who',
  'shifts',
  'help',
  'on',
  'off',
  'officer',
  'reporter',
  'code',
  'test',
  'test_seen',
  'show',
  'chats',
  'code_yes',
  'code_no',
] as const;
export type Typed = (typeof TYPED)[number];

/** Buttons that do what a verb does, where they are called otherwise; their labels can be typed too. */
const BUTTONS: Partial<Record<Typed, string>> = {
  take: 'take',
  cannot: 'cannot',
  release: 'release',
  hand_over: 'hand_over',
  close: 'close',
  ack: 'seen',
  p_call: 'p_call',
  p_safe: 'p_safe',
  p_talk: 'p_talk',
  mute: 'mute',
  unmute: 'unmute',
  list: 'list',
  contacts: 'my_contacts',
  on: 'duty_on',
  off: 'duty_off',
  officer: 'as_officer',
  reporter: 'as_reporter',
  code: 'add_contact',
  test_seen: 'test_seen',
  show: 'show_ref',
  chats: 'chats',
  code_yes: 'code_yes',
  code_no: 'code_no',
};

/** `to`: whom an alert is to be handed over to, as it was typed. */
export type Said = {
  verb: Typed | undefined;
  reference: string | undefined;
  isSos: boolean;
  to?: string;
};

/** Reads a message of an officer. No verb and no reference: nothing that is on the menu. */
export function readWords(texts: Texts, text: string): Said {
  const isSos = isCryForHelp(texts, text);
  const tokens = text.trim().split(/\s+/).slice(0, 20);
  const found = findReference(tokens);
  const rest = normalise(found ? found.rest.join(' ') : text);
  const { verbs, labels } = wordsOfOfficers(texts);
  const verb = verbs.get(rest) ?? labels.get(rest);
  const to = verb ? undefined : handedTo(texts, rest);
  return { verb, reference: found?.reference, isSos, ...(to === undefined ? {} : { to }) };
}

type Button = { key: string; params?: Readonly<Record<string, string | number>> | undefined; data: string };

/** The data of the button that is called so, in any language. */
export function buttonCalled(texts: Texts, buttons: readonly Button[], text: string): string | undefined {
  const words = normalise(text);
  const isCalledSo = ({ key, params }: Button) =>
    texts.languages.some(
      (language) => normalise(texts.t(language, `officer.button.${key}`, { ...params })) === words,
    );
  return words === '' ? undefined : buttons.find(isCalledSo)?.data;
}

/** Buttons of officers whose labels nobody else would write. */
const ONLY_OFFICERS = [
  'take',
  'release',
  'hand_over',
  'mute',
  'unmute',
  'duty_on',
  'duty_off',
  'test_seen',
  'list',
  'my_contacts',
  'add_contact',
  'as_officer',
];
/** Verbs that with a reference are an officer's. */
const ON_ALERT: readonly Typed[] = [
  'take',
  'cannot',
  'release',
  'hand_over',
  'close',
  'ack',
  'mute',
  'unmute',
];

/** A colleague's name is no longer; what is, tells something. */
const LONGEST_NAME = 3;

/**
 * Whether an officer wrote this: `surely` is a verb with the reference of an alert, a phrase
 * or a button's words, a contact to add; `perhaps` begins like one, and a person in danger could have gone on so.
 * `own`: references that are the writer's own. `isTelling`: they answer an open question, report or have a case, and
 * every word is theirs.
 */
export function isOfOfficers(
  texts: Texts,
  text: string,
  { own, isTelling }: { own: readonly (string | undefined)[]; isTelling: boolean },
): 'surely' | 'perhaps' | undefined {
  if (isTelling) return undefined;
  const said = readWords(texts, text);
  if (said.reference !== undefined) {
    if (own.includes(said.reference)) return undefined;
    if (said.verb !== undefined) return ON_ALERT.includes(said.verb) ? 'surely' : undefined;
    return said.to !== undefined && said.to.split(' ').length <= LONGEST_NAME ? 'perhaps' : undefined;
  }
  if (readSixDigits(text)) return 'surely';
  const words = normalise(text);
  if (wordsOfOfficers(texts).onlyOfficers.has(words)) return 'surely';
  const added = addedContact(texts, words);
  if (added === undefined) return undefined;
  const isAddress = /^[\d ]*$/.test(added) || (text.includes('@') && text.trim().split(/\s+/).length <= 4);
  return isAddress ? 'surely' : 'perhaps';
}

/** "ajouter sms 70 00 00 00": the rest of the words after those that add a contact. */
function addedContact(texts: Texts, words: string): string | undefined {
  const opening = wordsOfOfficers(texts).adding.find((each) => `${words} `.startsWith(`${each} `));
  return opening === undefined ? undefined : words.slice(opening.length + 1);
}

/** Whether words beside a code are more than "bonjour, mon code est … merci": the officer may be telling something. */
export function couldTell(texts: Texts, beside: string): boolean {
  const { aroundCode } = wordsOfOfficers(texts);
  return normalise(beside)
    .split(' ')
    .some((word) => word !== '' && !aroundCode.has(word));
}

/** "passe à Awa": the rest of the words after those that hand over. */
function handedTo(texts: Texts, words: string): string | undefined {
  const opening = wordsOfOfficers(texts).handingOver.find((each) => words.startsWith(`${each} `));
  return opening === undefined ? undefined : words.slice(opening.length + 1);
}

/** "TAKO-4827", "tako 4827" among other words. */
function findReference(tokens: readonly string[]): { reference: string; rest: string[] } | undefined {
  for (const size of [1, 2]) {
    for (let i = 0; i + size <= tokens.length; i++) {
      const reference = parseReference(tokens.slice(i, i + size).join(''));
      if (reference) return { reference, rest: [...tokens.slice(0, i), ...tokens.slice(i + size)] };
    }
  }
  return undefined;
}

/** Nobody types the address of a webhook into a chat. */
const TYPED_WAYS = WAYS.filter((way) => way !== 'webhook');

/** What officers type, of all languages on offer: every message of a stranger is compared with it. */
type OfOfficers = {
  verbs: ReadonlyMap<string, Typed>;
  /** Of buttons; the reference in them stands apart. */
  labels: ReadonlyMap<string, Typed>;
  onlyOfficers: ReadonlySet<string>;
  adding: readonly string[];
  handingOver: readonly string[];
  aroundCode: ReadonlySet<string>;
};

const wordsOfOfficers = remembered(
  (texts: Texts): OfOfficers => {
    const inAll = (key: string) => texts.languages.flatMap((language) => wordsOf(texts, language, key));
    const labelled = (button: string) =>
      texts.languages.map((language) =>
        normalise(texts.t(language, `officer.button.${button}`, { reference: '' })),
      );
    return {
      verbs: byWords(inAll),
      labels: byWords((verb) => {
        const button = BUTTONS[verb];
        return button === undefined ? [] : labelled(button);
      }),
      onlyOfficers: new Set([...ONLY_OFFICERS.flatMap(labelled), ...inAll('only_officers')]),
      adding: texts.languages.flatMap((language) =>
        wordsOf(texts, language, 'contact_add').flatMap((add) =>
          TYPED_WAYS.flatMap((way) =>
            wordsOf(texts, language, `way_${way}`).map((named) => `${add} ${named}`),
          ),
        ),
      ),
      handingOver: inAll('hand_over_to'),
      aroundCode: new Set(inAll('around_code')),
    };
  },
  ({ edition }) => edition,
);

/** Of a word that stands for two verbs the first one counts. */
function byWords(wordsFor: (verb: Typed) => readonly string[]): Map<string, Typed> {
  const found = new Map<string, Typed>();
  for (const verb of TYPED) for (const words of wordsFor(verb)) if (!found.has(words)) found.set(words, verb);
  return found;
}

/** None for what is only a button. */
function wordsOf(texts: Texts, language: string, verb: string): string[] {
  if (!texts.has(language, `officer.words.${verb}`)) return [];
  return texts.t(language, `officer.words.${verb}`).split(',').map(normalise);
}

/** A short message with an SOS word in it, or SOS however it is stammered. `isAnywhere`: however long it is. */
export function isCryForHelp(texts: Texts, text: string, { isAnywhere = false } = {}): boolean {
  const words = normalise(text);
  if (isStammeredSos(words)) return true;
  if (!isAnywhere && words.split(' ').length > 6) return false;
  return texts.languages.some((language) =>
    (texts.commandWords(language).get('sos') ?? []).some((word) => ` ${words} `.includes(` ${word} `)),
  );
}

/** "482915", "482 915", in the digits of any keyboard: a code that came to another contact. */
export function readSixDigits(text: string): string | undefined {
  const digits = normalise(text);
  return /^\d{3} ?\d{3}$/.test(digits) ? digits.replace(' ', '') : undefined;
}

/** Whether a word is a plain yes or no in any language. */
export function readYesNo(texts: Texts, text: string): 'yes' | 'no' | undefined {
  const word = normalise(text);
  const says = (command: 'yes' | 'no') =>
    texts.languages.some((language) => texts.commandWords(language).get(command)?.includes(word));
  return says('yes') ? 'yes' : says('no') ? 'no' : undefined;
}
