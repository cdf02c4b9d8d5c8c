/** Words to the person. Sealed here into the case; the service sends them on to the messenger. */
import { useState } from 'preact/hooks';
import type { AlertOfCase, CaseWords } from '../../contract/cases.ts';
import type { Me } from '../../contract/signing-in.ts';
import { tellingWord } from '../../conversation/words/telling.ts';
import { PHRASES, type Phrase } from '../../kernel/vocabulary.ts';
import { api } from './api.ts';
import { type OpenedCase, sealWords } from './opened-case.ts';
import { Problem } from './problem.tsx';
import { whyRefused } from './why-refused.ts';
import { useWords } from './words.ts';

export function ReplyBox({
  opened,
  alert,
  me,
  names,
  onSent,
}: {
  opened: OpenedCase;
  alert: AlertOfCase;
  me: Me;
  names: CaseWords;
  onSent: () => void;
}) {
  const { t, language } = useWords();
  const [text, setText] = useState('');
  const [isRead, setIsRead] = useState(opened.replies.length > 0);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  if (alert.state === 'closed' || alert.mayWrite !== true) return null;
  if (!alert.isMine) return me.isPaged ? <p class="soft">{t('case.not_yours')}</p> : null;

  const sayPhrase = async (phrase: Phrase) => {
    setIsBusy(true);
    const answer = await api.decide(opened.reference, { do: 'phrase', phrase });
    setProblem(answer.ok ? undefined : whyRefused(t, language, answer));
    setIsBusy(false);
    onSent();
  };
  const send = async (event: Event) => {
    event.preventDefault();
    setIsBusy(true);
    setProblem(undefined);
    const ciphertext = await sealWords(opened, 'message', text.trim());
    if (ciphertext === undefined) {
      setProblem(t('case.trust.key_not_proved'));
      setIsBusy(false);
      return;
    }
    const answer = await api.reply(opened.reference, { text: text.trim(), place: opened.length, ciphertext });
    if (answer.ok) setText('');
    else
      setProblem(
        {
          no_such: t('case.no_such'),
          not_yours: t('case.not_yours'),
          blocked: t('case.decide_problems.blocked'),
          moved_on: t('case.moved_on'),
          unproved_key: t('case.trust.key_not_proved'),
          unsafe: t('case.decide_problems.unsafe'),
          undecided: t('case.phones_undecided'),
          unknown: t('case.safe_unknown'),
          lost: t('shell.lost'),
        }[answer.why] ?? t('shell.refused'),
      );
    setIsBusy(false);
    onSent();
  };

  const told = tellingWord(text, names.telling);
  return (
    <form class="reply" onSubmit={(event) => void send(event)}>
      <h2>{t('case.reply_title')}</h2>
      {!isRead && (
        <button type="button" onClick={() => setIsRead(true)}>
          {t('case.reply_confirm')}
        </button>
      )}
      {isRead && (
        <>
          <label for="reply">{t('case.reply_text')}</label>
          <textarea
            id="reply"
            rows={3}
            maxLength={2_000}
            required
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <p class="soft">{t('case.reply_hint')}</p>
          {told !== undefined && (
            <p class="problem" role="status">
              {t('case.reply_tells', { word: told })}
            </p>
          )}
          <button type="submit" class="main" disabled={isBusy || text.trim() === ''}>
            {t('case.send')}
          </button>
          <h3>{t('case.say_some')}</h3>
          <p class="phrases">
            {PHRASES.map((phrase) => (
              <button key={phrase} type="button" disabled={isBusy} onClick={() => void sayPhrase(phrase)}>
                {names.phrases[phrase]}
              </button>
            ))}
          </p>
          {Object.entries(names.advice).map(([phrase, words]) => (
            <p key={phrase} class="soft">
              {t('case.advice', { phrase: names.phrases[phrase] ?? '', words })}
            </p>
          ))}
        </>
      )}
      <Problem text={problem} />
    </form>
  );
}
