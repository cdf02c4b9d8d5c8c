/** Which message an answer came with: known as long as it lies in no case, so that it can be erased with it. */
import type { Answer, Part } from './answer.ts';

/** Notes which message an answer came with, where the messenger tells of deletions; what is known already stays. */
export function stamped(answer: Answer, message: string | undefined, before?: Answer): Answer {
  if (message === undefined) return answer;
  const parts = (all: readonly Part[]) => all.map((part) => (part.from ? part : { ...part, from: message }));
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

const wordsOf = (answer: Answer | undefined) => (answer?.kind === 'place' ? answer.words : undefined);

/** As it goes into the case: which message it came with is of no use there. */
export function unstamped(answer: Answer): Answer {
  if ('parts' in answer && answer.parts)
    return strip({ ...answer, parts: answer.parts.map(({ from: _, ...part }) => part) });
  return strip(answer);
}

function strip(answer: Answer): Answer {
  if (!('from' in answer)) return answer;
  const { from: _, ...rest } = answer;
  return rest as Answer;
}
