/** Who is in the team: inviting, giving the key that opens cases, taking out. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { fingerprint } from '../../crypto/case-key.ts';
import { sealGrant } from '../../crypto/member-key.ts';
import { api, type ListedMember } from './api.ts';
import { toBase64 } from './bytes.ts';
import type { Keys } from './keys.ts';
import { sayTime, useWords } from './words.ts';

export function People({ keys }: { keys: Keys }) {
  const { words } = useWords();
  const [members, setMembers] = useState<ListedMember[]>([]);
  const look = useCallback(() => {
    void api.members().then((answer) => answer.ok && setMembers(answer.value));
  }, []);
  useEffect(look, [look]);
  const mayManage = keys.me.role === 'administrator';
  return (
    <section class="people">
      <h1>{words.people}</h1>
      <p class="soft">
        {words.team} : <code>{keys.me.team.fingerprint}</code>
      </p>
      <ul class="rows">
        {members.map((member) => (
          <Member key={member.id} member={member} keys={keys} mayManage={mayManage} onDone={look} />
        ))}
      </ul>
      {mayManage && <Invite />}
      {mayManage && keys.team && <RecoveryKit team={keys.team} fingerprint={keys.me.team.fingerprint} />}
    </section>
  );
}

function Member({
  member,
  keys,
  mayManage,
  onDone,
}: {
  member: ListedMember;
  keys: Keys;
  mayManage: boolean;
  onDone: () => void;
}) {
  const { words, language } = useWords();
  const [asks, setAsks] = useState<'key' | 'out'>();
  const give = async () => {
    if (!keys.team) return;
    await api.grant(member.id, toBase64(await sealGrant(member.recipient, keys.team)));
    setAsks(undefined);
    onDone();
  };
  const takeOut = async () => {
    await api.takeOut(member.id);
    setAsks(undefined);
    onDone();
  };
  const isMe = member.id === keys.me.id;
  return (
    <li class="row member">
      <span class="reference">{member.name}</span>
      <span>{words.roles[member.role]}</span>
      {member.role !== 'auditor' && <span class="soft">{member.hasKey ? words.hasKey : words.hasNoKey}</span>}
      <span class="soft">
        {member.devices.map((device) => `${words.device} ${sayTime(device.createdAt, language)}`).join(', ')}
      </span>
      {mayManage && keys.team && !member.hasKey && member.role !== 'auditor' && (
        <button type="button" onClick={() => setAsks('key')}>
          {words.giveKey}
        </button>
      )}
      {mayManage && !isMe && (
        <button type="button" onClick={() => setAsks('out')}>
          {words.takeOut}
        </button>
      )}
      {asks === 'key' && (
        <p class="ask">
          {words.giveKeyNote} <code>{fingerprint(member.recipient)}</code>{' '}
          <button type="button" class="main" onClick={() => void give()}>
            {words.giveKey}
          </button>
        </p>
      )}
      {asks === 'out' && (
        <p class="ask">
          {words.sure}{' '}
          <button type="button" class="main" onClick={() => void takeOut()}>
            {words.takeOut}
          </button>
        </p>
      )}
    </li>
  );
}

/** What opens every case, on paper: for the day when all devices are lost. */
function RecoveryKit({ team, fingerprint: print }: { team: string; fingerprint: string }) {
  const { words } = useWords();
  const [isShown, setIsShown] = useState(false);
  return (
    <section class="kit">
      <h2>{words.kit}</h2>
      <p>{words.kitNote}</p>
      {!isShown && (
        <button type="button" onClick={() => setIsShown(true)}>
          {words.kitShow}
        </button>
      )}
      {isShown && (
        <div class="sheet">
          <p>Lakana · {words.kit}</p>
          <p>
            {words.team} : <code>{print}</code>
          </p>
          <p>
            <code>{team}</code>
          </p>
          <button type="button" onClick={() => window.print()}>
            {words.print}
          </button>
        </div>
      )}
    </section>
  );
}

function Invite() {
  const { words } = useWords();
  const [link, setLink] = useState<string>();
  const invite = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const answer = await api.invite({
      name: String(form.get('name')),
      role: String(form.get('role')) as never,
    });
    if (answer.ok) setLink(answer.value.link);
  };
  return (
    <form class="invite" onSubmit={(event) => void invite(event)}>
      <h2>{words.invite}</h2>
      <label for="invite-name">{words.inviteName}</label>
      <input id="invite-name" name="name" required maxLength={80} />
      <label for="invite-role">{words.inviteRole}</label>
      <select id="invite-role" name="role">
        {Object.entries(words.roles).map(([role, name]) => (
          <option key={role} value={role}>
            {name}
          </option>
        ))}
      </select>
      <button type="submit">{words.invite}</button>
      {link && (
        <p class="notice" role="status">
          {words.inviteLink} <code class="link">{link}</code>
        </p>
      )}
    </form>
  );
}
