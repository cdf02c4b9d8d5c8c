/** Reads a text aloud into the microphone: record, listen, again, save. Nothing leaves the page before "save". */
import { useEffect, useRef, useState } from 'preact/hooks';
import { useWords } from '../words.ts';
import { LONGEST_MS, type Recording, startRecording } from './recording.ts';

type Made = { sound: Blob; address: string };
/** What went wrong: there is no microphone, or the browser cannot make the file. */
type Trouble = 'no_microphone' | 'cannot_make';

type Props = {
  /** What is read aloud, for a person who does not see the page. */
  about: string;
  /** Resolves with whether it was kept. */
  onSave: (sound: Blob) => Promise<boolean>;
};

export function VoiceRecorder({ about, onSave }: Props) {
  const { t } = useWords();
  const running = useRef<Recording | undefined>(undefined);
  const [heard, setHeard] = useState<{ level: number; ms: number }>();
  const [made, setMade] = useState<Made>();
  const [isBusy, setIsBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();
  const isOn = heard !== undefined;

  const finish = async () => {
    const recording = running.current;
    if (!recording) return;
    running.current = undefined;
    setHeard(undefined);
    setIsBusy(true);
    const sound = await recording.finish();
    setIsBusy(false);
    if (sound) setMade({ sound, address: URL.createObjectURL(sound) });
    else setTrouble('cannot_make');
  };
  useEffect(() => {
    if (!isOn) return undefined;
    const timer = setInterval(() => {
      const now = running.current;
      if (!now) return;
      setHeard({ level: now.level(), ms: now.ms() });
      if (now.ms() >= LONGEST_MS) void finish();
    }, 100);
    return () => clearInterval(timer);
  }, [isOn]);
  useEffect(() => () => running.current?.cancel(), []);
  useEffect(
    () => () => {
      if (made) URL.revokeObjectURL(made.address);
    },
    [made],
  );

  const start = async () => {
    setMade(undefined);
    setTrouble(undefined);
    setIsBusy(true);
    running.current = await startRecording();
    setIsBusy(false);
    if (running.current) setHeard({ level: 0, ms: 0 });
    else setTrouble('no_microphone');
  };
  const save = async () => {
    if (!made) return;
    setIsBusy(true);
    const isKept = await onSave(made.sound);
    setIsBusy(false);
    if (isKept) setMade(undefined);
  };

  return (
    <fieldset class="recorder">
      <legend class="unseen">{about}</legend>
      {heard ? (
        <>
          <button type="button" class="main" onClick={() => void finish()}>
            {t('voices.stop')}
          </button>
          <meter
            min={0}
            max={1}
            low={0.1}
            high={0.9}
            optimum={0.4}
            value={heard.level}
            aria-label={t('voices.level')}
          />
          <span>{t('voices.seconds', { n: Math.floor(heard.ms / 1_000) })}</span>
        </>
      ) : (
        <button type="button" class={made ? '' : 'main'} disabled={isBusy} onClick={() => void start()}>
          {made ? t('voices.again') : t('voices.record')}
        </button>
      )}
      {made && (
        <>
          {/* biome-ignore lint/a11y/useMediaCaption: the text that is read stands above it */}
          <audio controls src={made.address} aria-label={t('voices.listen')} />
          <button type="button" class="main" disabled={isBusy} onClick={() => void save()}>
            {t('voices.save')}
          </button>
        </>
      )}
      {trouble && (
        <p class="problem" role="alert">
          {t(`voices.${trouble}`)}
        </p>
      )}
    </fieldset>
  );
}
