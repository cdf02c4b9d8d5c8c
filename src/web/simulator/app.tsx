import { useCallback, useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { Gesture } from '../../channels/simulator/api.ts';
import { LanguageChoice } from '../language-choice.tsx';
import { loadAnew } from '../load-anew.ts';
import { Guide } from './guide.tsx';
import { Mark } from './icons.tsx';
import {
  newDefender,
  rememberedDefender,
  rememberedScenes,
  rememberLanguage,
  rememberScenes,
  type Scene,
  STORY,
} from './memory.ts';
import { PhoneView } from './phone.tsx';
import { type Phone, usePhone } from './use-phone.ts';
import { type Ringing, useRinging } from './use-ringing.ts';
import { useWords, WordsProvider, words } from './words.ts';

const OFFICER = 'officer';
type Side = 'defender' | 'officer';
/** Gestures that say something. */
const SPEECH: ReadonlySet<Gesture['type']> = new Set(['text', 'file', 'location', 'card', 'sticker']);

/** The page: what this is, the story to play, and the two phones to play it on. */
export function App() {
  const [address, setAddress] = useState(rememberedDefender);
  const { language, t, isLost } = words.useLanguage();

  useLayoutEffect(() => {
    document.documentElement.lang = language;
    rememberLanguage(language);
  }, [language]);
  // Nothing is lost by it here: the phones are as they were.
  useEffect(() => {
    if (isLost) void loadAnew();
  }, [isLost]);

  return (
    <WordsProvider value={{ t, language }}>
      <Banner language={language} onLanguage={words.choose} />
      <Stage key={address} address={address} onRestart={() => setAddress(newDefender())} />
    </WordsProvider>
  );
}

function Banner({ language, onLanguage }: { language: string; onLanguage: (language: string) => void }) {
  const { t } = useWords();
  return (
    <header class="banner">
      <div class="brand">
        <Mark />
        <div>
          <h1>Lakana</h1>
          <p>{t('page.tagline')}</p>
        </div>
      </div>
      <p class="trial">
        <strong>{t('page.trial')}</strong> <span>{t('page.trial_note')}</span>
      </p>
      <LanguageChoice
        class="language"
        languages={words.languages}
        language={language}
        onChoose={onLanguage}
      />
    </header>
  );
}

/** The two phones and how far the story has come. Begins anew with every new phone of the defender. */
function Stage({ address, onRestart }: { address: string; onRestart: () => void }) {
  const { t } = useWords();
  const ringing = useRinging();
  const [side, setSide] = useState<Side>('defender');
  const [played, play] = useStory(address);
  const defender = usePhone(address);
  const officer = usePhone(OFFICER, () => {
    ringing.ring();
    play('called');
  });

  useLayoutEffect(() => {
    document.title = ringing.isRinging ? t('page.title_ringing') : t('page.title');
  }, [ringing.isRinging, t]);

  return (
    <main class="stage">
      <Guide done={STORY.map((scene) => played.has(scene))} onRestart={onRestart} />
      <Tabs side={side} onSide={setSide} isRinging={ringing.isRinging} />
      <p class="unseen" role="alert">
        {ringing.isRinging ? t('phone.ringing') : ''}
      </p>
      <div class="phones" data-side={side}>
        <Place
          side="defender"
          phone={defender}
          openers={[t('page.opener'), 'SOS']}
          onGesture={({ type }) => {
            if (SPEECH.has(type)) play('written');
          }}
        />
        <Place
          side="officer"
          phone={officer}
          openers={[]}
          ringing={ringing}
          onGesture={(gesture) => {
            if (gesture.type === 'press' && played.has('called')) play('taken');
          }}
        />
      </div>
    </main>
  );
}

/** What has been played, and a way to add to it. */
function useStory(address: string): [ReadonlySet<Scene>, (scene: Scene) => void] {
  const [played, setPlayed] = useState(() => rememberedScenes(address));
  useLayoutEffect(() => rememberScenes(address, played), [address, played]);
  const play = useCallback(
    (scene: Scene) => setPlayed((before) => (before.has(scene) ? before : new Set([...before, scene]))),
    [],
  );
  return [played, play];
}

function Tabs({ side, onSide, isRinging }: { side: Side; onSide: (side: Side) => void; isRinging: boolean }) {
  const { t } = useWords();
  return (
    <nav class="tabs" aria-label={t('page.phones')}>
      {(['defender', 'officer'] as const).map((each) => (
        <button
          type="button"
          key={each}
          aria-pressed={side === each}
          class={each === 'officer' && isRinging ? 'is-ringing' : ''}
          onClick={() => onSide(each)}
        >
          {t(`page.${each}`)}
        </button>
      ))}
    </nav>
  );
}

type PlaceProps = {
  side: Side;
  phone: Phone;
  openers: readonly string[];
  ringing?: Ringing;
  onGesture?: (gesture: Gesture) => void;
};

function Place({ side, phone, openers, ringing, onGesture }: PlaceProps) {
  const { t } = useWords();
  return (
    <div class={`place-of-phone is-${side}`}>
      <h2>{t(`page.${side}`)}</h2>
      <p>{side === 'defender' ? t('page.defender_note') : t('page.officer_note')}</p>
      <PhoneView
        phone={phone}
        name={side === 'defender' ? t('page.defender_phone') : t('page.officer_phone')}
        empty={side === 'defender' ? t('page.defender_empty') : t('page.officer_empty')}
        openers={openers}
        {...(ringing ? { ringing } : {})}
        {...(onGesture ? { onGesture } : {})}
      />
    </div>
  );
}
