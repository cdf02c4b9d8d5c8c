/** The field in which a text is said anew, and under it what it would look like and what the check would say. */
import { useEffect, useState } from 'preact/hooks';
import type { TextPreview } from '../../../contract/texts.ts';
import { useWords } from '../words.ts';
import type { Act, Shown } from './act.ts';
import { textsApi } from './api.ts';
import { Phones } from './phone.tsx';
import { ProblemLines } from './problem-lines.tsx';

/** After the last letter: the check reads every text of the language. */
const PAUSE_MS = 700;

export function Field({ shown, act }: { shown: Shown; act: Act }) {
  const { t } = useWords();
  const { language, key, isList, version, placeholders } = shown;
  const [typed, setTyped] = useState([shown.text ?? ''].flat().join('\n'));
  const said = isList ? linesOf(typed) : typed;
  const preview = usePreview(language, key, typed, isList);
  const needsSecond = preview !== undefined && (preview.isSafety || preview.gains.length > 0);
  const save = (event: Event) => {
    event.preventDefault();
    void act(textsApi.change({ language, key, text: said, seen: version }));
  };
  return (
    <form class="text-field" onSubmit={save}>
      <label for="text-field">{isList ? t('texts.field_list') : t('texts.field')}</label>
      <textarea
        id="text-field"
        lang={language}
        dir="auto"
        spellcheck={false}
        rows={Math.min(14, Math.max(3, typed.split('\n').length + 1, Math.ceil(typed.length / 60)))}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      {placeholders.length > 0 && (
        <p class="soft">
          {t('texts.filled', {
            list: placeholders.map(({ name, sample }) => `{{${name}}} → ${sample}`).join(' · '),
          })}
        </p>
      )}
      {preview && preview.problems.length > 0 && (
        <div class="problem" role="status">
          <p>{t('texts.unfit')}</p>
          <ProblemLines problems={preview.problems} />
        </div>
      )}
      {preview && preview.gains.length > 0 && (
        <p class="notice" role="status">
          {t('texts.gains', { list: preview.gains.join(', ') })}
        </p>
      )}
      {shown.isSafety && <p class="soft">{t('texts.needs_second')}</p>}
      <button type="submit" class="main">
        {needsSecond || shown.isSafety ? t('texts.propose') : t('texts.save')}
      </button>
      <h3>{t('texts.phone')}</h3>
      {preview && <Phones phones={preview.phones} language={language} />}
    </form>
  );
}

const linesOf = (typed: string): string[] =>
  typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Asked for when nobody has typed for a moment. Undefined: not there yet. */
function usePreview(language: string, key: string, typed: string, isList: boolean): TextPreview | undefined {
  const [preview, setPreview] = useState<TextPreview>();
  const isFirst = preview === undefined;
  useEffect(() => {
    let isLeft = false;
    const timer = setTimeout(
      () => {
        const text = isList ? linesOf(typed) : typed;
        void textsApi.preview({ language, key, text }).then((answer) => {
          if (answer.ok && !isLeft) setPreview(answer.value);
        });
      },
      isFirst ? 0 : PAUSE_MS,
    );
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
    // The first look is not another one.
  }, [language, key, typed, isList]);
  return preview;
}
