/** To whom? Those on duty first. It stays with whoever has it until the colleague takes it. */
import { useEffect, useState } from 'preact/hooks';
import { api } from './api.ts';
import { useWords } from './words.ts';

type Colleague = Extract<Awaited<ReturnType<typeof api.colleagues>>, { ok: true }>['value'][number];

export function HandOver({ reference, onDone }: { reference: string; onDone: () => void }) {
  const { words } = useWords();
  const [colleagues, setColleagues] = useState<Colleague[]>([]);
  const [offered, setOffered] = useState<string>();
  useEffect(() => {
    void api.colleagues().then((answer) => answer.ok && setColleagues(answer.value));
  }, []);
  const offer = async ({ id, name }: Colleague) => {
    const answer = await api.decide(reference, { do: 'hand_over', to: id });
    if (answer.ok) setOffered(name);
    onDone();
  };
  if (offered !== undefined) return <p role="status">{words.offered(offered)}</p>;
  return (
    <ul class="outcomes">
      {colleagues.map((each) => (
        <li key={each.id}>
          <button type="button" onClick={() => void offer(each)}>
            {each.name}
            {each.isOnDuty && ` · ${words.onDuty}`}
          </button>
        </li>
      ))}
    </ul>
  );
}
