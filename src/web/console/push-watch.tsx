/** Sees at each load of the page that a device that is to ring still does, and says so if it does not. */
import { useEffect, useState } from 'preact/hooks';
import { keepPushes, type PushState } from './pushes.ts';
import { useWords } from './words.ts';

/** What can wait until the first case is there. */
const LATER_MS = 5_000;

export function PushWatch() {
  const { t } = useWords();
  const [state, setState] = useState<PushState>();
  useEffect(() => {
    const timer = setTimeout(() => void keepPushes().then(setState), LATER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (state !== 'lost' && state !== 'denied') return null;
  return (
    <p class="notice" role="alert">
      {state === 'denied' ? t('shell.push_denied') : t('shell.push_lost')} <a href="#/me">{t('shell.me')}</a>
    </p>
  );
}
