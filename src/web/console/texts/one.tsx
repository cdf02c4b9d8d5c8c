/** One text to work on: the language beside it, a field, how it looks, who has read it, what others say of it. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { OneTextShown, TextLanguages } from '../../../contract/texts.ts';
import type { Outcome } from '../api.ts';
import { textLink } from '../place.ts';
import { Problem } from '../problem.tsx';
import { sayTime, type T, useWords } from '../words.ts';
import type { Act } from './act.ts';
import { textsApi } from './api.ts';
import { Field } from './field.tsx';
import { Flags } from './flags.tsx';
import { Comment, History } from './history.tsx';
import { ProblemLines, type Problems } from './problem-lines.tsx';
import { Proposed } from './proposed.tsx';
import { VoiceOf } from './voice.tsx';
import { sayWho } from './who.ts';

export function OneText({
  language,
  textKey,
  languages,
  onDone,
}: {
  language: string;
  textKey: string;
  languages: TextLanguages;
  onDone: () => void;
}) {
  const { t, language: mine } = useWords();
  const [shown, setShown] = useState<OneTextShown>();
  const [said, setSaid] = useState<{ is: string; problems: Problems }>();
  const [problem, setProblem] = useState<string>();
  /** Another one each time the text may have become another: then the field begins anew. */
  const [turn, setTurn] = useState(0);
  const look = useCallback(async () => {
    const answer = await textsApi.one({ language, key: textKey });
    if (answer.ok) setShown(answer.value);
    else setProblem(whyNot(t, answer));
  }, [language, textKey, t]);
  useEffect(() => void look(), [look]);
  const act: Act = async (what) => {
    const answer = await what;
    setProblem(answer.ok ? undefined : whyNot(t, answer));
    setSaid(answer.ok ? answer.value : undefined);
    if (answer.ok && answer.value.is === 'unfit') return;
    await look();
    if (answer.ok && (answer.value.is === 'set' || answer.value.is === 'propose')) setTurn((n) => n + 1);
    onDone();
  };
  if (!shown) return problem ? <Problem text={problem} /> : <p class="notice">{t('shell.opening')}</p>;
  const beside = languages.languages.find(({ code }) => code === languages.defaultLanguage)?.name ?? '';
  return (
    <article class="one-text">
      <p>
        <a href={textLink(language)}>{t('texts.back')}</a>
      </p>
      <h2>
        <code>{shown.key}</code> <Flags of={shown} comments={0} />
      </h2>
      {shown.isDistrusted && (
        <p class="problem" role="alert">
          {t('texts.distrusted')}
        </p>
      )}
      {language !== languages.defaultLanguage && shown.model !== null && (
        <section aria-label={t('texts.beside', { language: beside })}>
          <h3>{t('texts.beside', { language: beside })}</h3>
          <p class="text-beside" lang={languages.defaultLanguage}>
            {[shown.model].flat().join('\n')}
          </p>
        </section>
      )}
      {shown.fact && <Source fact={shown.fact} />}
      <Proposed shown={shown} act={act} />
      <Field key={turn} shown={shown} act={act} />
      <Problem text={problem} />
      {said && <Said is={said.is} problems={said.problems} />}
      <VoiceOf language={language} textKey={textKey} version={shown.version} />
      <Read shown={shown} act={act} language={mine} />
      <Comment shown={shown} act={act} />
      <History shown={shown} act={act} />
    </article>
  );
}

/** From where it is known, and who compared it with that. */
function Source({ fact }: { fact: NonNullable<OneTextShown['fact']> }) {
  const { t } = useWords();
  return (
    <section class="notice" aria-label={t('texts.sources')}>
      <p>
        {fact.checkedOn &&
          t(fact.isChecked ? 'texts.checked' : 'texts.checked_other', {
            at: fact.checkedOn,
            who: fact.checkedBy ?? '?',
          })}
        {!fact.checkedOn && t('texts.unchecked')}
      </p>
      <ul>
        {fact.sources.map(({ title, date, address }) => (
          <li key={address}>
            {title}
            {date && ` (${date})`} <span class="soft">{address}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What came of it. */
function Said({ is, problems }: { is: string; problems: Problems }) {
  const { t } = useWords();
  if (is === 'unfit')
    return (
      <div class="problem" role="alert">
        <p>{t('texts.unfit')}</p>
        <ProblemLines problems={problems} />
      </div>
    );
  const words = {
    set: 'texts.saved',
    propose: 'texts.proposed',
    same: 'texts.same',
    done: 'texts.done',
  } as const;
  return (
    <p class="notice" role="status">
      {t(words[is as keyof typeof words] ?? 'texts.done')}
    </p>
  );
}

function Read({ shown, act, language }: { shown: OneTextShown; act: Act; language: string }) {
  const { t } = useWords();
  const { read } = shown;
  const words =
    read &&
    t(read.isThis ? 'texts.read_by' : 'texts.read_before', {
      who: sayWho(t, read.by),
      at: sayTime(read.at, language),
    });
  return (
    <p class="text-read">
      <span class="soft">{words ?? t('texts.nobody_read')}</span>{' '}
      {shown.text !== null && !read?.isThis && (
        <button
          type="button"
          onClick={() =>
            void act(textsApi.review({ language: shown.language, key: shown.key, seen: shown.version }))
          }
        >
          {t('texts.review')}
        </button>
      )}
    </p>
  );
}

function whyNot(t: T, { why }: Exclude<Outcome<unknown>, { ok: true }>): string {
  if (why === 'moved_on') return t('texts.moved_on');
  if (why === 'too_many') return t('texts.too_many');
  if (why === 'lost') return t('shell.lost');
  return t.of('texts.why_not', why) ?? t('shell.refused');
}
