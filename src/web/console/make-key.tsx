/**
 * Making the team's key in a browser, before there is a live service: the other way is `keys init-team`.
 *
 * Invariant: the secret half goes to nobody; it is shown once, to be printed.
 */
import { useState } from 'preact/hooks';
import { createTeamKey } from '../../crypto/case-key.ts';
import { fingerprint } from '../../crypto/fingerprint.ts';
import { useWords } from './words.ts';

type Made = Awaited<ReturnType<typeof createTeamKey>>;

export function MakeKey() {
  const { t } = useWords();
  const [made, setMade] = useState<Made>();
  if (!made)
    return (
      <section class="gate">
        <h1>{t('entry.make_title')}</h1>
        <p>{t('entry.make_how')}</p>
        <button type="button" class="main" onClick={() => void createTeamKey().then(setMade)}>
          {t('entry.make_key')}
        </button>
      </section>
    );
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`${made.recipient}\n`)}`;
  return (
    <section class="gate">
      <h1>{t('entry.make_title')}</h1>
      <p>{t('entry.make_next')}</p>
      <p class="soft">
        {t('shell.team')} <code>{fingerprint(made.recipient)}</code>
      </p>
      <a class="button" href={file} download="team.key.pub">
        {t('entry.make_public')}
      </a>
      <p>
        <code class="link">{made.secret}</code>
      </p>
      <button type="button" onClick={() => window.print()}>
        {t('shell.print')}
      </button>
    </section>
  );
}
