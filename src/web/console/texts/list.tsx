/** The texts of a language, some at a time: by part, by what is to be done, by words. */
import { useEffect, useState } from 'preact/hooks';
import type { TextList as Listed, TextLanguages } from '../../../contract/texts.ts';
import type { VoiceCount } from '../../../contract/voices.ts';
import { TEXT_FILTERS, type TextFilter, VOICE_FILTERS } from '../../../kernel/vocabulary.ts';
import { goTo, textLink } from '../place.ts';
import { Search } from '../search.tsx';
import { useWords } from '../words.ts';
import { textsApi } from './api.ts';
import { Flags } from './flags.tsx';

const ON_VOICES: readonly TextFilter[] = VOICE_FILTERS;

export type ListView = { language?: string; file: string; only: TextFilter; sought: string };
export const FIRST_VIEW: ListView = { file: '', only: 'all', sought: '' };

/** After the last letter of what is sought. */
const PAUSE_MS = 300;

type Row = Listed['rows'][number];

export function TextList({
  found,
  language,
  view,
  onView,
}: {
  found: TextLanguages;
  language: string;
  view: ListView;
  onView: (view: ListView) => void;
}) {
  const { t } = useWords();
  const [listed, setListed] = useState<Listed>();
  const { file, only, sought } = view;
  useEffect(() => {
    let isLeft = false;
    const timer = setTimeout(
      () => {
        void textsApi.list({ language, file, only, sought, after: '' }).then((answer) => {
          if (answer.ok && !isLeft) setListed(answer.value);
        });
      },
      sought === '' ? 0 : PAUSE_MS,
    );
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [language, file, only, sought]);
  const more = async (after: string) => {
    const answer = await textsApi.list({ language, file, only, sought, after });
    if (answer.ok && listed) setListed({ ...answer.value, rows: [...listed.rows, ...answer.value.rows] });
  };
  const spoken = found.languages.find(({ code }) => code === language);
  return (
    <>
      <p class="soft">{t('texts.how')}</p>
      <div class="texts-choose">
        <div>
          <label for="texts-language">{t('texts.language')}</label>
          <select
            id="texts-language"
            value={language}
            onChange={({ currentTarget: { value } }) => {
              onView({ ...view, language: value, file: '' });
              goTo(textLink(value));
            }}
          >
            {found.languages.map(({ code, name, isSigned }) => (
              <option key={code} value={code}>
                {name} – {isSigned ? t('texts.signed') : t('texts.not_signed')}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label for="texts-file">{t('texts.file')}</label>
          <select
            id="texts-file"
            value={file}
            onChange={({ currentTarget }) => onView({ ...view, file: currentTarget.value })}
          >
            <option value="">{t('texts.file_all')}</option>
            {spoken?.files.map((each) => (
              <option key={each.file} value={each.file}>
                {t.of('texts.files', each.file) ?? each.file} ({each.keys - each.missing}/{each.keys})
              </option>
            ))}
          </select>
        </div>
        <div>
          <label for="texts-only">{t('texts.only')}</label>
          <select
            id="texts-only"
            value={only}
            onChange={({ currentTarget }) => onView({ ...view, only: currentTarget.value as TextFilter })}
          >
            {TEXT_FILTERS.map((each) => (
              <option key={each} value={each}>
                {t(`texts.filters.${each}`)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <Search
        label={t('texts.search')}
        value={sought}
        onChange={(value) => onView({ ...view, sought: value })}
      />
      {listed && (
        <p class="soft" role="status">
          {listed.total === 0 ? t('texts.none') : t('texts.total', { number: listed.total })}
        </p>
      )}
      <Voices language={language} isShown={ON_VOICES.includes(only)} />
      <ul class="rows">
        {listed?.rows.map((row) => (
          <TextRow key={row.key} language={language} row={row} />
        ))}
      </ul>
      {listed?.next && (
        <button type="button" onClick={() => void more(listed.next ?? '')}>
          {t('texts.more')}
        </button>
      )}
    </>
  );
}

function TextRow({ language, row }: { language: string; row: Row }) {
  const { t } = useWords();
  const { key, text, model } = row;
  return (
    <li class="row">
      <a class="row-in text-row" href={textLink(language, key)}>
        <code>{key}</code> <Flags of={row} comments={row.comments} voice={row.voice} />
        <span class="text-said" lang={text === null ? undefined : language}>
          {text === null ? <em>{t('texts.missing')}</em> : inOneLine(text)}
        </span>
        {model !== null && model !== text && <span class="soft text-said">{inOneLine(model)}</span>}
      </a>
    </li>
  );
}

/** How much of the language is recorded, for who asks for recordings. */
function Voices({ language, isShown }: { language: string; isShown: boolean }) {
  const { t } = useWords();
  const [count, setCount] = useState<VoiceCount>();
  useEffect(() => {
    if (isShown) void textsApi.voiceCount(language).then((answer) => answer.ok && setCount(answer.value));
  }, [language, isShown]);
  if (!isShown || !count) return null;
  return (
    <>
      <p class="soft">
        {t('voices.count', { recorded: count.recorded, all: count.all })}{' '}
        {count.missing === 0 ? t('voices.offered') : t('voices.not_offered', { missing: count.missing })}
      </p>
      {count.strange.length > 0 && (
        <p class="alarm" role="alert">
          {t('voices.strange', { which: count.strange.join(', ') })}
        </p>
      )}
    </>
  );
}

/** The beginning: the rest is read where one works on it. */
const inOneLine = (text: string | readonly string[]): string => {
  const said = [text].flat().join(', ').replace(/\s+/g, ' ');
  return said.length > 160 ? `${said.slice(0, 160)}…` : said;
};
