import { Icon } from './icons.tsx';
import { useWords } from './words.ts';

const STEPS = ['write', 'sos', 'take'] as const;

/** The story to play, with a mark at what has been played. */
export function Guide({ done, onRestart }: { done: readonly boolean[]; onRestart: () => void }) {
  const { t } = useWords();
  const next = done.indexOf(false);
  return (
    <section class="guide" aria-label={t('page.guide')}>
      <h2>{t('page.guide')}</h2>
      <ol>
        {STEPS.map((step, place) => (
          <li
            key={step}
            class={done[place] ? 'is-done' : ''}
            aria-current={place === next ? 'step' : undefined}
          >
            <span class="step-mark" aria-hidden="true">
              {done[place] ? <Icon name="check" /> : place + 1}
            </span>
            <div>
              <h3>
                {t(`page.steps.${step}.name`)}
                {done[place] && <span class="unseen"> ({t('page.done')})</span>}
              </h3>
              <p class="step-words">{t(`page.steps.${step}.what`)}</p>
            </div>
          </li>
        ))}
      </ol>
      {next === -1 && <p class="all-done">{t('page.all_done')}</p>}
      <button type="button" class="restart" onClick={onRestart}>
        <span class="restart-long">{t('page.restart')}</span>
        <span class="restart-short">{t('page.restart_short')}</span>
      </button>
      <p class="restart-note">{t('page.restart_note')}</p>
    </section>
  );
}
