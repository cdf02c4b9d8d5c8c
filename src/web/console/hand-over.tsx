/** To whom? Those on duty first. It stays with the officer who has it until the colleague takes it. */
import { useEffect, useState } from 'preact/hooks';
import { api } from './api.ts';
import { AskWhich } from './asking.tsx';
import { Problem } from './problem.tsx';
import { whyRefused } from './why-refused.ts';
import { useWords } from './words.ts';

type Colleague = Extract<Awaited<ReturnType<typeof api.colleagues>>, { ok: true }>['value'][number];

export function HandOver({ reference, onDone }: { reference: string; onDone: () => void }) {
  const { t, language } = useWords();
  const [colleagues, setColleagues] = useState<Colleague[]>([]);
  const [offered, setOffered] = useState<string>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    void api.colleagues().then((answer) => answer.ok && setColleagues(answer.value));
  }, []);
  const offer = async (to: string) => {
    const answer = await api.decide(reference, { do: 'hand_over', to });
    setOffered(answer.ok ? colleagues.find(({ id }) => id === to)?.name : undefined);
    setProblem(answer.ok ? undefined : whyRefused(t, language, answer));
    onDone();
  };
  const choices = colleagues.map(({ id, name, isOnDuty }) => ({
    value: id,
    label: isOnDuty ? `${name} · ${t('case.on_duty')}` : name,
  }));
  return (
    <>
      <AskWhich label={t('case.hand_over')} choices={choices} onChoose={(to) => void offer(to)} />
      <Problem text={problem} />
      {offered !== undefined && <p role="status">{t('case.offered', { name: offered })}</p>}
    </>
  );
}
