/** The phones that have the case, and which of them are the person's: "Which phone?" of the messenger, in the room. */
import { useState } from 'preact/hooks';
import type { AlertOfCase, CaseWords } from '../../contract/cases.ts';
import { api } from './api.ts';
import { Problem } from './problem.tsx';
import { whyRefused } from './why-refused.ts';
import { sayTime, useWords } from './words.ts';

export function Phones({
  alert,
  reference,
  channels,
  onDone,
}: {
  alert: AlertOfCase;
  reference: string;
  channels: CaseWords['channels'];
  onDone: () => void;
}) {
  const { t, language } = useWords();
  const [problem, setProblem] = useState<string>();
  if (!alert.isMine || alert.state === 'closed' || alert.phones.length < 2) return null;
  const keep = async (only?: string) => {
    const answer = await api.decide(reference, { do: 'phones', ...(only ? { only } : {}) });
    setProblem(answer.ok ? undefined : whyRefused(t, language, answer));
    onDone();
  };
  return (
    <div class="phones">
      <p>{t('case.phones_ask')}</p>
      <ol>
        {alert.phones.map(({ is, channel, cameBackAt, isCut }) => (
          <li key={is}>
            {channels[channel] ?? channel} ·{' '}
            {cameBackAt
              ? t('case.phone_came_back', { at: sayTime(cameBackAt, language) })
              : t('case.phone_first')}
            {isCut && ` · ${t('case.phone_cut')}`}{' '}
            <button type="button" onClick={() => void keep(is)}>
              {t('case.phone_only')}
            </button>
          </li>
        ))}
      </ol>
      <button type="button" onClick={() => void keep()}>
        {t('case.phones_all')}
      </button>
      <Problem text={problem} />
    </div>
  );
}
