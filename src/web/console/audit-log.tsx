/**
 * The log of looks: which member looked at what. What is written here nobody takes back; whether it is whole the
 * operator shows (`audit verify`).
 */
import { useEffect, useState } from 'preact/hooks';
import type { ErasingNow } from '../../contract/rights.ts';
import type { AuditLine, BareAuditLine } from '../../contract/team.ts';
import { searchable, soughtIn } from '../../kernel/fold.ts';
import { api } from './api.ts';
import { letInBy as whoLetIn } from './let-in-by.ts';
import { Search } from './search.tsx';
import { sayTime, useWords } from './words.ts';

export function AuditLog() {
  const { t, language } = useWords();
  const [lines, setLines] = useState<(AuditLine | BareAuditLine)[]>();
  const [sought, setSought] = useState('');
  useEffect(() => {
    void api.audit().then((answer) => answer.ok && setLines(answer.value));
  }, []);
  const isSought = soughtIn(sought);
  const textOf = (line: AuditLine | BareAuditLine): string =>
    'hash' in line
      ? line.hash
      : [
          line.who ?? t('log.audit_nobody'),
          t.of('log.audited', line.what) ?? line.what,
          line.reference ?? '',
          ...(line.erasing
            ? [t.of('rights.reasons', line.erasing.because) ?? '', line.erasing.people.join(' + ')]
            : []),
        ].join(' ');
  return (
    <section>
      <h1>{t('shell.audit')}</h1>
      <Erasures />
      <p class="soft">{t('log.audit_how')}</p>
      <Search label={t('log.audit_search')} value={sought} onChange={setSought} />
      <ol class="timeline">
        {lines
          ?.filter((line) => isSought(searchable(textOf(line))))
          .map((line) => (
            <li key={line.seq}>
              {'hash' in line ? (
                <code>{line.hash}</code>
              ) : (
                <>
                  <time dateTime={line.at}>{sayTime(line.at, language)}</time> {textOf(line)}
                </>
              )}
            </li>
          ))}
      </ol>
    </section>
  );
}

/** Cases that are to be erased: a member who watches over the log sees it before it is done. */
function Erasures() {
  const { t } = useWords();
  const [wanted, setWanted] = useState<ErasingNow[]>([]);
  useEffect(() => {
    void api.erasures().then((answer) => answer.ok && setWanted(answer.value));
  }, []);
  if (wanted.length === 0) return null;
  return (
    <section class="problem" role="status" aria-label={t('rights.erasures')}>
      <h2>{t('rights.erasures')}</h2>
      <ul>
        {wanted.map((each) => (
          <li key={each.reference}>
            <strong>{each.reference}</strong> · {t(`rights.reasons.${each.because}`)} · <Wish each={each} />
            {each.postponedBecause && ` ${t(`rights.postponed.${each.postponedBecause}`)}`}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Who wants it erased, and when that will be; or that its time is over. */
function Wish({ each: { askedBy, askedAt, agreedBy, letInBy, dueAt } }: { each: ErasingNow }) {
  const { t, language } = useWords();
  if (!askedBy) return <>{t('rights.time_over_on', { at: sayTime(dueAt ?? askedAt, language) })}</>;
  return (
    <>
      {dueAt && agreedBy
        ? `${t('rights.erase_on', { at: sayTime(dueAt, language) })} ${t('rights.erase_wanted', { first: askedBy, second: agreedBy })}`
        : t('rights.erase_asked', { who: askedBy, at: sayTime(askedAt, language) })}
      {` ${t('rights.erase_let_in', { who: whoLetIn({ letInBy }) })}`}
    </>
  );
}
