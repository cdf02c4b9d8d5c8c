import type { LiveState } from './use-live.ts';
import { sayTime, useWords } from './words.ts';

/** Says that changes are not heard, how old is what stands here, and what to do. Nothing as long as all is well. */
export function LineNotice({ line }: { line: LiveState }) {
  const { t, language } = useWords();
  if (line.isUp) return null;
  const asOf = line.asOf && sayTime(line.asOf, language);
  if (line.isAnswered === undefined)
    return (
      <p class="notice" role="status">
        {t('shell.line_asks')}
      </p>
    );
  return (
    <p class={line.isAnswered ? 'notice' : 'problem'} role="status">
      {asOf
        ? t(line.isAnswered ? 'shell.line_cut' : 'shell.line_lost_as_of', { at: asOf })
        : t('shell.line_lost')}
    </p>
  );
}
