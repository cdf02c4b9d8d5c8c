/** The people of the team: inviting, giving the key that opens cases, taking out. */

import { useCallback, useEffect, useState } from 'preact/hooks';
import type { ListedMember } from '../../contract/team.ts';
import { fingerprint } from '../../crypto/fingerprint.ts';
import { isSignedMemberBy } from '../../crypto/member-binding.ts';
import { sealGrant } from '../../crypto/member-key.ts';
import { mayHoldKey, ROLES } from '../../kernel/vocabulary.ts';
import { api } from './api.ts';
import { AskFirst } from './asking.tsx';
import { toBase64, toBytes } from './bytes.ts';
import { ControlCodes } from './control-codes.tsx';
import { InvitationLink, Invitations } from './invitations.tsx';
import type { Keys } from './keys.ts';
import { mustBeOpen } from './lock.ts';
import { Problem } from './problem.tsx';
import { TeamKey } from './team-key.tsx';
import { sayTime, useWords } from './words.ts';

export function People({ keys, onKeys }: { keys: Keys; onKeys: (keys: Keys) => void }) {
  const { t } = useWords();
  const [members, setMembers] = useState<ListedMember[]>([]);
  const look = useCallback(() => {
    void api.members().then((answer) => answer.ok && setMembers(answer.value));
  }, []);
  useEffect(look, [look]);
  const mayManage = keys.me.role === 'administrator';
  return (
    <section class="people">
      <h1>{t('shell.people')}</h1>
      <ControlCodes keys={keys} />
      <ul class="rows">
        {members.map((member) => (
          <Member key={member.id} member={member} keys={keys} mayManage={mayManage} onDone={look} />
        ))}
      </ul>
      {mayManage && <Invite />}
      {(mayManage || keys.me.role === 'coordinator') && <TeamKey keys={keys} onKeys={onKeys} onDone={look} />}
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
  const { t, language } = useWords();
  const lacking = keysToGive(keys, member);
  const hasKey = member.grants.includes(keys.me.team.fingerprint);
  const isProved = useProved(member, keys);
  const give = async () => {
    mustBeOpen();
    // Looked at once more: what is handed over opens every case.
    if (!(await isProvedMember(member, keys))) return;
    for (const print of lacking) {
      const secret = keys.ring.get(print);
      if (!secret) continue;
      const sealed = toBase64(await sealGrant(member.recipient, secret));
      await api.grant(member.id, { sealed, fingerprint: print });
    }
    onDone();
  };
  const [problem, setProblem] = useState<string>();
  const say = (answer: { ok: true } | { ok: false; why: string }) =>
    setProblem(answer.ok ? undefined : (t.of('team.member_problems', answer.why) ?? t('shell.refused')));
  const takeAway = async (id: string) => {
    say(await api.revokeDevice(id));
    onDone();
  };
  const takeOut = async () => {
    say(await api.takeOut(member.id));
    onDone();
  };
  const isMe = member.id === keys.me.id;
  return (
    <li class="row member">
      <span class="reference">{member.name}</span>
      <span>{t.of('shell.roles', member.role)}</span>
      {mayHoldKey(member.role) && (
        <span class="soft">
          {hasKey
            ? lacking.length > 0
              ? t('team.has_no_next_key')
              : t('team.has_key')
            : t('team.has_no_key')}
        </span>
      )}
      <ul class="devices">
        {member.devices.map((device) => (
          <li key={device.id}>
            <span class="soft">{t('devices.device_since', { at: sayTime(device.createdAt, language) })}</span>
            {mayManage && !isMe && (
              <AskFirst label={t('devices.take_away')} onYes={() => takeAway(device.id)}>
                <p>{t('devices.take_away_note')}</p>
              </AskFirst>
            )}
          </li>
        ))}
      </ul>
      {isProved === false && (
        <p class="alarm" role="alert">
          {t('team.member_not_proved')}
        </p>
      )}
      {mayManage && isProved && lacking.length > 0 && mayHoldKey(member.role) && (
        <AskFirst label={t('team.give_key')} onYes={give}>
          <p>
            {t('team.give_key_note')} <code>{fingerprint(member.recipient)}</code>
          </p>
        </AskFirst>
      )}
      {mayManage && !isMe && (
        <AskFirst label={t('team.take_out')} onYes={takeOut}>
          <p>{t('team.take_out_note')}</p>
        </AskFirst>
      )}
      <Problem text={problem} />
    </li>
  );
}

/** Whether the server signed, when this member joined, who they are and which key is theirs. */
function isProvedMember({ signature, ...member }: ListedMember, { server }: Keys): Promise<boolean> {
  return isSignedMemberBy(server.verify, member, signature === null ? null : toBytes(signature));
}

/** Undefined: not looked at yet. */
function useProved(member: ListedMember, keys: Keys): boolean | undefined {
  const [isProved, setIsProved] = useState<boolean>();
  useEffect(() => {
    void isProvedMember(member, keys).then(setIsProved);
  }, [member, keys]);
  return isProved;
}

/** Team keys that I have and a colleague lacks: the one in use and the one that comes next, not one from before. */
function keysToGive({ me, ring }: Keys, member: ListedMember): string[] {
  const before = new Set(me.keys.map(({ vouchedBy }) => vouchedBy));
  before.delete(me.team.fingerprint);
  return [...ring.keys()].filter((print) => !before.has(print) && !member.grants.includes(print));
}

/** What opens every case, on paper: for the day when all devices are lost. */
function RecoveryKit({ team, fingerprint: print }: { team: string; fingerprint: string }) {
  const { t } = useWords();
  const [isShown, setIsShown] = useState(false);
  return (
    <section class="kit">
      <h2>{t('team.kit')}</h2>
      <p>{t('team.kit_note')}</p>
      {!isShown && (
        <button type="button" onClick={() => setIsShown(true)}>
          {t('team.kit_show')}
        </button>
      )}
      {isShown && (
        <div class="sheet">
          <p>Lakana · {t('team.kit')}</p>
          <p>
            {t('shell.team')} <code>{print}</code>
          </p>
          <p>
            <code>{team}</code>
          </p>
          <button type="button" onClick={() => window.print()}>
            {t('shell.print')}
          </button>
        </div>
      )}
    </section>
  );
}

function Invite() {
  const { t } = useWords();
  const [link, setLink] = useState<string | null>();
  const [sent, setSent] = useState(0);
  const [problem, setProblem] = useState<string>();
  const [officers, setOfficers] = useState<{ id: string; name: string }[]>([]);
  useEffect(() => {
    void api.officers().then((answer) => answer.ok && setOfficers(answer.value));
  }, [link]);
  const invite = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const officerId = String(form.get('officer') ?? '');
    const answer = await api.invite({
      name: String(form.get('name')),
      role: String(form.get('role')) as never,
      ...(officerId ? { officerId } : {}),
    });
    setProblem(answer.ok ? undefined : (t.of('team.member_problems', answer.why) ?? t('shell.refused')));
    if (!answer.ok) return;
    setLink(answer.value.link);
    setSent((before) => before + 1);
  };
  return (
    <form class="invite" onSubmit={(event) => void invite(event)}>
      <h2>{t('team.invite')}</h2>
      <label for="invite-name">{t('team.invite_name')}</label>
      <input id="invite-name" name="name" required maxLength={80} />
      <label for="invite-role">{t('team.invite_role')}</label>
      <select id="invite-role" name="role">
        {ROLES.map((role) => (
          <option key={role} value={role}>
            {t(`shell.roles.${role}`)}
          </option>
        ))}
      </select>
      <label for="invite-officer">{t('team.invite_officer')}</label>
      <select id="invite-officer" name="officer">
        <option value="">{t('team.invite_no_officer')}</option>
        {officers.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <button type="submit">{t('team.invite')}</button>
      <Problem text={problem} />
      {link && <InvitationLink link={link} />}
      {link === null && (
        <p class="notice" role="status">
          {t('team.invite_waits')}
        </p>
      )}
      <Invitations turn={sent} />
    </form>
  );
}
