/** The console: who is in, and which room is open. */
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { fingerprint } from '../../crypto/fingerprint.ts';
import { recipientOf } from '../../crypto/member-key.ts';
import { useIsTouched } from '../untouched.ts';
import { api, whenSignedOut } from './api.ts';
import { AuditLog } from './audit-log.tsx';
import { BringKey } from './bring-key.tsx';
import type { CaseIndex } from './case-index.ts';
import { CaseRoom } from './case-room.tsx';
import { Inbox } from './inbox.tsx';
import { Join } from './join.tsx';
import type { Keys } from './keys.ts';
import { useLock } from './lock.ts';
import { MakeKey } from './make-key.tsx';
import { MyDevices } from './my-devices.tsx';
import { proveOpening } from './opening-trial.ts';
import { People } from './people.tsx';
import { goTo, usePlace } from './place.ts';
import { PushWatch } from './push-watch.tsx';
import { SignIn } from './sign-in.tsx';
import { ServerKeyAlarm } from './trust.tsx';
import { type Language, useWords, WORDS, WordsProvider } from './words.ts';
import { runWorker } from './worker-here.ts';

/** What can wait until the first case is there. */
const LATER_MS = 5_000;

const firstLanguage = (): Language => (navigator.language.startsWith('en') ? 'en' : 'fr');

export function App() {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const [keys, setKeys] = useState<Keys>();
  const place = usePlace();
  const isTouched = useIsTouched();
  const words = WORDS[language];
  const [index, setIndex] = useState<CaseIndex>(new Map());
  const lock = useCallback(() => {
    setKeys(undefined);
    setIndex(new Map());
  }, []);
  const isClosingSoon = useLock(keys !== undefined, lock);
  useEffect(() => {
    whenSignedOut(keys && lock);
  }, [keys, lock]);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = `${words.title} – Lakana`;
  }, [language, words]);

  const isIn = keys !== undefined;
  useEffect(() => {
    if (!isIn) return;
    const timer = setTimeout(() => void runWorker().catch(() => undefined), LATER_MS);
    return () => clearTimeout(timer);
  }, [isIn]);
  const team = keys?.me.role === 'auditor' ? undefined : keys?.team;
  const print = keys?.me.team.fingerprint;
  useEffect(() => {
    if (!team || !print) return;
    const ring = new Map([[print, team]]);
    const timer = setTimeout(() => void proveOpening(ring).catch(() => undefined), LATER_MS);
    return () => clearTimeout(timer);
  }, [team, print]);

  const leave = async () => {
    lock();
    await api.signOut();
  };
  const entered = (found: Keys) => {
    setKeys(found);
    if (place.is === 'join') goTo('#/');
  };

  return (
    <WordsProvider value={{ words, language }}>
      <header class="bar">
        <a class="brand" href="#/">
          Lakana
        </a>
        <nav>
          {keys && keys.me.role !== 'auditor' && <a href="#/">{words.inbox}</a>}
          {keys && keys.me.role !== 'officer' && <a href="#/people">{words.people}</a>}
          {keys && keys.me.role !== 'officer' && <a href="#/audit">{words.audit}</a>}
          {keys && <a href="#/me">{words.me}</a>}
        </nav>
        <span class="bar-end">
          {keys && (
            <button type="button" class="lock" onClick={lock}>
              {words.lock}
            </button>
          )}
          {keys && (
            <button type="button" onClick={leave}>
              {words.signOut}
            </button>
          )}
          <button type="button" onClick={() => setLanguage(language === 'fr' ? 'en' : 'fr')}>
            {words.other}
          </button>
        </span>
      </header>
      {isClosingSoon && (
        <p class="closing" role="alert">
          {words.closingSoon}
        </p>
      )}
      <main>
        {isTouched && (
          <p class="problem" role="alert">
            {words.touched}
          </p>
        )}
        {keys && keys.ring.size > 0 && !keys.team && (
          <p class="notice" role="status">
            {words.newKeyMissing}
          </p>
        )}
        {keys && <ServerKeyAlarm is={keys.server.is} />}
        {keys?.me.isPaged && <PushWatch />}
        <Room keys={keys} onEntered={entered} place={place} index={index} onIndex={setIndex} />
      </main>
    </WordsProvider>
  );
}

function Room({
  keys,
  onEntered,
  place,
  index,
  onIndex,
}: {
  keys: Keys | undefined;
  onEntered: (keys: Keys) => void;
  place: ReturnType<typeof usePlace>;
  index: CaseIndex;
  onIndex: (index: CaseIndex) => void;
}): ComponentChildren {
  if (place.is === 'join') return <Join code={place.code} linkKey={place.linkKey} onEntered={onEntered} />;
  if (place.is === 'make_key') return <MakeKey />;
  if (!keys) return <SignIn onEntered={onEntered} />;
  if (place.is === 'me') return <MyDevices keys={keys} />;
  if (place.is === 'audit' && keys.me.role !== 'officer') return <AuditLog />;
  if (keys.me.role === 'auditor') return <People keys={keys} onKeys={onEntered} />;
  if (keys.ring.size === 0)
    return keys.me.role === 'administrator' ? (
      <BringKey keys={keys} onBrought={onEntered} />
    ) : (
      <Waiting own={keys.own} />
    );
  if (place.is === 'people') return <People keys={keys} onKeys={onEntered} />;
  if (place.is === 'case')
    return <CaseRoom key={place.reference} me={keys.me} opener={keys} reference={place.reference} />;
  return <Inbox opener={keys} index={index} onIndex={onIndex} />;
}

/** Joined, and nobody has given the key yet. */
function Waiting({ own }: { own: string }) {
  const { words } = useWords();
  const [print, setPrint] = useState('');
  useEffect(() => {
    void recipientOf(own).then((recipient) => setPrint(fingerprint(recipient)));
  }, [own]);
  return (
    <div class="notice">
      <p>{words.waiting}</p>
      <p class="soft">
        {words.yours} : <code>{print}</code>
      </p>
    </div>
  );
}
