/** With what a member signs in, and where they are signed in: adding a device, taking one away, ending a session. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Session } from '../../contract/signing-in.ts';
import type { MyDevice } from '../../contract/team.ts';
import { wrapByDevice } from '../../crypto/member-key.ts';
import { api } from './api.ts';
import { AskFirst } from './asking.tsx';
import { toBase64 } from './bytes.ts';
import { ControlCodes } from './control-codes.tsx';
import { usePasskey } from './device.ts';
import type { Keys } from './keys.ts';
import { deviceLink } from './place.ts';
import { Problem } from './problem.tsx';
import { canPush, keepPushes, startPushes, stopPushes } from './pushes.ts';
import { QrCode } from './qr-code.tsx';
import { sayTime, useWords } from './words.ts';

export function MyDevices({ keys }: { keys: Keys }) {
  const { t, language } = useWords();
  const [sessions, setSessions] = useState<Session[]>([]);
  const [devices, setDevices] = useState<MyDevice[]>([]);
  const look = useCallback(() => {
    void api.sessions().then((answer) => answer.ok && setSessions(answer.value));
    void api.myDevices().then((answer) => answer.ok && setDevices(answer.value));
  }, []);
  useEffect(look, [look]);
  const end = async (id: string) => {
    await api.endSession(id);
    look();
  };
  return (
    <section>
      <h1>{t('devices.devices')}</h1>
      <ul class="rows">
        {devices.map((device) => (
          <Device key={device.id} device={device} isLast={devices.length === 1} onDone={look} />
        ))}
      </ul>
      <AddDevice keys={keys} onDone={look} />
      {keys.me.isPaged && <Pushes />}
      <h2>{t('shell.me')}</h2>
      <ul class="rows">
        {sessions.map(({ id, createdAt, lastSeenAt, isThis }) => (
          <li key={id} class="row member">
            <span>
              {sayTime(createdAt, language)} – {sayTime(lastSeenAt, language)}
            </span>
            {isThis ? (
              <span class="soft">{t('devices.this_one')}</span>
            ) : (
              <button type="button" onClick={() => void end(id)}>
                {t('devices.end')}
              </button>
            )}
          </li>
        ))}
      </ul>
      <h2>{t('devices.codes')}</h2>
      <ControlCodes keys={keys} />
    </section>
  );
}

function Device({ device, isLast, onDone }: { device: MyDevice; isLast: boolean; onDone: () => void }) {
  const { t, language } = useWords();
  const takeAway = async () => {
    await api.revokeMyDevice(device.id);
    onDone();
  };
  return (
    <li class="row member">
      <span>{t('devices.device_since', { at: sayTime(device.createdAt, language) })}</span>
      {device.lastUsedAt && (
        <span class="soft">{t('devices.device_used', { at: sayTime(device.lastUsedAt, language) })}</span>
      )}
      {device.isThis && <span class="soft">{t('devices.this_device')}</span>}
      {!isLast && (
        <AskFirst label={t('devices.take_away')} onYes={takeAway}>
          <p>{t('devices.take_away_note')}</p>
        </AskFirst>
      )}
    </li>
  );
}

/** Whether this browser rings when an alert comes, also while the page is closed. */
function Pushes() {
  const { t } = useWords();
  const [isOn, setIsOn] = useState<boolean>();
  const [problem, setProblem] = useState<string>();
  const look = useCallback(async () => {
    const state = await keepPushes();
    if (state === undefined) return;
    setIsOn(state === 'on');
    if (state === 'lost') setProblem(t('shell.push_lost'));
    if (state === 'denied') setProblem(t('shell.push_denied'));
  }, [t]);
  useEffect(() => void look(), [look]);
  const change = async () => {
    const done = await (isOn ? stopPushes() : startPushes());
    setProblem(
      done === 'ok' ? undefined : done === 'denied' ? t('shell.push_denied') : t('devices.push_failed'),
    );
    if (done === 'ok') setIsOn(!isOn);
    else await look();
  };
  if (isOn === undefined) return null;
  return (
    <section>
      <h2>{t('devices.push')}</h2>
      <p>{isOn ? t('devices.push_is_on') : t('devices.push_how')}</p>
      {canPush() ? (
        <button type="button" onClick={() => void change()}>
          {isOn ? t('devices.push_off') : t('devices.push_on')}
        </button>
      ) : (
        <p class="soft">{t('devices.push_not_here')}</p>
      )}
      <Problem text={problem} />
    </section>
  );
}

/**
 * The member's own key goes to the other device under a key that stands in the link alone, which this page shows and sends
 * nowhere. First the passkey is asked for once more: an open page that was left alone adds nothing.
 */
function AddDevice({ keys, onDone }: { keys: Keys; onDone: () => void }) {
  const { t } = useWords();
  const [link, setLink] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const add = async () => {
    setProblem(undefined);
    try {
      const begun = await api.beginSigningIn();
      if (!begun.ok) throw new Error(begun.why);
      const { response } = await usePasskey(begun.value);
      const linkKey = crypto.getRandomValues(new Uint8Array(32));
      const wrappedSecret = toBase64(await wrapByDevice(linkKey, keys.own));
      const answer = await api.linkDevice({ response: response as never, wrappedSecret });
      if (!answer.ok) throw new Error(answer.why);
      setLink(deviceLink(answer.value.code, linkKey));
    } catch (error) {
      setProblem(t.of('team.member_problems', (error as Error).message) ?? t('shell.refused'));
    }
  };
  if (link)
    return (
      <div class="notice" role="status">
        <p>{t('devices.add_device_how')}</p>
        <QrCode text={link} label={t('devices.add_device')} />
        <p>
          <code class="link">{link}</code>
        </p>
        <button
          type="button"
          onClick={() => {
            setLink(undefined);
            onDone();
          }}
        >
          {t('devices.done')}
        </button>
      </div>
    );
  return (
    <p>
      <button type="button" onClick={() => void add()}>
        {t('devices.add_device')}
      </button>
      {problem && (
        <span class="problem" role="alert">
          {problem}
        </span>
      )}
    </p>
  );
}
