/** "Erase this case": two people, a reason, and seven days in which either of them can stop it. */
import { useState } from 'preact/hooks';
import type { ErasureOfCase } from '../../contract/rights.ts';
import { ERASE_REASONS, type EraseReason } from '../../kernel/vocabulary.ts';
import { api } from './api.ts';
import { AskFirst } from './asking.tsx';
import { letInBy } from './let-in-by.ts';
import type { OpenedCase } from './opened-case.ts';
import { Problem } from './problem.tsx';
import { whyRefused } from './why-refused.ts';
import { sayTime, useWords } from './words.ts';

type Props = { opened: OpenedCase; onDone: () => void };

export function EraseBox({ opened, onDone }: Props) {
  const { t, language } = useWords();
  const [because, setBecause] = useState<EraseReason>(ERASE_REASONS[0]);
  const [problem, setProblem] = useState<string>();
  const { reference, erasure, alert } = opened;
  const isLive = erasure !== null && erasure.state !== 'stopped';
  const decide = async (body: Parameters<typeof api.erasing>[1]) => {
    const answer = await api.erasing(reference, body);
    setProblem(answer.ok ? undefined : whyRefused(t, language, answer));
    onDone();
  };
  const isPaging = !alert.isQuiet && alert.state !== 'closed';
  return (
    <>
      {erasure && (
        <div class={isLive ? 'erasure problem' : 'erasure'} role="status">
          <Standing erasure={erasure} />
          {erasure.mayAgree && (
            <AskFirst label={t('rights.erase_agree')} onYes={() => decide({ do: 'agree' })}>
              <p>{t('rights.erase_agree_note')}</p>
            </AskFirst>
          )}
          {isLive && erasure.mayStop && (
            <button type="button" onClick={() => void decide({ do: 'stop' })}>
              {t('rights.erase_stop')}
            </button>
          )}
          {isLive && <Problem text={problem} />}
        </div>
      )}
      {!isLive && (
        <details class="erase-box">
          <summary>{t('rights.erase')}</summary>
          <p>{t('rights.erase_how')}</p>
          {isPaging ? (
            <p class="soft">{t('rights.problems.alert_open')}</p>
          ) : (
            <>
              <label for="erase-why">{t('rights.erase_why')}</label>
              <select
                id="erase-why"
                value={because}
                onChange={(event) => setBecause(event.currentTarget.value as EraseReason)}
              >
                {ERASE_REASONS.map((each) => (
                  <option key={each} value={each}>
                    {t(`rights.reasons.${each}`)}
                  </option>
                ))}
              </select>
              <AskFirst label={t('rights.erase_ask')} onYes={() => decide({ do: 'ask', because })}>
                <p>{t('rights.erase_ask_note')}</p>
              </AskFirst>
            </>
          )}
          <Problem text={problem} />
        </details>
      )}
    </>
  );
}

function Standing({ erasure }: { erasure: ErasureOfCase }) {
  const { t, language } = useWords();
  const { state, askedBy, dueAt, stoppedBy, stoppedBecause } = erasure;
  const why = t(`rights.reasons.${erasure.because}`);
  const day = (at: string | null) => (at ? sayTime(at, language) : '');
  if (state === 'stopped')
    return (
      <p>
        {stoppedBy
          ? t('rights.erase_stopped_by', { who: stoppedBy, at: day(erasure.endedAt) })
          : `${t.of('rights.stopped', stoppedBecause ?? '') ?? ''} · ${day(erasure.endedAt)}`}
      </p>
    );
  if (erasure.because === 'time_over' && !erasure.postponedAt)
    return (
      <>
        <p>
          <strong>{t('rights.time_over_on', { at: day(dueAt) })}</strong> {erasure.rule}
        </p>
        <p>{t('rights.time_over_keep')}</p>
      </>
    );
  if (state === 'asked')
    return (
      <>
        <p>
          <strong>{t('rights.erase_asked', { who: askedBy ?? '', at: day(erasure.askedAt) })}</strong> {why}
        </p>
        <p>{t('rights.erase_let_in', { who: letInBy(erasure) })}</p>
        <p>{t(erasure.mayAgree ? 'rights.erase_second' : 'rights.erase_needs_second')}</p>
      </>
    );
  const { postponedAt, postponedBecause } = erasure;
  if (postponedAt && postponedBecause)
    return (
      <>
        <p>
          <strong>{t('rights.erase_postponed', { due: day(dueAt), at: day(postponedAt) })}</strong>{' '}
          {t(`rights.postponed.${postponedBecause}`)}
        </p>
        <Wanted erasure={erasure} />
      </>
    );
  return (
    <>
      <p>
        <strong>{t('rights.erase_on', { at: day(dueAt) })}</strong> {why}
      </p>
      <Wanted erasure={erasure} />
    </>
  );
}

function Wanted({ erasure }: { erasure: ErasureOfCase }) {
  const { t } = useWords();
  if (!erasure.askedBy) return <p>{t('rights.time_over_keep')}</p>;
  return (
    <>
      <p>{t('rights.erase_wanted', { first: erasure.askedBy, second: erasure.agreedBy ?? '' })}</p>
      <p>{t('rights.erase_let_in', { who: letInBy(erasure) })}</p>
      <p>{t('rights.erase_until')}</p>
    </>
  );
}
