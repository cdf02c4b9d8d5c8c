/**
 * Which words say yes to danger, and which only that a message was seen.
 *
 * Invariants: "ok", "d'accord", "oui merci", a greeting or a thumb never raise an alert; of a plain yes everything that may tell
 * of danger counts, also where nobody knows what it tells.
 */
import { DANGER, placedAt, type View } from '../asking/turn.ts';
import { plainOf } from '../reading/normalise.ts';
import type { HeardWord } from '../words/bot-keys.ts';
import { isGreeting, isOnly, isWishToReport, openingOf } from '../words/heard.ts';
import { calmed } from '../words/sos-words.ts';
import type { Texts } from '../words/texts.ts';
import { isCourtesy } from '../words/wishes.ts';

/** What was seen at the question of danger, and answers nothing. `words`: normalised. */
export const isNodToDanger = (view: View, words: string): boolean =>
  placedAt(view).id === DANGER && isNod(view.deps.texts, calmed(words));

/** Whether they begin with no plain yes, or with one behind which another matter follows. `words`: normalised. */
export function isNoYesToDanger(view: View, words: string): boolean {
  if (placedAt(view).id !== DANGER) return false;
  const { texts } = view.deps;
  const rest = behindYes(texts, calmed(words));
  if (rest === undefined) return true;
  return isWishToReport(texts, rest) || ['information', 'person'].includes(openingOf(texts, rest));
}

function isNod(texts: Texts, words: string): boolean {
  if (isOnly(texts, words, ...BESIDE_YES)) return false;
  const rest = behindYes(texts, words);
  if (rest === undefined) return isSeen(texts, words) && !isGreeting(texts, words, 'all');
  return rest !== '' && !isOnly(texts, rest, ...BESIDE_YES) && isSeen(texts, rest);
}

/** "Oui svp", "oui maintenant". */
const BESIDE_YES: readonly HeardWord[] = ['around_danger', 'danger_now'];

const isSeen = (texts: Texts, words: string): boolean =>
  isCourtesy(texts, words) || isOnly(texts, words, 'greeting', 'around_yes', 'courtesy');

/** What follows a plain yes, or "je pense que oui"; undefined: they begin with none. */
function behindYes(texts: Texts, words: string): string | undefined {
  const plainWords = (language: string) => texts.plainWords(language).get('yes') ?? [];
  const thinking = (language: string) => texts.heard(language).get('thinks') ?? [];
  const said = plainOf(words);
  return behind(texts.languages.flatMap(plainWords), behind(texts.languages.flatMap(thinking), said) ?? said);
}

/** The words behind the longest of these that they begin with. */
function behind(phrases: readonly string[], said: string): string | undefined {
  const begun = phrases.map(plainOf).filter((each) => said === each || said.startsWith(`${each} `));
  const [longest] = begun.sort((one, other) => other.length - one.length);
  return longest === undefined ? undefined : said.slice(longest.length).trim();
}
