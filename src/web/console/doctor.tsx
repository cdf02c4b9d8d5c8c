/** How the service is, for those who answer for it: what `doctor` says on the machine, and the mend. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { DoctorCheck, DoctorSays } from '../../contract/doctor.ts';
import { api } from './api.ts';
import { Problem } from './problem.tsx';
import { sayTime, useWords } from './words.ts';

/** What does not work comes first. */
const ORDER = ['fail', 'warn', 'unseen'] as const;

export function DoctorRoom() {
  const { t, language } = useWords();
  const [found, setFound] = useState<DoctorSays>();
  const [why, setWhy] = useState<string>();
  const [isLooking, setLooking] = useState(true);
  const look = useCallback(async () => {
    setLooking(true);
    const answer = await api.doctor(language);
    setLooking(false);
    setWhy(answer.ok ? undefined : answer.why);
    if (answer.ok) setFound(answer.value);
  }, [language]);
  useEffect(() => void look(), [look]);
  return (
    <section>
      <h1>{t('shell.doctor')}</h1>
      <p class="soft">{t('doctor.how')}</p>
      <p role="status">
        {isLooking ? t('doctor.looking') : found && t('doctor.as_of', { at: sayTime(found.at, language) })}
      </p>
      <Problem text={why && t(why === 'lost' ? 'shell.lost' : 'shell.refused')} />
      {found && <Judged found={found} />}
      {found && ORDER.map((state) => <Lines key={state} state={state} found={found} />)}
      {found && (
        <details>
          <summary>{t('doctor.states.ok')}</summary>
          <List language={found.language} checks={found.checks.filter(({ state }) => state === 'ok')} />
        </details>
      )}
      <button type="button" disabled={isLooking} onClick={() => void look()}>
        {t('doctor.again')}
      </button>
    </section>
  );
}

function Judged({ found }: { found: DoctorSays }) {
  const { t } = useWords();
  if (found.isForRealReporters) return <p class="notice">{t('doctor.ready')}</p>;
  return (
    <div class="problem">
      <p>{t('doctor.not_ready')}</p>
      <ul class="lines" lang={found.language}>
        {found.missing.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </div>
  );
}

function Lines({ state, found }: { state: (typeof ORDER)[number]; found: DoctorSays }) {
  const { t } = useWords();
  const those = found.checks.filter((check) => check.state === state);
  if (those.length === 0) return null;
  return (
    <section>
      <h2>{t(`doctor.states.${state}`)}</h2>
      <List language={found.language} checks={those} />
    </section>
  );
}

function List({ language, checks }: { language: string; checks: readonly DoctorCheck[] }) {
  const { t } = useWords();
  return (
    <ul class="lines" lang={language}>
      {checks.map(({ name, detail, mend }) => (
        <li key={`${name} ${detail}`}>
          <strong>{name}</strong>
          {t('doctor.colon')}
          {detail}
          {mend && (
            <>
              <br />→ {mend}
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
