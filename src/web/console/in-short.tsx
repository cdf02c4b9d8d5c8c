/** What an officer must know first, in that order: picked out of all that was said. The newest answer counts. */
import type { ComponentChildren } from 'preact';
import type { CaseWords } from '../../contract/cases.ts';
import { type Entry, entriesOf, timeOf, wentOn } from './one-account.ts';
import type { OpenedItem } from './opened-item.ts';
import { EntryText } from './said.tsx';
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
    const entry = known.get(step);
    const kind = entry?.answer?.kind;
    return entry && kind && kind !== 'skipped' && kind !== 'seen' ? [entry] : [];
  });
  if (shown.length === 0) return null;
  return (
    <dl class="in-short">
      {shown.map((entry) => (
        <div key={entry.step} class="answer">
          <dt>{names.steps[entry.step]?.question ?? entry.step}</dt>
          <dd>
            <Whole>
              <EntryText entry={entry} names={names} file={file} />
            </Whole>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function newestAnswers(items: readonly OpenedItem[]): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const item of items)
    for (const entry of entriesOf(item))
      found.set(entry.step, wentOn(found.get(entry.step), entry, timeOf(item)));
  return found;
}
