/** What words mean at a question with options, where they are none of its labels. */
import type { ContactHours } from '../../kernel/vocabulary.ts';

/** `said`: words to keep. `number`: they are the number at which to call. `how`: how to be reached, where another way is asked for. */
export type Meant = {
  id: string;
  said?: string;
  number?: string;
  how?: string;
  /** When to be reached, said with how. */
  hours?: readonly ContactHours[];
};
