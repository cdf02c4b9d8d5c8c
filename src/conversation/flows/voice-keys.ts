/**
 * What is only heard, never read: `locales/<language>/voice.yaml` holds it as words, for the speaker who records it. After each option
 * its number ("for this, write one"), and how an answer of several parts is ended without a word that must be read.
 */

/** The most options that stand in one message. */
const MOST_NUMBERS = 12;

export const numberName = (number: number): string => `number_${number}`;
export const DONE_NAME = 'done';

/** Names in `voice.yaml`. */
export const VOICE_KEYS: readonly string[] = [
  ...Array.from({ length: MOST_NUMBERS }, (_, index) => numberName(index + 1)),
  DONE_NAME,
];
