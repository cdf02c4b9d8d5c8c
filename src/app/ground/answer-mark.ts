/**
 * What an answer to a reporter says of itself, for the look at it before it is tried again (`sending/leaving-answer.ts`).
 *
 * Invariant: it stands only inside the sealed body: nothing in the clear joins a person and a case.
 */
import type { CaseId } from '../../kernel/ids.ts';
import type { Spoken } from './outbox.ts';

export type AnswerMark = {
  /** When they wrote what it answers; absent: nobody has just written. */
  since?: string;
  /** `neutral`: any holder of the phone may read it. `brief`: half an hour later it says nothing any more. */
  is?: 'neutral' | 'brief';
  /** Whether the person had said by then that nothing may be written to them here. */
  isSilent?: boolean;
  /** The case that it may speak of. */
  about?: CaseId;
  /** It holds a secret code: the hash of that code, as it is stored. */
  code?: string;
};

type Answer = Spoken & { answers: AnswerMark };

/** A message to a reporter with its mark. */
export const answering = (message: Spoken, answers: AnswerMark): Answer => ({ ...message, answers });
