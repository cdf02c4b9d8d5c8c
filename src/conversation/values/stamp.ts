/** Which message an answer came with: known as long as it lies in no case, so that it can be erased with it. */
import type { Answer, Part } from './answer.ts';

/** Notes which message an answer came with, where the messenger tells of deletions; what is known already stays. */
export function stamped(answer: Answer, message: string | undefined, before?: Answer): Answer {
  if (message === undefined) return answer;
  const parts = (all: readonly Part[]) => stampedParts(all, message);
  switch (answer.kind) {
    case 'account':
      return { ...answer, parts: parts(answer.parts) };
    case 'place': {
      const isNew = answer.words !== undefined && wordsOf(before) !== answer.words;
      return {
        ...answer,
        ...(answer.parts ? { parts: parts(answer.parts) } : {}),
        ...(isNew ? { from: message } : {}),
      };
    }
    case 'choice':
    case 'choices':
    case 'text':
    case 'code':
    case 'date':
      return { ...answer, from: message };
    default:
      return answer;
  }
}

/** The same for what came at a question and was no answer. */
export function stampedParts(parts: readonly Part[], message: string | undefined): Part[] {
  return parts.map((part) => (part.from || message === undefined ? part : { ...part, from: message }));
}

const wordsOf = (answer: Answer | undefined) => (answer?.kind === 'place' ? answer.words : undefined);

/** As it goes into the case: which message it came with, and at which question, is of no use there. */
export function unstamped(answer: Answer): Answer {
  if (answer.kind === 'not_said') return { ...answer, tried: answer.tried.map(bare) };
  if ('parts' in answer && answer.parts) return strip({ ...answer, parts: answer.parts.map(bare) });
  return strip(answer);
}

function bare({ from: _, ...part }: Part): Part {
  if (part.kind !== 'text') return part;
  const { apart: __, ...words } = part;
  return words;
}

function strip(answer: Answer): Answer {
  if (!('from' in answer)) return answer;
  const { from: _, ...rest } = answer;
  return rest as Answer;
}
