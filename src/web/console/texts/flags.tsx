/** What is known of a text at a glance, in words. */
import type { TextList } from '../../../contract/texts.ts';
import { useWords } from '../words.ts';

type Flagged = {
  isSafety: boolean;
  isChanged: boolean;
  isProposed: boolean;
  isRead: boolean;
  isUnchecked: boolean;
};

type Props = { of: Flagged; comments: number; voice?: TextList['rows'][number]['voice'] };

export function Flags({ of, comments, voice }: Props) {
  const { t } = useWords();
  return (
    <span class="flags">
      {of.isSafety && <span class="flag safety">{t('texts.flags.safety')}</span>}
      {of.isUnchecked && <span class="flag asks">{t('texts.flags.unchecked')}</span>}
      {of.isProposed && <span class="flag asks">{t('texts.flags.proposed')}</span>}
      {of.isChanged && <span class="flag">{t('texts.flags.changed')}</span>}
      {voice && <span class="flag">{t(`texts.voice.${voice.is}`)}</span>}
      {voice?.isWaiting && <span class="flag asks">{t('texts.voice.waits')}</span>}
      {of.isRead && <span class="flag">{t('texts.flags.read')}</span>}
      {comments > 0 && <span class="flag">{t('texts.flags.comments', { number: comments })}</span>}
    </span>
  );
}
