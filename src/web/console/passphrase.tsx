import { useState } from 'preact/hooks';
import { useWords } from './words.ts';

/** Asks for the passphrase, where a device cannot keep the key. `onGiven` rejects if it does not fit. */
export function Passphrase({
  isNew = false,
  onGiven,
}: {
  isNew?: boolean;
  onGiven: (passphrase: string) => Promise<void>;
}) {
  const { t } = useWords();
  const [problem, setProblem] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const give = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setIsBusy(true);
    setProblem(false);
    await onGiven(String(form.get('passphrase') ?? '')).catch(() => setProblem(true));
    setIsBusy(false);
  };
  return (
    <section class="gate">
      <h1>{t('entry.passphrase_title')}</h1>
      {isNew && <p>{t('entry.passphrase_why')}</p>}
      <form onSubmit={(event) => void give(event)}>
        <label for="passphrase">{t('entry.passphrase')}</label>
        <input
          id="passphrase"
          name="passphrase"
          type="password"
          minLength={16}
          required
          autocapitalize="none"
          autocorrect="off"
          spellcheck={false}
          autocomplete={isNew ? 'new-password' : 'current-password'}
        />
        <button type="submit" class="main" disabled={isBusy}>
          {isBusy ? t('shell.making') : t('shell.go')}
        </button>
      </form>
      {problem && (
        <p class="problem" role="alert">
          {t('shell.refused')}
        </p>
      )}
    </section>
  );
}
