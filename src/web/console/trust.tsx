/** What does not fit in a case, in red and in plain words; and that the member has read it before they go on. */

import type { ComponentChildren } from 'preact';
import { goodItems, type OpenedCase } from './opened-case.ts';
import type { OpenedItem } from './opened-item.ts';
import { caseLink } from './place.ts';
import type { ServerKeys } from './server-keys.ts';
import { useWords } from './words.ts';

/** What was found, as one text: another finding has to be confirmed anew. */
export const findingOf = ({ troubles, items }: OpenedCase): string =>
  troubles.length === 0 ? '' : [...troubles, items.length - goodItems({ items }).length].join();

/** `isConfirmed`: the member has read it. `onConfirm`: they want to go on all the same. */
export function Troubles({
  opened,
  isConfirmed,
  onConfirm,
}: {
  opened: OpenedCase;
  isConfirmed: boolean;
  onConfirm: () => void;
}) {
  const { t } = useWords();
  if (opened.troubles.length === 0) return null;
  return (
    <section class="alarm" role="alert" aria-label={t('case.trust.title')}>
      <h2>{t('case.trust.title')}</h2>
      <ul>
        {opened.troubles.map((trouble) => (
          <li key={trouble}>{t(`case.trust.troubles.${trouble}`)}</li>
        ))}
      </ul>
      <p>{t('case.trust.tell')}</p>
      {isConfirmed ? (
        <p>{t('case.trust.confirmed')}</p>
      ) : (
        <button type="button" onClick={onConfirm}>
          {t('case.trust.confirm')}
        </button>
      )}
    </section>
  );
}

/** What is said calmly: that a case goes on from another, and that some of it is from before anybody could vouch for it. */
export function Origins({ opened }: { opened: OpenedCase }) {
  const { t } = useWords();
  const before = opened.items.filter(({ verdict }) => verdict === 'before').length;
  return (
    <>
      {opened.replaces !== null && (
        <p class="notice">
          {t('case.trust.continues')} <a href={caseLink(opened.replaces)}>{opened.replaces}</a>
        </p>
      )}
      {before > 0 && <p class="soft">{t('case.trust.before', { count: before })}</p>}
    </>
  );
}

/**
 * One thing in a case. What the service did not write is not shown as what a person said: only to a member who wants to
 * see it.
 */
export function Moment({ item, children }: { item: OpenedItem; children: ComponentChildren }) {
  const { t } = useWords();
  if (item.verdict === 'vouched') return <div class="moment">{children}</div>;
  if (item.verdict === 'before') return <div class="moment before">{children}</div>;
  return (
    <div class="moment alarm">
      <p>{t(`case.trust.items.${item.verdict}`)}</p>
      <details>
        <summary>{t('case.trust.show_anyway')}</summary>
        {children}
      </details>
    </div>
  );
}

/** The key with which the server signs, if this device does not know it. */
export function ServerKeyAlarm({ is }: { is: ServerKeys['is'] }) {
  const { t } = useWords();
  if (is !== 'changed') return null;
  return (
    <p class="alarm" role="alert">
      {t('shell.server_key_changed')} <a href="#/me">{t('shell.me')}</a>
    </p>
  );
}
