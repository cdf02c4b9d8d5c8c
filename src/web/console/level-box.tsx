/** Raising or lowering the level: lower only with a reason, which is sealed into the case. */
import { useState } from 'preact/hooks';
import { api, type Me } from './api.ts';
import { type OpenedCase, sealWords } from './opened-case.ts';
import { useWords } from './words.ts';

const LEVELS = ['critical', 'urgent', 'high', 'medium', 'low'] as const;
type Level = (typeof LEVELS)[number];

export function LevelBox({ opened, me, onDone }: { opened: OpenedCase; me: Me; onDone: () => void }) {
  const { words } = useWords();
  const [level, setLevel] = useState<Level>(opened.level as Level);
  const [why, setWhy] = useState('');
  const [problem, setProblem] = useState<string>();
  const isLower = LEVELS.indexOf(level) > LEVELS.indexOf(opened.level as Level);
  const change = async (event: Event) => {
    event.preventDefault();
    const reason = isLower
      ? { place: opened.length, ciphertext: await sealWords(opened, 'note', why.trim(), me.name) }
      : undefined;
    const answer = await api.level(opened.reference, { level, ...(reason ? { reason } : {}) });
    setProblem(answer.ok ? undefined : answer.why === 'moved_on' ? words.movedOn : words.refused);
    if (answer.ok) setWhy('');
    onDone();
  };
  return (
    <details class="level-box">
      <summary>{words.level}</summary>
      <form onSubmit={(event) => void change(event)}>
        <label for="level">{words.level}</label>
        <select id="level" value={level} onChange={(event) => setLevel(event.currentTarget.value as Level)}>
          {LEVELS.map((each) => (
            <option key={each} value={each}>
              {words.levels[each]}
            </option>
          ))}
        </select>
        {isLower && (
          <>
            <label for="level-why">{words.levelWhy}</label>
            <textarea
              id="level-why"
              rows={2}
              required
              maxLength={1_000}
              value={why}
              onInput={(event) => setWhy(event.currentTarget.value)}
            />
          </>
        )}
        <button type="submit" disabled={level === opened.level || (isLower && why.trim() === '')}>
          {words.change}
        </button>
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
      </form>
    </details>
  );
}
