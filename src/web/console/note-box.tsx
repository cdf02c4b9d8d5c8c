/** Words of the team for itself. Sealed here; the person never sees them, and the service cannot read them. */
import { useState } from 'preact/hooks';
import { api } from './api.ts';
import { type OpenedCase, sealWords } from './opened-case.ts';
import { Problem } from './problem.tsx';
import { useWords } from './words.ts';

/** Longer ones are written in several. */
const LONGEST = 10_000;

/** `look`: opens the case anew, as it is now. */
export function NoteBox({
  opened,
  look,
}: {
  opened: OpenedCase;
  look: () => Promise<OpenedCase | undefined>;
}) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  /** What came into the case meanwhile takes the place that the note was sealed to: then it is sealed once more. */
  const add = async (to: OpenedCase, isAgain: boolean): Promise<string | undefined> => {
    const ciphertext = await sealWords(to, 'note', text.trim());
    if (ciphertext === undefined) return t('case.trust.key_not_proved');
    const answer = await api.note(to.reference, { place: to.length, ciphertext });
    if (answer.ok) return undefined;
    const now = answer.why === 'moved_on' && !isAgain ? await look() : undefined;
    if (now) return add(now, true);
    const why = { no_such: t('case.no_such'), moved_on: t('case.moved_on'), lost: t('shell.lost') };
    return why[answer.why as keyof typeof why] ?? t('shell.refused');
  };
  const save = async (event: Event) => {
    event.preventDefault();
    setIsBusy(true);
    const wrong = await add(opened, false);
    setProblem(wrong);
    if (wrong === undefined) setText('');
    setIsBusy(false);
    await look();
  };
  return (
    <form class="reply" onSubmit={(event) => void save(event)}>
      <h2>{t('case.note')}</h2>
      <label for="note">{t('case.note_text')}</label>
      <textarea
        id="note"
        rows={3}
        maxLength={LONGEST}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p class="soft">{t('case.note_hint')}</p>
      <button type="submit" disabled={isBusy || text.trim() === ''}>
        {t('case.note_save')}
      </button>
      <Problem text={problem} />
    </form>
  );
}
