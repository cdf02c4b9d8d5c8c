/**
 * The voice of a text: what people hear, what waits for a second person, and a microphone to read it aloud.
 *
 * What one person has recorded is heard by others only after a second person has listened to it: nobody can read a recording.
 */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { OneVoice } from '../../../contract/voices.ts';
import { toBase64 } from '../bytes.ts';
import { Problem } from '../problem.tsx';
import { sayTime, type T, useWords } from '../words.ts';
import { soundOf, textsApi } from './api.ts';
import { VoiceRecorder } from './voice-recorder.tsx';
import { sayWho } from './who.ts';

type Voice = NonNullable<OneVoice['voice']>;
type Answer = Awaited<ReturnType<typeof textsApi.withdrawVoice>>;
type After = (answer: Answer) => boolean;
type Name = { language: string; textKey: string };

/** `version`: of the text beside it; with another one it is looked for again. */
export function VoiceOf({ language, textKey, version }: Name & { version: string }) {
  const { t } = useWords();
  const [voice, setVoice] = useState<Voice | null>();
  const [trouble, setTrouble] = useState<string>();
  const look = useCallback(async () => {
    const answer = await textsApi.voice({ language, key: textKey });
    if (answer.ok) setVoice(answer.value.voice);
    else setTrouble(whyNot(t, answer.why));
    // Of another text it is another voice.
  }, [language, textKey, version, t]);
  useEffect(() => void look(), [look]);
  if (!voice) return null;
  const after: After = (answer) => {
    setTrouble(answer.ok ? undefined : whyNot(t, answer.why));
    void look();
    return answer.ok;
  };
  const save = async (sound: Blob): Promise<boolean> => {
    const ogg = toBase64(new Uint8Array(await sound.arrayBuffer()));
    return after(await textsApi.record({ language, key: textKey, version: voice.version, ogg }));
  };
  return (
    <section class="text-voice" aria-label={t('voices.title')}>
      <h3>{t('voices.title')}</h3>
      <p class="soft">
        {t('voices.how')} {voice.isNeeded && t('voices.needed')}
      </p>
      {voice.counts && <Heard counts={voice.counts} language={language} textKey={textKey} after={after} />}
      {voice.waits && <Waiting waits={voice.waits} language={language} textKey={textKey} after={after} />}
      <VoiceRecorder about={t('voices.of', { key: textKey })} onSave={save} />
      <Problem text={trouble} />
    </section>
  );
}

/** In words. */
const whyNot = (t: T, why: string): string =>
  why === 'lost'
    ? t('shell.lost')
    : (t.of('voices.problems', why) ?? t.of('texts.why_not', why) ?? t('shell.refused'));

function Heard({
  counts,
  language,
  textKey,
  after,
}: Name & { counts: NonNullable<Voice['counts']>; after: After }) {
  const { t, language: own } = useWords();
  const { id, by, at, isStale, mayWithdraw } = counts;
  return (
    <div>
      <p class={isStale ? 'problem' : 'soft'}>
        {by && at ? t('voices.there', { who: sayWho(t, by), at: sayTime(at, own) }) : t('voices.there_file')}
        {isStale && ` ${t('voices.stale')}`}
      </p>
      <Hear language={language} textKey={textKey} label={t('voices.hear', { key: textKey })} />
      {mayWithdraw && id !== null && (
        <button
          type="button"
          onClick={async () => void after(await textsApi.withdrawVoice({ language, key: textKey, id }))}
        >
          {t('voices.withdraw')}
        </button>
      )}
    </div>
  );
}

function Waiting({
  waits,
  language,
  textKey,
  after,
}: Name & { waits: NonNullable<Voice['waits']>; after: After }) {
  const { t, language: own } = useWords();
  const [hasHeard, setHasHeard] = useState(false);
  const decide = async (isYes: boolean) =>
    void after(await textsApi.decideVoice({ language, key: textKey, id: waits.id, isYes }));
  return (
    <div class="notice">
      <p>
        {waits.isMine
          ? t('voices.waits_mine', { at: sayTime(waits.at, own) })
          : t('voices.waits', { who: sayWho(t, waits.by), at: sayTime(waits.at, own) })}
        {waits.isStale && ` ${t('voices.stale_waits')}`}
      </p>
      <Hear
        language={language}
        textKey={textKey}
        id={waits.id}
        label={t('voices.hear_waiting', { key: textKey })}
        onHeard={() => setHasHeard(true)}
      />
      {waits.mayAgree ? (
        <button
          type="button"
          class="main"
          disabled={!hasHeard || waits.isStale}
          onClick={() => void decide(true)}
        >
          {t('voices.yes')}
        </button>
      ) : (
        !waits.isMine && <p class="soft">{t.of('texts.why_not', waits.whyNot ?? '')}</p>
      )}
      {waits.mayRefuse && (
        <button type="button" onClick={() => void decide(false)}>
          {waits.isMine ? t('voices.take_back') : t('voices.no')}
        </button>
      )}
    </div>
  );
}

/** Fetched when it is asked for. */
function Hear({
  language,
  textKey,
  id,
  label,
  onHeard,
}: Name & { id?: string; label: string; onHeard?: () => void }) {
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
    const sound = await soundOf(language, textKey, id);
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
