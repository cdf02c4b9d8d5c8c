/**
 * Every text that goes to a reporter unasked: a closed list, and what is filled in.
 *
 * An answer is what the machine says in the transaction that takes in what this person wrote, and nothing else: they hold the
 * phone and have just looked at it. Everything else is unasked: what an officer does or writes, what a clock does, what ends
 * later than the message that began it (a file that was fetched), and what is said while or after something was broken.
 *
 * Invariants: nothing unasked is said but by these keys (`writing-to-reporter.ts` and `records/unasked.ts` take no others) and in the
 * free words of an officer; what they say is neutral in every language (`check-neutral.ts`): not who we are, nor why.
 */
export const UNASKED = {
  // --- what an officer does
  'status.neutral': ['at'],
  'status.neutral_again': ['at'],
  'status.neutral_closed': ['at'],
  /** A new code waits until they write for it. */
  'status.neutral_ready': ['at'],
  'status.phrase': ['at', 'words'],
  'status.phrase_call': [],
  'status.phrase_safe': [],
  'status.phrase_talk': [],
  // --- what a clock does
  'status.nobody_yet': ['at'],
  /** Their case is erased. */
  'status.neutral_done': ['at'],
  'bot.passed_on': ['time'],
  'sos.where.ask': [],
  // --- what ends later than the message that began it
  'service.saved': ['count'],
  'service.saved_some': ['count', 'waiting'],
  'service.refused_too_big': ['limit'],
  'service.refused_gone': [],
  'service.refused_broken': [],
  'service.refused_over_budget': [],
  'service.refused_no_room': [],
  'service.refused_unreachable': [],
  /** An answer that could not be sent for half an hour: this is said in its place. */
  'service.answered_late': ['at'],
  // --- while or after something was broken
  /** The first message from another number of ours: the words that the one before it gave. */
  'service.code_word.from_other_number': ['words'],
  'service.parked': [],
  'service.not_saved': [],
  'service.outage': ['from', 'to'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type UnaskedKey = keyof typeof UNASKED;
