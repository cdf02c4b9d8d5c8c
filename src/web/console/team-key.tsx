/** Changing the team's key, when a member who had it leaves or a device that was open is lost. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { TeamKeyState } from '../../contract/team.ts';
import { recipientOf } from '../../crypto/age.ts';
import { createTeamKey } from '../../crypto/case-key.ts';
import { fingerprint } from '../../crypto/fingerprint.ts';
import { sealGrant, vouchFor } from '../../crypto/member-key.ts';
import { api } from './api.ts';
import { toBase64 } from './bytes.ts';
import { type Keys, withTeamKey } from './keys.ts';
import { Problem } from './problem.tsx';
import { type Resealed, resealAll } from './resealing.ts';
import { useWords } from './words.ts';

type Props = { keys: Keys; onKeys: (keys: Keys) => void; onDone: () => void };

export function TeamKey({ keys, onKeys, onDone }: Props) {
  const { t } = useWords();
  const [state, setState] = useState<TeamKeyState>();
  const [made, setMade] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const look = useCallback(() => {
    void api.teamKey().then((answer) => answer.ok && setState(answer.value));
  }, []);
  useEffect(look, [look]);
  const mayChange = keys.me.role === 'administrator';

  const make = async () => {
    if (!keys.team) return;
    setProblem(undefined);
    const next = await createTeamKey();
    const print = fingerprint(next.recipient);
    const answer = await api.noteTeamKey({
      recipient: next.recipient,
      vouchedBy: keys.me.team.fingerprint,
      voucher: toBase64(await vouchFor(keys.team, next.recipient)),
      sealed: toBase64(await sealGrant(await recipientOf(keys.own), next.secret)),
    });
    if (!answer.ok) {
      setProblem(t('shell.refused'));
      return;
    }
    setMade(next.secret);
    onKeys(withTeamKey(keys, print, next.secret));
    onDone();
    look();
  };
  const drop = async () => {
    await api.dropNextKey();
    setMade(undefined);
    onDone();
    look();
  };

  if (!state) return null;
  const isChanging = state.next !== null || state.hasOld;
  return (
    <section class="team-key">
      <h2>{t('team.change_key')}</h2>
      {!isChanging && mayChange && (
        <>
          <p>{t('team.change_key_why')}</p>
          <button type="button" disabled={!keys.team} onClick={() => void make()}>
            {t('team.change_key_make')}
          </button>
        </>
      )}
      <Problem text={problem} />
      {state.next && (
        <Next next={state.next} secret={made} mayChange={mayChange} onDrop={() => void drop()} />
      )}
      {state.hasOld && <Reseal keys={keys} state={state} onDone={look} />}
    </section>
  );
}

/** A key was made and is not in use yet: print it, give it to everybody, then hand its public half to the operator. */
function Next({
  next,
  secret,
  mayChange,
  onDrop,
}: {
  next: NonNullable<TeamKeyState['next']>;
  secret: string | undefined;
  mayChange: boolean;
  onDrop: () => void;
}) {
  const { t } = useWords();
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`${next.recipient}\n`)}`;
  return (
    <div class="notice">
      <p>
        {t('team.next_key')} <code>{next.fingerprint}</code>
      </p>
      <ol class="steps">
        {secret && (
          <li class="sheet">
            <p>{t('team.next_print')}</p>
            <p>
              <code>{secret}</code>
            </p>
            <button type="button" onClick={() => window.print()}>
              {t('shell.print')}
            </button>
          </li>
        )}
        <li>{t('team.next_give')}</li>
        <li>
          <p>{t('team.next_file')}</p>
          <a class="button" href={file} download="team.key.pub">
            {t('entry.make_public')}
          </a>
        </li>
        <li>{t('team.next_then')}</li>
      </ol>
      {mayChange && (
        <button type="button" onClick={onDrop}>
          {t('team.next_drop')}
        </button>
      )}
    </div>
  );
}

function Reseal({ keys, state, onDone }: { keys: Keys; state: TeamKeyState; onDone: () => void }) {
  const { t } = useWords();
  const [so, setSo] = useState<Resealed>();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [isChecked, setIsChecked] = useState(false);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const all = state.sealed + state.lacking;

  const run = async () => {
    setIsBusy(true);
    setProblem(undefined);
    stop.current = new AbortController();
    let last: Resealed = { done: 0, failed: 0 };
    const ended = await resealAll(keys, stop.current.signal, (now) => {
      last = now;
      setSo(now);
    });
    setIsBusy(false);
    if (ended === 'not_vouched') setProblem(t('team.reseal_not_vouched'));
    else if (ended === 'lost') setProblem(t('shell.lost'));
    else if (last.failed > 0) setProblem(t('team.reseal_failed', { count: last.failed }));
    else setIsChecked(true);
    onDone();
  };
  const forget = async () => {
    const answer = await api.forgetOldKeys();
    if (!answer.ok) setProblem(answer.why === 'not_all' ? t('team.reseal_not_all') : t('shell.refused'));
    onDone();
  };
  return (
    <div class="notice">
      <p>{t('team.reseal_why')}</p>
      <p>
        {t('shell.team')} <code>{state.inUse}</code>
      </p>
      <p role="status">
        {t('team.resealed', { sealed: so?.done ?? state.sealed, of: all })}{' '}
        <progress max={all} value={so?.done ?? state.sealed} aria-label={t('team.reseal')} />
      </p>
      {!isChecked && (
        <button type="button" class="main" disabled={isBusy || !keys.team} onClick={() => void run()}>
          {isBusy ? t('shell.making') : t('team.reseal')}
        </button>
      )}
      {isChecked && keys.me.role === 'administrator' && (
        <>
          <p>{t('team.forget_old_why')}</p>
          <button type="button" class="main" onClick={() => void forget()}>
            {t('team.forget_old')}
          </button>
        </>
      )}
      <Problem text={problem} />
    </div>
  );
}
