/** What the person asked for by right: tasks of the team, until a member has seen to them. */
import { useState } from 'preact/hooks';
import type { TaskOfCase } from '../../contract/rights.ts';
import { api, type Refusal } from './api.ts';
import type { OpenedCase } from './opened-case.ts';
import { Problem } from './problem.tsx';
import { whyRefused } from './why-refused.ts';
import { sayTime, useWords } from './words.ts';

type Props = { opened: OpenedCase; onDone: () => void };

export function Tasks({ opened, onDone }: Props) {
  const { t } = useWords();
  const open = opened.tasks.filter(({ state }) => state === 'open' || state === 'granted');
  if (open.length === 0) return null;
  return (
    <section class="tasks" aria-label={t('rights.tasks')}>
      <h2>{t('rights.tasks')}</h2>
      <ul>
        {open.map((task) => (
          <OneTask key={task.kind} task={task} opened={opened} onDone={onDone} />
        ))}
      </ul>
    </section>
  );
}

function OneTask({ task, opened, onDone }: Props & { task: TaskOfCase }) {
  const { t, language } = useWords();
  const [problem, setProblem] = useState<string>();
  const { reference, alert } = opened;
  const { kind } = task;
  const said = (answer: { ok: true } | Refusal) => {
    setProblem(answer.ok ? undefined : whyRefused(t, language, answer));
    onDone();
  };
  const decideCode = async (to: 'code_yes' | 'code_no') => said(await api.decide(reference, { do: to }));
  const end = async (state: 'done' | 'declined') =>
    kind !== 'code' && said(await api.task(reference, { kind, state }));
  const again = task.times > 1 ? ` · ${t('rights.task_times', { number: task.times })}` : '';
  return (
    <li>
      <p>
        <strong>{t(`rights.task_${kind}`)}</strong> · {sayTime(task.askedAt, language)}
        {again}
      </p>
      <p class="soft">
        {t(task.state === 'granted' ? 'rights.task_code_granted' : `rights.task_how_${kind}`)}
      </p>
      {kind === 'code' && task.state === 'open' && !alert.isMine && (
        <p class="soft">{t('rights.task_code_take_first')}</p>
      )}
      {kind === 'code' && task.state === 'open' && (
        <>
          <button type="button" onClick={() => void decideCode('code_yes')}>
            {t('rights.task_code_yes')}
          </button>
          <button type="button" onClick={() => void decideCode('code_no')}>
            {t('rights.task_code_no')}
          </button>
        </>
      )}
      {kind !== 'code' && (
        <>
          <button type="button" onClick={() => void end('done')}>
            {t('rights.task_done')}
          </button>
          <button type="button" onClick={() => void end('declined')}>
            {t('rights.task_declined')}
          </button>
        </>
      )}
      <Problem text={problem} />
    </li>
  );
}
