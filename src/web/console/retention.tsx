/** How long cases are kept, which go next, and which are held. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { RetentionNow } from '../../contract/retention.ts';
import { api } from './api.ts';
import { dayOf } from './hold-box.tsx';
import { caseLink } from './place.ts';
import { useWords } from './words.ts';

/** `mayOpen`: whether the reader opens cases: an auditor reads references only. */
export function Retention({ mayOpen }: { mayOpen: boolean }) {
  const { t, language } = useWords();
  const [now, setNow] = useState<RetentionNow>();
  const [isLost, setIsLost] = useState(false);
  useEffect(() => {
    void api.retention().then((answer) => (answer.ok ? setNow(answer.value) : setIsLost(true)));
  }, []);
  if (isLost) return <p class="problem">{t('shell.lost')}</p>;
  if (!now) return <p class="notice">{t('shell.opening')}</p>;
  return (
    <section>
      <h1>{t('retention.title')}</h1>
      <p class="soft">{t('retention.how')}</p>
      <h2>{t('retention.rules')}</h2>
      <ol>
        {now.rules.map(({ id, why, case: kept, conversation }) => (
          <li key={id}>
            <strong>{t('retention.rule', { id, kept: spanIn(t, kept) })}</strong> {why}{' '}
            <span class="soft">{t('retention.conversation', { kept: spanIn(t, conversation) })}</span>
          </li>
        ))}
      </ol>
      <h2>{t('retention.cases')}</h2>
      {now.cases.length === 0 && <p class="soft">{t('retention.none')}</p>}
      <ul class="rows">
        {now.cases.map((each) => (
          <li key={each.reference} class="row">
            <Row mayOpen={mayOpen} reference={each.reference}>
              <span class={`level ${each.level}`}>{t.of('shell.levels', each.level) ?? each.level}</span>
              <span class="reference">{each.reference}</span>
              <span class="who">{t.of('shell.statuses', each.status) ?? each.status}</span>
              <span class={each.goesAt ? 'who alarm' : 'who'}>
                {each.held
                  ? t('retention.held', { why: t(`rights.hold_reasons.${each.held}`) })
                  : each.goesAt
                    ? t('retention.goes', { at: dayOf(each.goesAt, language) })
                    : t('retention.over', { at: dayOf(each.until, language) })}
              </span>
            </Row>
          </li>
        ))}
      </ul>
    </section>
  );
}

type T = ReturnType<typeof useWords>['t'];

/** "5 years" in the words of the reader. */
function spanIn(t: T, said: string): string {
  const [n, unit = ''] = said.split(' ');
  const count = Number(n);
  switch (unit.replace(/s$/, '')) {
    case 'day':
      return t('retention.spans.day', { count });
    case 'month':
      return t('retention.spans.month', { count });
    case 'year':
      return t('retention.spans.year', { count });
    default:
      return said;
  }
}

function Row({
  mayOpen,
  reference,
  children,
}: {
  mayOpen: boolean;
  reference: string;
  children: ComponentChildren;
}) {
  return mayOpen ? (
    <a class="row-in" href={caseLink(reference)}>
      {children}
    </a>
  ) : (
    <span class="row-in">{children}</span>
  );
}
