/** Signing in: the passkey proves who it is, and unwraps their key. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, askCaseAhead } from './api.ts';
import { usePasskey } from './device.ts';
import { type Keys, keysFor, unwrap } from './keys.ts';
import { Passphrase } from './passphrase.tsx';
import { useWords } from './words.ts';

type SignedIn = Extract<Awaited<ReturnType<typeof api.signIn>>, { ok: true }>['value'];

type Ahead = { begun: ReturnType<typeof api.beginSigningIn>; at: number };
/** A challenge lives for five minutes. */
const isFresh = (ahead: Ahead | undefined): ahead is Ahead =>
  ahead !== undefined && Date.now() - ahead.at < 4 * 60_000;

export function SignIn({
  reference,
  onEntered,
}: {
  /** The case that is opened after it. */
  reference: string | undefined;
  onEntered: (keys: Keys) => void;
}) {
  const { words } = useWords();
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const [waiting, setWaiting] = useState<SignedIn>();

  // Asked for while the page is being read: on a slow network this is half a second less to wait.
  const ahead = useRef<Ahead | undefined>(undefined);
  useEffect(() => {
    ahead.current = { begun: api.beginSigningIn(), at: Date.now() };
    if (reference) askCaseAhead(reference);
  }, []);

  const enter = async () => {
    setIsBusy(true);
    setProblem(undefined);
    const begun = await (isFresh(ahead.current) ? ahead.current.begun : api.beginSigningIn());
    ahead.current = undefined;
    try {
      if (!begun.ok) throw new Error(begun.why);
      const { response, prf } = await usePasskey(begun.value);
      const answer = await api.signIn({ response: response as never });
      if (!answer.ok) throw new Error(answer.why);
      if (answer.value.wrappedBy === 'prf' && !prf) throw new Error('other_device');
      if (answer.value.wrappedBy === 'passphrase') setWaiting(answer.value);
      else onEntered(await keysFor(answer.value.me, await unwrap(answer.value, { prf })));
    } catch (error) {
      const why = error instanceof Error ? error.message : '';
      setProblem({ lost: words.lost, other_device: words.otherDevice }[why] ?? words.refused);
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
      <h1>{words.signInTitle}</h1>
      <button type="button" class="main" disabled={isBusy} onClick={() => void enter()}>
        {isBusy ? words.making : words.signIn}
      </button>
      <p class="soft">{words.signInHow}</p>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}
