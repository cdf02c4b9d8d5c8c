/** What an officer must know first, in that order: picked out of all that was said. The newest answer counts. */
import type { ComponentChildren } from 'preact';
import type { CaseWords } from '../../contract/cases.ts';
import type { Answer } from '../../conversation/values/answer.ts';
import type { OpenedItem } from './opened-case.ts';
import { AnswerText } from './said.tsx';
import { Whole } from './whole.tsx';

/** Where, danger now, what, since when, what is needed. */
export const FIRST = [
  'where',
  'held_place',
  'taken_from',
  'place',
  'danger',
  'kind',
  'free_now',
  'medical_now',
  'happened',
  'taken_when',
  'needs',
];
/** How this person can be reached without harm. */
export const SAFE_CONTACT = [
  'safe',
  'safe_hours',
  'phone_safe',
  'contact_how',
  'contact_number',
  'contact_hours',
  'contact_answers',
  'contact_cover',
  'contact_code',
  'spoken',
  'regional_office_out',
];

export function InShort({
  steps,
  items,
  names,
  file,
}: {
  steps: readonly string[];
  items: readonly OpenedItem[];
  names: CaseWords;
  file: (id: string) => ComponentChildren;
}) {
  const known = newestAnswers(items);
  const shown = steps.flatMap((step) => {
    const answer = known.get(step);
    return answer && answer.kind !== 'skipped' && answer.kind !== 'seen' ? [{ step, answer }] : [];
  });
  if (shown.length === 0) return null;
  return (
    <dl class="in-short">
      {shown.map(({ step, answer }) => (
        <div key={step} class="answer">
          <dt>{names.steps[step]?.question ?? step}</dt>
          <dd>
            <Whole>
              <AnswerText step={step} answer={answer} names={names} file={file} />
            </Whole>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function newestAnswers(items: readonly OpenedItem[]): Map<string, Answer> {
  const found = new Map<string, Answer>();
  for (const { content } of items)
    for (const { step, answer } of (Array.isArray(content.entries) ? content.entries : []) as {
      step: string;
      answer: Answer;
    }[])
      found.set(step, wentOn(found.get(step), answer));
  return found;
}

/** What came later of an answer that went on stands alone in its item: here it is one again. */
function wentOn(before: Answer | undefined, answer: Answer): Answer {
  if (before?.kind !== 'account' || answer.kind !== 'account') return answer;
  const isWhole = before.parts.every((part, n) => JSON.stringify(part) === JSON.stringify(answer.parts[n]));
  return isWhole ? answer : { ...answer, parts: [...before.parts, ...answer.parts] };
}
