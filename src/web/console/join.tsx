/** Joining by an invitation: a passkey is made on this device, and a key of one's own. */
import { useEffect, useState } from 'preact/hooks';
import { recipientOf } from '../../crypto/age.ts';
import { createMemberKey, unwrapByDevice, wrapByDevice, wrapByPassphrase } from '../../crypto/member-key.ts';
import { api } from './api.ts';
import { toBase64, toBytes } from './bytes.ts';
import { makePasskey } from './device.ts';
import { type Keys, keysFor } from './keys.ts';
import { Passphrase } from './passphrase.tsx';
import { linkKeyOf } from './place.ts';
import { Problem } from './problem.tsx';
import { useWords } from './words.ts';

type Begun = Extract<Awaited<ReturnType<typeof api.beginJoining>>, { ok: true }>['value'];
/** A new key for a new member; the one they have, on one more device. */
async function ownKey({ wrappedSecret }: Begun, linkKey: string | undefined) {
  if (!linkKey || !wrappedSecret) return createMemberKey();
  const secret = await unwrapByDevice(linkKeyOf(linkKey), toBytes(wrappedSecret));
  return { secret, recipient: await recipientOf(secret) };
}

type Made = Awaited<ReturnType<typeof makePasskey>>;

export function Join({
  code,
  linkKey,
  onEntered,
}: {
  code: string;
  /** For one more device of a member: their own key travels under this one. */
  linkKey: string | undefined;
  onEntered: (keys: Keys) => void;
}) {
  const { t } = useWords();
  const [begun, setBegun] = useState<Begun>();
  const [problem, setProblem] = useState<string>();
  const [made, setMade] = useState<Made>();
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    void api.beginJoining(code).then((answer) => {
      if (answer.ok) setBegun(answer.value);
      else setProblem(answer.why === 'no_invitation' ? t('entry.no_invitation') : t('shell.lost'));
    });
  }, [code]);

  const finish = async ({ response, prf }: Made, passphrase?: string) => {
    if (!begun) return;
    const own = await ownKey(begun, linkKey);
    const wrapped = prf
      ? await wrapByDevice(prf, own.secret)
      : await wrapByPassphrase(passphrase ?? '', own.secret);
    const answer = await api.join({
      code,
      response: response as never,
      recipient: own.recipient,
      wrappedBy: prf ? 'prf' : 'passphrase',
      wrappedSecret: toBase64(wrapped),
    });
    if (answer.ok) onEntered(await keysFor(answer.value, own.secret));
    else setProblem(answer.why === 'no_invitation' ? t('entry.no_invitation') : t('shell.refused'));
  };

  const make = async () => {
    if (!begun) return;
    setIsBusy(true);
    setProblem(undefined);
    try {
      const passkey = await makePasskey(begun.options);
      if (passkey.prf) await finish(passkey);
      else setMade(passkey);
    } catch {
      setProblem(t('shell.refused'));
    }
    setIsBusy(false);
  };

  if (made) return <Passphrase isNew onGiven={(passphrase) => finish(made, passphrase)} />;
  return (
    <section class="gate">
      <h1>{t('entry.join_title')}</h1>
      {begun && linkKey && <p>{t('entry.join_device', { name: begun.name })}</p>}
      {begun && !linkKey && (
        <p>
          {t('entry.join_who', { name: begun.name, role: t.of('shell.roles', begun.role) ?? begun.role })}
        </p>
      )}
      {begun && (
        <p class="soft">
          {t('shell.team')} <code>{begun.team.fingerprint}</code>
        </p>
      )}
      {begun && <p>{t('entry.join_how')}</p>}
      {begun && (
        <button type="button" class="main" disabled={isBusy} onClick={() => void make()}>
          {isBusy ? t('shell.making') : t('entry.make')}
        </button>
      )}
      <Problem text={problem} />
    </section>
  );
}
