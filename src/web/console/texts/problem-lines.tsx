import type { TextProblem } from '../../../contract/texts.ts';
import { useWords } from '../words.ts';

export type Problems = readonly TextProblem[];

/** What the check says, of which file and text. */
export function ProblemLines({ problems }: { problems: Problems }) {
  const { t } = useWords();
  return (
    <ul class="problem-lines">
      {problems.map(({ file, key, line, code, params }) => {
        const said = code === null ? undefined : t.of('texts.checks', code, params);
        return (
          <li key={line}>
            {said === undefined ? (
              line
            ) : (
              <>
                <code>
                  {file}, {key}
                </code>{' '}
                {said}
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
