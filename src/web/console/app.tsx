/** The console: who is in, and which room is open. */
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { recipientOf } from '../../crypto/age.ts';
import { fingerprint } from '../../crypto/fingerprint.ts';
import { mayHoldKey, type Role } from '../../kernel/vocabulary.ts';
import { LanguageChoice } from '../language-choice.tsx';
import { useIsTouched } from '../untouched.ts';
import { api, whenSignedOut } from './api.ts';
import { BringKey } from './bring-key.tsx';
import type { CaseIndex } from './case-index.ts';
import { CaseRoom } from './case-room.tsx';
import { Inbox } from './inbox.tsx';
import { Join } from './join.tsx';
import type { Keys } from './keys.ts';
import { Later, LaterTexts, loadLater } from './later.tsx';
import { useLock } from './lock.ts';
import { proveOpening } from './opening-trial.ts';
import { goTo, usePlace } from './place.ts';
import { PushWatch } from './push-watch.tsx';
import { SignIn } from './sign-in.tsx';
import { ServerKeyAlarm } from './trust.tsx';
import { partsAt } from './word-parts.ts';
import { everyPart, useWords, WordsProvider, words } from './words.ts';
import { runWorker } from './worker-here.ts';

/** What can wait until the first case is there. */
const LATER_MS = 5_000;

export function App() {
  const { language, t, isLost } = words.useLanguage();
  const [keys, setKeys] = useState<Keys>();
  const place = usePlace();
  const isTouched = useIsTouched();
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
    document.title = `${t('shell.title')} – Lakana`;
  }, [language, t]);

  // While the passkey is asked for: the rooms that come next need no wait.
  useEffect(() => words.ahead(['inbox', 'case']), []);
  const room = keys?.me.role === 'translator' && place.is !== 'me' ? 'texts' : place.is;
  const isSaid = words.useParts(partsAt(room));
  const isIn = keys !== undefined;
  useEffect(() => {
    if (!isIn) return;
    const timer = setTimeout(() => {
      words.ahead(everyPart(), true);
      void loadLater(true).catch(() => undefined);
      void runWorker().catch(() => undefined);
    }, LATER_MS);
    return () => clearTimeout(timer);
  }, [isIn]);
  const team = keys && mayHoldKey(keys.me.role) ? keys.team : undefined;
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
    <WordsProvider value={{ t, language }}>
      <header class="bar">
        <a class="brand" href="#/">
          Lakana
        </a>
        <nav>
          {keys && mayHoldKey(keys.me.role) && <a href="#/">{t('shell.inbox')}</a>}
          {keys && watches(keys.me.role) && <a href="#/people">{t('shell.people')}</a>}
          {keys && watches(keys.me.role) && <a href="#/audit">{t('shell.audit')}</a>}
          {keys && watches(keys.me.role) && <a href="#/retention">{t('shell.retention')}</a>}
          {keys && answersForIt(keys.me.role) && <a href="#/doctor">{t('shell.doctor')}</a>}
          {keys && keys.me.role !== 'auditor' && <a href="#/texts">{t('shell.texts')}</a>}
          {keys && <a href="#/me">{t('shell.me')}</a>}
        </nav>
        <span class="bar-end">
          {keys && (
            <button type="button" class="lock" onClick={lock}>
              {t('shell.lock')}
            </button>
          )}
          {keys && (
            <button type="button" onClick={leave}>
              {t('shell.sign_out')}
            </button>
          )}
          <LanguageChoice languages={words.languages} language={language} onChoose={words.choose} />
        </span>
      </header>
      {isClosingSoon && (
        <p class="closing" role="alert">
          {t('shell.closing_soon')}
        </p>
      )}
      <main>
        {isLost && (
          <p class="problem" role="alert">
            {t('shell.part_missing')}
          </p>
        )}
        {isTouched && (
          <p class="problem" role="alert">
            {t('shell.touched')}
          </p>
        )}
        {keys && keys.ring.size > 0 && !keys.team && (
          <p class="notice" role="status">
            {t('shell.new_key_missing')}
          </p>
        )}
        {keys && <ServerKeyAlarm is={keys.server.is} />}
        {keys?.me.isPaged && <PushWatch />}
        {isSaid ? (
          <Room keys={keys} onEntered={entered} place={place} index={index} onIndex={setIndex} />
        ) : (
          <p class="notice">{t('shell.opening')}</p>
        )}
      </main>
    </WordsProvider>
  );
}

/** Who sees the team and who looked at what. */
const watches = (role: Role): boolean => role !== 'officer' && role !== 'translator';

/** Who sees how the service is. */
const answersForIt = (role: Role): boolean => role === 'coordinator' || role === 'administrator';

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
  if (place.is === 'make_key') return <Later>{({ MakeKey }) => <MakeKey />}</Later>;
  if (!keys) return <SignIn onEntered={onEntered} />;
  if (place.is === 'me') return <Later>{({ MyDevices }) => <MyDevices keys={keys} />}</Later>;
  if (keys.me.role === 'translator' || (place.is === 'texts' && keys.me.role !== 'auditor'))
    return <LaterTexts>{({ TextsRoom }) => <TextsRoom place={place} />}</LaterTexts>;
  if (place.is === 'audit' && watches(keys.me.role)) return <Later>{({ AuditLog }) => <AuditLog />}</Later>;
  if (place.is === 'retention' && watches(keys.me.role))
    return <Later>{({ Retention }) => <Retention mayOpen={mayHoldKey(keys.me.role)} />}</Later>;
  if (place.is === 'doctor' && answersForIt(keys.me.role))
    return <Later>{({ DoctorRoom }) => <DoctorRoom />}</Later>;
  if (keys.me.role === 'auditor')
    return <Later>{({ People }) => <People keys={keys} onKeys={onEntered} />}</Later>;
  if (keys.ring.size === 0)
    return keys.me.role === 'administrator' ? (
      <BringKey keys={keys} onBrought={onEntered} />
    ) : (
      <Waiting own={keys.own} />
    );
  if (place.is === 'people')
    return <Later>{({ People }) => <People keys={keys} onKeys={onEntered} />}</Later>;
  if (place.is === 'dossier')
    return (
      <Later>
        {({ Dossier }) => <Dossier key={place.reference} opener={keys} reference={place.reference} />}
      </Later>
    );
  if (place.is === 'case')
    return <CaseRoom key={place.reference} me={keys.me} opener={keys} reference={place.reference} />;
  return <Inbox opener={keys} index={index} onIndex={onIndex} />;
}

/** Joined, and nobody has given the key yet. */
function Waiting({ own }: { own: string }) {
  const { t } = useWords();
  const [print, setPrint] = useState('');
  useEffect(() => {
    void recipientOf(own).then((recipient) => setPrint(fingerprint(recipient)));
  }, [own]);
  return (
    <div class="notice">
      <p>{t('entry.waiting')}</p>
      <p class="soft">
        {t('entry.yours')} <code>{print}</code>
      </p>
    </div>
  );
}
