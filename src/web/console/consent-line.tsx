/** What was said to a question of consent: by whom, for whom to see it, to which text, when. */
import type { CaseWords } from '../../contract/cases.ts';
import { plain } from './plain.ts';
import { sayTime, useWords } from './words.ts';

export function ConsentLine({ content, names }: { content: Record<string, unknown>; names: CaseWords }) {
  const { t, language } = useWords();
  const of = (part: 'of' | 'to' | 'said' | 'text' | 'language' | 'at') => plain(String(content[part] ?? ''));
  const said = names.steps.who_agrees?.options[of('said')] ?? t.of('case.codes', of('said')) ?? of('said');
  const to = names.lists.sharing_scopes?.[of('to')] ?? of('to');
  const text = t('case.consent.text', { version: of('text'), language: of('language') });
  return (
    <div class="event">
      <time dateTime={of('at')}>{sayTime(of('at'), language)}</time>{' '}
      {[`${t.of('case.consent', of('of')) ?? of('of')} : ${said}`, to, text].join(' · ')}
    </div>
  );
}
