/** Signing in: the passkey proves who it is, and unwraps their key. */
import { useState } from 'preact/hooks';
import { api } from './api.ts';
import { usePasskey } from './device.ts';
import { type Keys, keysFor, rehearse, unwrap } from './keys.ts';
import { Passphrase } from './passphrase.tsx';
import { Problem } from './problem.tsx';
import { useWords } from './words.ts';

type SignedIn = Extract<Awaited<ReturnType<typeof api.signIn>>, { ok: true }>['value'];

export function SignIn({ onEntered }: { onEntered: (keys: Keys) => void }) {
  const { t } = useWords();
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const [waiting, setWaiting] = useState<SignedIn>();

  const enter = async () => {
    setIsBusy(true);
    setProblem(undefined);
    const begun = await api.beginSigningIn();
    try {
      if (!begun.ok) throw new Error(begun.why);
      const { response, prf } = await usePasskey(begun.value);
      const signingIn = api.signIn({ response: response as never });
      void rehearse();
      const answer = await signingIn;
      if (!answer.ok) throw new Error(answer.why);
      if (answer.value.wrappedBy === 'prf' && !prf) throw new Error('other_device');
      if (answer.value.wrappedBy === 'passphrase') setWaiting(answer.value);
      else onEntered(await keysFor(answer.value.me, await unwrap(answer.value, { prf })));
    } catch (error) {
      const why = error instanceof Error ? error.message : '';
      setProblem({ lost: t('shell.lost'), other_device: t('entry.other_device') }[why] ?? t('shell.refused'));
    }
    setIsBusy(false);
  };

  if (waiting)
    return (
      <Passphrase
        onGiven={async (passphrase) =>
          onEntered(await keysFor(waiting.me, await unwrap(waiting, { passphrase })))
        }
      />
    );
  return (
    <section class="gate">
      <h1>{t('entry.sign_in_title')}</h1>
      <button type="button" class="main" disabled={isBusy} onClick={() => void enter()}>
        {isBusy ? t('shell.making') : t('entry.sign_in')}
      </button>
      <p class="soft">{t('entry.sign_in_how')}</p>
      <Problem text={problem} />
    </section>
  );
}
