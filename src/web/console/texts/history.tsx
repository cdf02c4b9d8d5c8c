/** What people said of a text, and what happened to it; an earlier text can be taken again. */
import { useState } from 'preact/hooks';
import { sayTime, useWords } from '../words.ts';
import type { Act, Shown } from './act.ts';
import { textsApi } from './api.ts';
import { sayWho } from './who.ts';

export function Comment({ shown, act }: { shown: Shown; act: Act }) {
  const { t } = useWords();
  const [words, setWords] = useState('');
  const send = async (event: Event) => {
    event.preventDefault();
    if (words.trim() === '') return;
    await act(textsApi.comment({ language: shown.language, key: shown.key, words }));
    setWords('');
  };
  return (
    <form class="text-comment" onSubmit={(event) => void send(event)}>
      <label for="text-comment">{t('texts.comment')}</label>
      <input
        id="text-comment"
        value={words}
        maxLength={1_000}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
      <button type="submit">{t('texts.comment_send')}</button>
    </form>
  );
}

export function History({ shown, act }: { shown: Shown; act: Act }) {
  const { t, language } = useWords();
  const { history, version } = shown;
  const take = (text: string | readonly string[] | null) =>
    void act(
      textsApi.change({
        language: shown.language,
        key: shown.key,
        text: text === null || typeof text === 'string' ? text : [...text],
        seen: version,
      }),
    );
  if (history.length === 0) return null;
  return (
    <section aria-label={t('texts.history')}>
      <h3>{t('texts.history')}</h3>
      <ol class="timeline">
        {history.map(({ seq, is, by, at, text, words }) => (
          <li key={seq}>
            <time dateTime={at}>{sayTime(at, language)}</time> {t(`texts.happened.${is}`)} ({sayWho(t, by)})
            {words !== null && <span class="text-words">{words}</span>}
            {(is === 'set' || is === 'propose') && (
              <>
                <span class="text-words" lang={shown.language}>
                  {text === null ? t('texts.waits_files') : [text].flat().join('\n')}
                </span>
                {text !== null && (
                  <button type="button" onClick={() => take(text)}>
                    {t('texts.again')}
                  </button>
                )}
              </>
            )}
          </li>
        ))}
      </ol>
      {shown.isChanged && (
        <button type="button" onClick={() => take(null)}>
          {t('texts.of_files')}
        </button>
      )}
    </section>
  );
}
