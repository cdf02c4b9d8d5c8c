/** The room for texts: a list of what is said in a language, and one text to work on. */
import './texts.css';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { TextLanguages } from '../../../contract/texts.ts';
import type { Place } from '../place-of.ts';
import { useWords } from '../words.ts';
import { textsApi } from './api.ts';
import { Faults } from './faults.tsx';
import { FIRST_VIEW, type ListView, TextList } from './list.tsx';
import { OneText } from './one.tsx';

export function TextsRoom({ place }: { place: Place }) {
  const { t } = useWords();
  const [found, setFound] = useState<TextLanguages>();
  // What the list shows outlives a look at one text.
  const [view, setView] = useState<ListView>(FIRST_VIEW);
  const look = useCallback(() => {
    void textsApi.languages().then((answer) => answer.ok && setFound(answer.value));
  }, []);
  useEffect(look, [look]);
  if (!found) return <p class="notice">{t('shell.opening')}</p>;
  const asked = place.is === 'texts' ? place : undefined;
  const drafts = found.languages.find(({ isSigned }) => !isSigned)?.code;
  const language = asked?.language ?? view.language ?? drafts ?? found.defaultLanguage;
  return (
    <section class="texts">
      <h1>{t('texts.title')}</h1>
      <Faults found={found} />
      {asked?.key ? (
        <OneText
          key={`${language} ${asked.key}`}
          language={language}
          textKey={asked.key}
          languages={found}
          onDone={look}
        />
      ) : (
        <TextList found={found} language={language} view={view} onView={setView} />
      )}
    </section>
  );
}
