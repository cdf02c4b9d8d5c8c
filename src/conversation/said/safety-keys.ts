/**
 * Texts on which people's safety hangs: in the room each of them counts only after a second person's yes.
 *
 * A closed list, kept by a test. What is not in it needs a second yes all the same as soon as it gains an address or a number
 * (`gained.ts`): a link or a hotline may stand in any sentence.
 */
import { UNASKED } from '../words/unasked-keys.ts';

/** Whole files: what SOS says, the law, what people type and what is heard in it, and by what the texts themselves are checked. */
const FILES = ['sos', 'facts', 'commands', 'wording', 'language'] as const;

/** Single texts, by what their key begins with. */
const BEGIN = [
  // What is agreed to, and what is true of this phone.
  'report.consent.',
  'report.refused',
  'report.phone_',
  'report.contact_how.',
  'report.contact_hours.',
  'report.care_advice.',
  'report.danger.',
  // Whom else to call.
  'lists.outside_organisations.',
  'bot.outside_',
  // What is said when somebody is in danger, or asks to have everything erased.
  'bot.sos_',
  'bot.danger_',
  'bot.passed_on',
  'bot.alert_',
  'bot.erase',
  'bot.refused_',
  'bot.left',
  'bot.code',
  // What officers send with one press.
  'status.phrase',
  'status.neutral',
] as const;

/** `key`: of a text with plural forms, the key of one of them will do. */
export function isOfSafety(key: string): boolean {
  const [file = ''] = key.split('.');
  const stem = key.replace(/_(zero|one|two|few|many|other)$/, '');
  return (
    (FILES as readonly string[]).includes(file) ||
    BEGIN.some((begin) => key.startsWith(begin)) ||
    key in UNASKED ||
    stem in UNASKED
  );
}
