/** Invitations that nobody has used: those that wait for a second administrator's yes, and those that are ready. */
import { useEffect, useState } from 'preact/hooks';
import { api, type WaitingInvitation } from './api.ts';
import { sayTime, useWords } from './words.ts';

/** `turn` changes when there may be another one. */
export function Invitations({ turn }: { turn: unknown }) {
  const { words, language } = useWords();
  const [waiting, setWaiting] = useState<WaitingInvitation[]>([]);
  const [link, setLink] = useState<string>();
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
  };
  if (waiting.length === 0) return null;
  return (
    <section class="invitations">
      <h2>{words.invitations}</h2>
      <ul class="rows">
        {waiting.map(({ id, name, role, by, isMine, isReady, expiresAt }) => (
          <li key={id} class="row">
            <span class="reference">{name}</span> <span>{words.roles[role]}</span>{' '}
            <span class="soft">
              {words.invitedBy(by, sayTime(expiresAt, language))}{' '}
              {isReady ? words.invitationReady : words.invitationWaits}
            </span>
            {!isReady && !isMine && (
              <button type="button" onClick={() => void act(api.sayYes(id))}>
                {words.invitationYes}
              </button>
            )}
            {isReady && isMine && (
              <button type="button" onClick={() => void show(id)}>
                {words.invitationLink}
              </button>
            )}
            <button type="button" onClick={() => void act(api.dropInvitation(id))}>
              {words.invitationDrop}
            </button>
          </li>
        ))}
      </ul>
      {link && <InvitationLink link={link} />}
    </section>
  );
}

/** A link to give to the invited person; one that names this machine opens nowhere else, and says so. */
export function InvitationLink({ link }: { link: string }) {
  const { words } = useWords();
  const isHere = /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(link).hostname);
  return (
    <p class="notice" role="status">
      {words.inviteLink} <code class="link">{link}</code> {isHere && words.inviteHere}
    </p>
  );
}
