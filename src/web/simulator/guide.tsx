import { Icon } from './icons.tsx';
import { useWords } from './words.ts';

/** The story to play, with a mark at what has been played. */
export function Guide({ done, onRestart }: { done: readonly boolean[]; onRestart: () => void }) {
  const words = useWords();
  const next = done.indexOf(false);
  return (
    <section class="guide" aria-label={words.guide}>
      <h2>{words.guide}</h2>
      <ol>
        {words.steps.map(([name, what], place) => (
          <li
            key={name}
            class={done[place] ? 'is-done' : ''}
            aria-current={place === next ? 'step' : undefined}
          >
            <span class="step-mark" aria-hidden="true">
              {done[place] ? <Icon name="check" /> : place + 1}
            </span>
            <div>
              <h3>
                {name}
                {done[place] && <span class="unseen"> ({words.done})</span>}
              </h3>
              <p class="step-words">{what}</p>
            </div>
          </li>
        ))}
      </ol>
      {next === -1 && <p class="all-done">{words.allDone}</p>}
      <button type="button" class="restart" onClick={onRestart}>
        <span class="restart-long">{words.restart}</span>
        <span class="restart-short">{words.restartShort}</span>
      </button>
      <p class="restart-note">{words.restartNote}</p>
    </section>
  );
}
