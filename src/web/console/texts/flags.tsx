/** What is known of a text at a glance, in words. */
import { useWords } from '../words.ts';

type Flagged = {
  isSafety: boolean;
  isChanged: boolean;
  isProposed: boolean;
  isRead: boolean;
  isUnchecked: boolean;
};

export function Flags({ of, comments }: { of: Flagged; comments: number }) {
  const { t } = useWords();
  return (
    <span class="flags">
      {of.isSafety && <span class="flag safety">{t('texts.flags.safety')}</span>}
      {of.isUnchecked && <span class="flag asks">{t('texts.flags.unchecked')}</span>}
      {of.isProposed && <span class="flag asks">{t('texts.flags.proposed')}</span>}
      {of.isChanged && <span class="flag">{t('texts.flags.changed')}</span>}
      {of.isRead && <span class="flag">{t('texts.flags.read')}</span>}
      {comments > 0 && <span class="flag">{t('texts.flags.comments', { number: comments })}</span>}
    </span>
  );
}
