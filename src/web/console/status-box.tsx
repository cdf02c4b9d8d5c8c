/** How far the case is, and who answers for it: everybody reads it, and those who follow the case say it. */
import { useState } from 'preact/hooks';
import type { Me } from '../../contract/signing-in.ts';
import {
  CASE_ENDS,
  type CaseEnd,
  END_REASONS,
  type EndReason,
  SET_BY_PEOPLE,
} from '../../kernel/vocabulary.ts';
import { api, type Refusal } from './api.ts';
import { AskFirst, AskWhich } from './asking.tsx';
import type { OpenedCase } from './opened-case.ts';
import { Problem } from './problem.tsx';
import { whyRefused } from './why-refused.ts';
import { sayTime, useWords } from './words.ts';

type Props = { me: Me; opened: OpenedCase; onDone: () => void };
type Going = (typeof SET_BY_PEOPLE)[number];

export function StatusBox({ me, opened, onDone }: Props) {
  const { t, language } = useWords();
  const [problem, setProblem] = useState<string>();
  const { reference, status, following } = opened;
  const whyNot = (answer: Refusal): string => {
    if (answer.why === 'not_yours') return t('case.status_not_yours');
    if (answer.why === 'not_offered') return t('case.answers_not_offered');
    return whyRefused(t, language, answer);
  };
  const said = (answer: { ok: true } | Refusal) => {
    setProblem(answer.ok ? undefined : whyNot(answer));
    onDone();
  };
  const at = sayTime(following.since, language);
  const why = following.reason && t.of('case.end_reasons', following.reason);
  return (
    <details class="status-box">
      <summary>
        {t('case.status_since', { status: t.of('shell.statuses', status) ?? status, at })}
        {why && ` (${why})`}
        {following.answersFor && ` · ${t('case.answers_for', { name: following.answersFor })}`}
      </summary>
      {following.mayFollow && !following.hasEnded && <Going opened={opened} said={said} />}
      <Answering me={me} opened={opened} said={said} />
      {following.mayFollow && <Ending key={reference} opened={opened} said={said} />}
      <Problem text={problem} />
    </details>
  );
}

type Saying = { opened: OpenedCase; said: (answer: { ok: true } | Refusal) => void };

function Going({ opened: { reference, status }, said }: Saying) {
  const { t } = useWords();
  const choices = SET_BY_PEOPLE.filter((each) => each !== status).map((each) => ({
    value: each,
    label: t(`shell.statuses.${each}`),
  }));
  const choose = async (to: string) => said(await api.status(reference, { to: to as Going }));
  return <AskWhich label={t('case.status_to')} choices={choices} onChoose={(to) => void choose(to)} />;
}

/** Taking it is for everybody while nobody has it. */
function Answering({ me, opened: { reference, following }, said }: Saying & { me: Me }) {
  const { t } = useWords();
  const [members, setMembers] = useState<{ id: string; name: string }[]>();
  const { answersFor, isMine, mayFollow } = following;
  const give = async (to: string | null) => said(await api.responsible(reference, { to }));
  const look = async () => {
    const answer = await api.mayAnswer(reference);
    if (answer.ok) setMembers(answer.value);
    else said(answer);
  };
  return (
    <>
      <p>
        {isMine
          ? t('case.answers_you')
          : answersFor
            ? t('case.answers_for', { name: answersFor })
            : t('case.answers_nobody')}
      </p>
      {answersFor === null && (
        <button type="button" onClick={() => void give(me.id)}>
          {t('case.answers_take')}
        </button>
      )}
      {mayFollow && !members && (
        <button type="button" onClick={() => void look()}>
          {t('case.answers_give')}
        </button>
      )}
      {mayFollow && members && (
        <label>
          <span>{t('case.answers_give')}</span>
          <select
            value=""
            onChange={(event) => {
              setMembers(undefined);
              void give(event.currentTarget.value);
            }}
          >
            <option value="" />
            {members.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {mayFollow && answersFor !== null && (
        <button type="button" onClick={() => void give(null)}>
          {t('case.answers_drop')}
        </button>
      )}
    </>
  );
}

function Ending({ opened: { reference, following, status }, said }: Saying) {
  const { t } = useWords();
  const [to, setTo] = useState<CaseEnd>(following.hasEnded ? (status as CaseEnd) : 'closed');
  const reasons: readonly EndReason[] = END_REASONS[to];
  const [reason, setReason] = useState<EndReason>();
  const chosen = reasons.find((each) => each === reason) ?? reasons[0];
  if (!following.mayEnd) return <p class="soft">{t('case.status_end_loud')}</p>;
  const end = async () => {
    if (chosen) said(await api.status(reference, { to, reason: chosen }));
  };
  return (
    <fieldset>
      <legend>{t('case.status_end')}</legend>
      <label>
        <span>{t('case.status_end_as')}</span>
        <select value={to} onChange={(event) => setTo(event.currentTarget.value as CaseEnd)}>
          {CASE_ENDS.map((each) => (
            <option key={each} value={each}>
              {t(`shell.statuses.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{t('case.status_why')}</span>
        <select value={chosen ?? ''} onChange={(event) => setReason(event.currentTarget.value as EndReason)}>
          {reasons.map((each) => (
            <option key={each} value={each}>
              {t(`case.end_reasons.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <AskFirst label={t('case.status_end')} onYes={end}>
        <p>{t('case.status_end_how')}</p>
      </AskFirst>
    </fieldset>
  );
}
