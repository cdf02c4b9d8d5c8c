/**
 * The team's key, brought along in a file: by the first administrator, and by one who comes back with the recovery kit.
 */
import { useState } from 'preact/hooks';
import { readTeamSecret, recipientOf, sealGrant } from '../../crypto/member-key.ts';
import { api } from './api.ts';
import { toBase64 } from './bytes.ts';
import { type Keys, withTeamKey } from './keys.ts';
import { Problem } from './problem.tsx';
import { useWords } from './words.ts';

export function BringKey({ keys, onBrought }: { keys: Keys; onBrought: (keys: Keys) => void }) {
  const { words } = useWords();
  const [problem, setProblem] = useState<string>();
  const bring = async (text: string) => {
    const { me } = keys;
    setProblem(undefined);
    try {
      const team = await readTeamSecret(text, me.team.recipient);
      const sealed = await sealGrant(await recipientOf(keys.own), team);
      const answer = await api.grant(me.id, { sealed: toBase64(sealed), fingerprint: me.team.fingerprint });
      if (answer.ok) onBrought(withTeamKey(keys, me.team.fingerprint, team));
      else setProblem(words.refused);
    } catch {
      setProblem(words.otherTeam);
    }
  };
  return (
    <section class="gate">
      <h1>{words.bringTitle}</h1>
      <p>{words.bringHow}</p>
      <p class="soft">{words.bringNote}</p>
      <p class="soft">
        {words.team} : <code>{keys.me.team.fingerprint}</code>
      </p>
      <label for="team-file">{words.teamFile}</label>
      <input
        id="team-file"
        type="file"
        onChange={(event) => void event.currentTarget.files?.[0]?.text().then(bring)}
      />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void bring(String(new FormData(event.currentTarget).get('secret') ?? ''));
        }}
      >
        <label for="team-secret">{words.teamSecret}</label>
        <input id="team-secret" name="secret" type="password" autocomplete="off" autocapitalize="none" />
        <button type="submit">{words.go}</button>
      </form>
      <Problem text={problem} />
    </section>
  );
}
