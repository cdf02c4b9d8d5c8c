/**
 * The team's key, brought along in a file: by the first administrator, and by one who comes back with the recovery kit.
 */
import { useState } from 'preact/hooks';
import { recipientOf } from '../../crypto/age.ts';
import { readTeamSecret, sealGrant } from '../../crypto/member-key.ts';
import { api } from './api.ts';
import { toBase64 } from './bytes.ts';
import { type Keys, withTeamKey } from './keys.ts';
import { Problem } from './problem.tsx';
import { useWords } from './words.ts';

export function BringKey({ keys, onBrought }: { keys: Keys; onBrought: (keys: Keys) => void }) {
  const { t } = useWords();
  const [problem, setProblem] = useState<string>();
  const bring = async (text: string) => {
    const { me } = keys;
    setProblem(undefined);
    try {
      const team = await readTeamSecret(text, me.team.recipient);
      const sealed = await sealGrant(await recipientOf(keys.own), team);
      const answer = await api.grant(me.id, { sealed: toBase64(sealed), fingerprint: me.team.fingerprint });
      if (answer.ok) onBrought(withTeamKey(keys, me.team.fingerprint, team));
      else setProblem(t('shell.refused'));
    } catch {
      setProblem(t('entry.other_team'));
    }
  };
  return (
    <section class="gate">
      <h1>{t('entry.bring_title')}</h1>
      <p>{t('entry.bring_how')}</p>
      <p class="soft">{t('entry.bring_note')}</p>
      <p class="soft">
        {t('shell.team')} <code>{keys.me.team.fingerprint}</code>
      </p>
      <label for="team-file">{t('entry.team_file')}</label>
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
        <label for="team-secret">{t('entry.team_secret')}</label>
        <input id="team-secret" name="secret" type="password" autocomplete="off" autocapitalize="none" />
        <button type="submit">{t('shell.go')}</button>
      </form>
      <Problem text={problem} />
    </section>
  );
}
