/** What was said to a question of consent: by whom, for whom to see it, to which text, when. */
import type { CaseWords } from '../../contract/cases.ts';
import { consentSchema } from '../../conversation/values/consent.ts';
import { plain } from './plain.ts';
import { sayTime, useWords } from './words.ts';

export function ConsentLine({ content, names }: { content: Record<string, unknown>; names: CaseWords }) {
  const { t, language } = useWords();
  const { success, data } = consentSchema.safeParse(content);
  if (!success) return <p class="problem">{t('shell.damaged')}</p>;
  const said =
    names.steps.who_agrees?.options[data.said] ?? t.of('case.codes', data.said) ?? plain(data.said);
  const to = names.lists.sharing_scopes?.[data.to] ?? plain(data.to);
  const text = t('case.consent.text', { version: plain(data.text), language: plain(data.language) });
  return (
    <div class="event">
      <time dateTime={data.at}>{sayTime(data.at, language)}</time>{' '}
      {[`${t(`case.consent.${data.of}`)} : ${said}`, to, text].join(' · ')}
    </div>
  );
}
