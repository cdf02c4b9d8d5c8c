/** What is heard in the middle of what people write: signs of danger, a question about the mechanism, a wish for a person. */

import { plain, plainOf } from '../reading/normalise.ts';
import { loose } from '../reading/sounds.ts';
import type { HeardWord } from './bot-keys.ts';
import { createPhrases } from './phrases.ts';
import { isChainOf } from './sos-words.ts';
import type { Texts } from './texts.ts';
import { isTypedIn, isTypedOnly, TOGETHER } from './typed.ts';

/** Longer texts tell something, whatever they ask for besides. */
const MOST_WORDS_OF_A_WISH = 14;

const phrases = createPhrases((phrase) => phrase);
/** "Batu" as "battu". */
const loosely = createPhrases(loose);

/** Whether one of the phrases stands in the text, in any language on offer. */
const hears = phrases.stands;

/** Signs of danger: a person is to be killed, stands at the door, has weapons; or a person was taken just now. */
export function hasDangerSign(texts: Texts, text: string): boolean {
  const said = phrases.withoutHarmless(texts, ` ${plain(text)} `).trim();
  if (hears(texts, said, 'sign_danger')) return true;
  return hears(texts, said, 'sign_taken') && hears(texts, said, 'sign_now');
}

/**
 * What people suffer or are afraid of, in more words than signs of danger have, and in every language there is a folder for:
 * "u ye n bugɔ". SOS is offered to it, and no one is called.
 */
export function tellsHarm(texts: Texts, text: string): boolean {
  const said = phrases.withoutHarmless(texts, ` ${plain(text)} `, texts.folders).trim();
  const once = loose(said);
  const isHeard = (what: HeardWord) =>
    hears(texts, said, what, texts.folders) || loosely.stands(texts, once, what, texts.folders);
  if (isHeard('sign_harm') || isHeard('sign_danger') || isAlone(texts, said)) return true;
  return isHeard('sign_taken') && isHeard('sign_now');
}

/** "Ils viennent", "u nana", and nothing else that would say for what. */
function isAlone(texts: Texts, said: string): boolean {
  const isWord = (part: string) =>
    texts.folders.some((language) =>
      (['sign_alone', 'greeting', 'around_yes'] as const).some((what) =>
        texts.heard(language).get(what)?.includes(part),
      ),
    );
  return hears(texts, said, 'sign_alone', texts.folders) && isChainOf(isWord, said);
}

/** Whether one of these phrases stands among the words. `words`: normalised. */
export const saysOf = (texts: Texts, words: string, what: HeardWord): boolean =>
  hears(texts, plainOf(words), what);

/** Whether the words are phrases of these kinds and nothing else. `words`: normalised. */
export function isOnly(texts: Texts, words: string, ...kinds: HeardWord[]): boolean {
  const isWord = (part: string) =>
    texts.languages.some((language) => kinds.some((what) => texts.heard(language).get(what)?.includes(part)));
  const said = plainOf(words);
  return said !== '' && (isChainOf(isWord, said) || isTypedOnly(texts, said, kinds, isWord));
}

/** Whether one of these phrases stands among the words, however they are typed. `words`: normalised. */
export const asksFor = (texts: Texts, words: string, what: HeardWord): boolean =>
  saysOf(texts, words, what) || isTypedIn(texts, words, what);

/**
 * Greetings and nothing else: "slt cv", "bonjour madame, c'est la CNDH ?", "aw ni sogoma". `words`: normalised. `plain`: only
 * those that nobody is called by.
 */
export function isGreeting(texts: Texts, words: string, which: 'all' | 'plain'): boolean {
  const said = plainOf(words);
  const isWord = (part: string) =>
    texts.languages.some((language) =>
      (which === 'all' ? texts.heard(language) : texts.plainWords(language)).get('greeting')?.includes(part),
    );
  return said !== '' && isChainOf(isWord, said);
}

/**
 * "Bonjour, je veux signaler svp", "I need to report": the wish, and nothing of what happened. It is no account: who can neither
 * write nor speak still chooses from a list.
 */
export function isWishToReport(texts: Texts, text: string): boolean {
  const said = plain(text);
  const around: HeardWord[] = ['for_report', 'greeting', 'around_yes'];
  const isWord = (part: string) =>
    texts.languages.some((language) =>
      around.some((what) => texts.heard(language).get(what)?.includes(part)),
    );
  return isNameOfReport(texts, said) || (hears(texts, said, 'for_report') && isChainOf(isWord, said));
}

/** "Signaler", "report a threat": what its button is called, or how that begins. */
export const isNameOfReport = (texts: Texts, said: string): boolean =>
  said.length >= 4 &&
  texts.languages.some((each) =>
    `${plain(texts.t(each, 'menu.home.options.report'))} `.startsWith(`${said} `),
  );

/** What a person begins with. `few`: a word or two that tell nothing. */
export type Opening = 'story' | 'information' | 'person' | 'few';

/** What the words are that a person begins with, before any question has an answer. */
export function openingOf(texts: Texts, text: string): Opening {
  const said = plain(text);
  const count = said.split(' ').length;
  if (hasDangerSign(texts, text)) return 'story';
  if (count <= MOST_WORDS_OF_A_WISH) {
    if (isForPerson(texts, said)) return 'person';
    if (asksFor(texts, said, 'information')) return 'information';
  }
  return count > 2 ? 'story' : 'few';
}

/** More words than these say about what they want to talk. */
const MOST_OF_A_CALL = 12;

/** "Rappelez-moi", "je peux parler à quelqu'un ?", "ya til une dame avec qui causer": a person is wanted. `said`: plain. */
function isForPerson(texts: Texts, said: string): boolean {
  if (asksFor(texts, said, 'for_person')) return true;
  return (
    said.split(' ').length <= MOST_OF_A_CALL &&
    !hears(texts, said, 'tells') &&
    TOGETHER.every((what) => asksFor(texts, said, what))
  );
}

/** A yes, a no, "ok", "moi", and nothing else. `words`: normalised. */
export function saysBarely(texts: Texts, words: string): boolean {
  const isWord = (part: string) =>
    texts.languages.some((language) => {
      const known = texts.commandWords(language);
      return [known.get('yes'), known.get('no'), texts.heard(language).get('bare')].some((list) =>
        list?.includes(part),
      );
    });
  return words !== '' && (isChainOf(isWord, words) || isChainOf(isWord, plainOf(words)));
}
