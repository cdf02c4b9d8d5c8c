/** What one person proposed and a second one must agree to, beside what is said now. */
import { sayTime, useWords } from '../words.ts';
import type { Act, Shown } from './act.ts';
import { textsApi } from './api.ts';
import { sayWho } from './who.ts';

export function Proposed({ shown, act }: { shown: Shown; act: Act }) {
  const { t, language } = useWords();
  const { proposed } = shown;
  if (!proposed) return null;
  const decide = (isYes: boolean) =>
    void act(textsApi.decide({ language: shown.language, key: shown.key, of: proposed.seq, isYes }));
  const who = sayWho(t, proposed.by);
  return (
    <section class="proposed notice" aria-label={t('texts.flags.proposed')}>
      <p>{t('texts.waits', { who, at: sayTime(proposed.at, language) })}</p>
      <p class="text-beside" lang={shown.language}>
        {proposed.text === null ? t('texts.waits_files') : [proposed.text].flat().join('\n')}
      </p>
      {proposed.gains.length > 0 && (
        <p class="problem">{t('texts.gains', { list: proposed.gains.join(', ') })}</p>
      )}
      {proposed.mayAgree ? (
        <>
          <p class="soft">{t('texts.yes_note')}</p>
          <button type="button" class="main" onClick={() => decide(true)}>
            {t('texts.yes')}
          </button>
        </>
      ) : (
        <p class="soft">{t.of('texts.why_not', proposed.whyNot ?? '')}</p>
      )}
      {proposed.mayRefuse && (
        <button type="button" onClick={() => decide(false)}>
          {proposed.isMine ? t('texts.take_back') : t('texts.refuse')}
        </button>
      )}
    </section>
  );
}
