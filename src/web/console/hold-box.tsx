/** Until when the case is kept, and holding it: one member holds, two let it go. */
import { useState } from 'preact/hooks';
import { HOLD_REASONS, type HoldReason } from '../../kernel/vocabulary.ts';
import { api } from './api.ts';
import { AskFirst } from './asking.tsx';
import type { OpenedCase } from './opened-case.ts';
import { Problem } from './problem.tsx';
import { whyRefused } from './why-refused.ts';
import { sayTime, useWords } from './words.ts';

export function HoldBox({ opened, onDone }: { opened: OpenedCase; onDone: () => void }) {
  const { t, language } = useWords();
  const [because, setBecause] = useState<HoldReason>(HOLD_REASONS[0]);
  const [problem, setProblem] = useState<string>();
  const { reference, kept } = opened;
  const { hold, until, why } = kept;
  const decide = async (body: Parameters<typeof api.hold>[1]) => {
    const answer = await api.hold(reference, body);
    setProblem(answer.ok ? undefined : whyRefused(t, language, answer));
    onDone();
  };
  return (
    <details class="erase-box">
      <summary>
        {hold
          ? t('rights.held', { who: hold.by, at: sayTime(hold.at, language) })
          : until
            ? t('rights.kept_until', { at: dayOf(until, language) })
            : t('rights.kept')}
      </summary>
      {hold ? (
        <>
          <p>{t(`rights.hold_reasons.${hold.because}`)}</p>
          {hold.liftBy === null ? (
            <AskFirst label={t('rights.hold_lift')} onYes={() => decide({ do: 'lift' })}>
              <p>{t('rights.hold_lift_note')}</p>
            </AskFirst>
          ) : (
            <>
              <p>
                {t('rights.hold_lift_asked', {
                  who: hold.liftBy,
                  at: sayTime(hold.liftAt ?? hold.at, language),
                })}
              </p>
              {hold.mayAgree && (
                <AskFirst label={t('rights.hold_agree')} onYes={() => decide({ do: 'agree' })}>
                  <p>{t('rights.hold_agree_note')}</p>
                </AskFirst>
              )}
              <button type="button" onClick={() => void decide({ do: 'keep' })}>
                {t('rights.hold_keep')}
              </button>
            </>
          )}
        </>
      ) : (
        <>
          {why && <p>{why}</p>}
          <p>{t('rights.hold_how')}</p>
          <label for="hold-why">{t('rights.hold_why')}</label>
          <select
            id="hold-why"
            value={because}
            onChange={(event) => setBecause(event.currentTarget.value as HoldReason)}
          >
            {HOLD_REASONS.map((each) => (
              <option key={each} value={each}>
                {t(`rights.hold_reasons.${each}`)}
              </option>
            ))}
          </select>
          <button type="button" onClick={() => void decide({ do: 'hold', because })}>
            {t('rights.hold')}
          </button>
        </>
      )}
      <Problem text={problem} />
    </details>
  );
}

/** "3 mai 2031": years ahead the hour says nothing. */
export const dayOf = (at: string, language: string): string =>
  new Date(at).toLocaleDateString(language, { day: 'numeric', month: 'long', year: 'numeric' });
