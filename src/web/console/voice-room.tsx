/**
 * Recordings of what is asked: read a text aloud, listen to what a colleague has recorded, say yes or no.
 *
 * What one person has recorded is heard by others only after a second person has listened to it: nobody can read a recording.
 */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { VoiceRoom as Found } from '../../contract/voices.ts';
import { searchable, soughtIn } from '../../kernel/fold.ts';
import { api, soundOf } from './api.ts';
import { toBase64 } from './bytes.ts';
import { Search } from './search.tsx';
import { VoiceRecorder } from './voice-recorder.tsx';
import { sayTime, type T, useWords } from './words.ts';

type Row = Found['rows'][number];
const ONLY = ['all', 'missing', 'stale', 'waits'] as const;
type Only = (typeof ONLY)[number];
/** Rows at once: a language has hundreds. */
const MOST = 40;

const FITS: Readonly<Record<Only, (row: Row) => boolean>> = {
  all: () => true,
  missing: ({ counts, waits }) => !counts && !waits,
  stale: ({ counts, waits }) => counts?.isStale === true || waits?.isStale === true,
  waits: ({ waits }) => waits !== null,
};

export function VoiceRoom() {
  const { t, language: own } = useWords();
  const [language, setLanguage] = useState(own);
  const [found, setFound] = useState<Found>();
  const [only, setOnly] = useState<Only>('all');
  const [sought, setSought] = useState('');
  const [most, setMost] = useState(MOST);
  const [trouble, setTrouble] = useState<string>();
  const look = useCallback(async () => {
    const answer = await api.voices(language);
    if (answer.ok) setFound(answer.value);
    else setTrouble(whyNot(t, answer.why));
  }, [language, t]);
  useEffect(() => {
    void look();
  }, [look]);
  const after = (answer: Awaited<ReturnType<typeof api.decideVoice>>): boolean => {
    setTrouble(answer.ok ? undefined : whyNot(t, answer.why));
    void look();
    return answer.ok;
  };

  const isSought = soughtIn(sought);
  const rows = (found?.rows ?? []).filter(
    (row) => FITS[only](row) && isSought(searchable(`${row.key} ${row.text}`)),
  );
  return (
    <section>
      <h1>{t('voices.title')}</h1>
      <p class="soft">{t('voices.how')}</p>
      <div class="choices">
        <label>
          {t('voices.language')}{' '}
          <select value={language} onChange={({ currentTarget }) => setLanguage(currentTarget.value)}>
            {(found?.languages ?? [{ code: language, name: language }]).map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('voices.only')}{' '}
          <select value={only} onChange={({ currentTarget }) => setOnly(currentTarget.value as Only)}>
            {ONLY.map((each) => (
              <option key={each} value={each}>
                {t(`voices.which.${each}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Search label={t('voices.search')} value={sought} onChange={setSought} />
      {found && (
        <p role="status">
          {t('voices.count', { recorded: found.recorded, all: found.all })}{' '}
          {found.missing === 0 ? t('voices.offered') : t('voices.not_offered', { missing: found.missing })}
        </p>
      )}
      {found && found.strange.length > 0 && (
        <p class="alarm" role="alert">
          {t('voices.strange', { which: found.strange.join(', ') })}
        </p>
      )}
      {trouble && (
        <p class="problem" role="alert">
          {trouble}
        </p>
      )}
      <ol class="voices">
        {rows.slice(0, most).map((row) => (
          <li key={row.key}>
            <VoiceRow row={row} language={language} after={after} />
          </li>
        ))}
      </ol>
      {rows.length > most && (
        <button type="button" onClick={() => setMost(most + MOST)}>
          {t('voices.more')}
        </button>
      )}
    </section>
  );
}

/** In words. */
function whyNot(t: T, why: string): string {
  return why === 'lost' ? t('shell.lost') : (t.of('voices.problems', why) ?? t('shell.refused'));
}

type After = (answer: Awaited<ReturnType<typeof api.decideVoice>>) => boolean;

function VoiceRow({ row, language, after }: { row: Row; language: string; after: After }) {
  const { t } = useWords();
  const { key, text, version, isNeeded, counts, waits } = row;
  const save = async (sound: Blob): Promise<boolean> => {
    const ogg = toBase64(new Uint8Array(await sound.arrayBuffer()));
    return after(await api.recordVoice({ language, key, version, ogg }));
  };
  return (
    <article aria-label={key}>
      <p class="said" lang={language}>
        {text}
      </p>
      <p class="soft">
        <code>{key}</code>
        {isNeeded && ` · ${t('voices.needed')}`}
        {counts && !counts.isStale && ` · ${t('voices.there')}`}
      </p>
      {counts?.isStale && <p class="problem">{t('voices.stale')}</p>}
      {counts && <Hear language={language} of={key} label={t('voices.hear', { key })} />}
      {waits && <Waiting waits={waits} language={language} of={key} after={after} />}
      <VoiceRecorder about={t('voices.of', { key })} onSave={save} />
    </article>
  );
}

function Waiting({
  waits,
  language,
  of: key,
  after,
}: {
  waits: NonNullable<Row['waits']>;
  language: string;
  of: string;
  after: After;
}) {
  const { t, language: own } = useWords();
  const [hasHeard, setHasHeard] = useState(false);
  const decide = async (isYes: boolean) => void after(await api.decideVoice({ id: waits.id, isYes }));
  return (
    <div class="notice">
      <p>
        {waits.isMine
          ? t('voices.waits_mine', { at: sayTime(waits.at, own) })
          : t('voices.waits', { at: sayTime(waits.at, own) })}
        {waits.isStale && ` ${t('voices.stale_waits')}`}
      </p>
      <Hear
        language={language}
        of={key}
        id={waits.id}
        label={t('voices.hear_waiting', { key })}
        onHeard={() => setHasHeard(true)}
      />
      {!waits.isMine && (
        <button
          type="button"
          class="main"
          disabled={!hasHeard || waits.isStale}
          onClick={() => void decide(true)}
        >
          {t('voices.yes')}
        </button>
      )}
      <button type="button" onClick={() => void decide(false)}>
        {waits.isMine ? t('voices.take_back') : t('voices.no')}
      </button>
    </div>
  );
}

/** Fetched when it is asked for. */
function Hear({
  language,
  of: key,
  id,
  label,
  onHeard,
}: {
  language: string;
  of: string;
  id?: string;
  label: string;
  onHeard?: () => void;
}) {
  const { t } = useWords();
  const [address, setAddress] = useState<string>();
  const [isLost, setIsLost] = useState(false);
  useEffect(
    () => () => {
      if (address) URL.revokeObjectURL(address);
    },
    [address],
  );
  const open = async () => {
    const sound = await soundOf(language, key, id);
    setIsLost(sound === undefined);
    if (sound) setAddress(URL.createObjectURL(sound));
  };
  if (address)
    return (
      // biome-ignore lint/a11y/useMediaCaption: the text that is read stands above it
      <audio
        controls
        autoplay
        src={address}
        aria-label={label}
        onEnded={onHeard}
        onError={() => setIsLost(true)}
      />
    );
  return (
    <>
      <button type="button" aria-label={label} onClick={() => void open()}>
        {t('voices.listen')}
      </button>
      {isLost && <span class="problem">{t('shell.lost')}</span>}
    </>
  );
}
