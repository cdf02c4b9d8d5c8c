/** Raising or lowering the level: lower only with a reason, which is sealed into the case. */
import { useState } from 'preact/hooks';
import { LEVELS, type Level } from '../../kernel/vocabulary.ts';
import { api } from './api.ts';
import { type OpenedCase, sealWords } from './opened-case.ts';
import { Problem } from './problem.tsx';
import { useWords } from './words.ts';

export function LevelBox({
  opened,
  look,
}: {
  opened: OpenedCase;
  look: () => Promise<OpenedCase | undefined>;
}) {
  const { t } = useWords();
  const [level, setLevel] = useState<Level>(opened.level as Level);
  const [why, setWhy] = useState('');
  const [problem, setProblem] = useState<string>();
  const isLower = LEVELS.indexOf(level) > LEVELS.indexOf(opened.level as Level);
  const change = async (event: Event) => {
    event.preventDefault();
    const put = async (to: OpenedCase) => {
      const ciphertext = isLower ? await sealWords(to, 'note', why.trim()) : undefined;
      if (isLower && ciphertext === undefined) return { ok: false, why: 'unproved_key' } as const;
      const reason = ciphertext === undefined ? undefined : { place: to.length, ciphertext };
      return api.level(to.reference, { level, ...(reason ? { reason } : {}) });
    };
    let answer = await put(opened);
    // Something came into the case meanwhile: the note stands behind it.
    const fresh = !answer.ok && answer.why === 'moved_on' ? await look() : undefined;
    if (fresh) answer = await put(fresh);
    setProblem(
      answer.ok
        ? undefined
        : ({
            no_such: t('case.no_such'),
            lost: t('shell.lost'),
            moved_on: t('case.moved_on'),
            unproved_key: t('case.trust.key_not_proved'),
          }[answer.why] ?? t('shell.refused')),
    );
    if (answer.ok) setWhy('');
    void look();
  };
  return (
    <details class="level-box">
      <summary>{t('case.level')}</summary>
      <form onSubmit={(event) => void change(event)}>
        <label for="level">{t('case.level')}</label>
        <select id="level" value={level} onChange={(event) => setLevel(event.currentTarget.value as Level)}>
          {LEVELS.map((each) => (
            <option key={each} value={each}>
              {t.of('shell.levels', each)}
            </option>
          ))}
        </select>
        {isLower && (
          <>
            <label for="level-why">{t('case.level_why')}</label>
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
          {t('case.change')}
        </button>
        <Problem text={problem} />
      </form>
    </details>
  );
}
