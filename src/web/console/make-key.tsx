/**
 * Making the team's key in a browser, before there is a live service: the other way is `keys init-team`.
 *
 * Invariant: the secret half goes to nobody; it is shown once, to be printed.
 */
import { useState } from 'preact/hooks';
import { createTeamKey } from '../../crypto/case-key.ts';
import { fingerprint } from '../../crypto/fingerprint.ts';
import { useWords } from './words.ts';

type Made = Awaited<ReturnType<typeof createTeamKey>>;

export function MakeKey() {
  const { words } = useWords();
  const [made, setMade] = useState<Made>();
  if (!made)
    return (
      <section class="gate">
        <h1>{words.makeTitle}</h1>
        <p>{words.makeHow}</p>
        <button type="button" class="main" onClick={() => void createTeamKey().then(setMade)}>
          {words.makeKey}
        </button>
      </section>
    );
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`${made.recipient}\n`)}`;
  return (
    <section class="gate">
      <h1>{words.makeTitle}</h1>
      <p>{words.makeNext}</p>
      <p class="soft">
        {words.team} : <code>{fingerprint(made.recipient)}</code>
      </p>
      <a class="button" href={file} download="team.key.pub">
        {words.makePublic}
      </a>
      <p>
        <code class="link">{made.secret}</code>
      </p>
      <button type="button" onClick={() => window.print()}>
        {words.print}
      </button>
    </section>
  );
}
