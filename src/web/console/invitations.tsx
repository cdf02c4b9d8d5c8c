/** Invitations that nobody has used: those that wait for a second administrator's yes, and those that are ready. */
import { useEffect, useState } from 'preact/hooks';
import type { WaitingInvitation } from '../../contract/team.ts';
import { api } from './api.ts';
import { Problem } from './problem.tsx';
import { sayTime, useWords } from './words.ts';

/** `turn` changes when there may be another one. */
export function Invitations({ turn }: { turn: unknown }) {
  const { t, language } = useWords();
  const [waiting, setWaiting] = useState<WaitingInvitation[]>([]);
  const [link, setLink] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const look = async () => {
    const answer = await api.invitations();
    if (answer.ok) setWaiting(answer.value);
  };
  useEffect(() => void look(), [turn]);
  const act = async (what: Promise<unknown>) => {
    await what;
    await look();
  };
  const show = async (id: string) => {
    const answer = await api.invitationLink(id);
    setLink(answer.ok ? (answer.value.link ?? undefined) : undefined);
    setProblem(answer.ok ? undefined : (t.of('team.member_problems', answer.why) ?? t('shell.refused')));
  };
  if (waiting.length === 0) return null;
  return (
    <section class="invitations">
      <h2>{t('team.invitations')}</h2>
      <ul class="rows">
        {waiting.map(({ id, name, role, by, isMine, isReady, expiresAt }) => (
          <li key={id} class="row">
            <span class="reference">{name}</span> <span>{t.of('shell.roles', role)}</span>{' '}
            <span class="soft">
              {t('team.invited_by', { by, until: sayTime(expiresAt, language) })}{' '}
              {isReady ? t('team.invitation_ready') : t('team.invitation_waits')}
            </span>
            {!isReady && !isMine && (
              <button type="button" onClick={() => void act(api.sayYes(id))}>
                {t('team.invitation_yes')}
              </button>
            )}
            {isReady && isMine && (
              <button type="button" onClick={() => void show(id)}>
                {t('team.invitation_link')}
              </button>
            )}
            <button type="button" onClick={() => void act(api.dropInvitation(id))}>
              {t('team.invitation_drop')}
            </button>
          </li>
        ))}
      </ul>
      {link && <InvitationLink link={link} />}
      <Problem text={problem} />
    </section>
  );
}

/** A link to give to the invited person; one of a trial that names this machine opens nowhere else, and says so. */
export function InvitationLink({ link }: { link: string }) {
  const { t } = useWords();
  const isHere = /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(link).hostname);
  return (
    <p class="notice" role="status">
      {t('team.invite_link')} <code class="link">{link}</code> {isHere && t('team.invite_here')}
    </p>
  );
}
