/** Words to the person. Sealed here into the case; the service sends them on to the messenger. */
import { useState } from 'preact/hooks';
import { PHRASES, type Phrase } from '../../kernel/vocabulary.ts';
import { type AlertOfCase, api, type Me } from './api.ts';
import { type OpenedCase, sealWords } from './opened-case.ts';
import { Problem } from './problem.tsx';
import { whyRefused } from './why-refused.ts';
import { useWords } from './words.ts';

export function ReplyBox({
  opened,
  alert,
  me,
  onSent,
}: {
  opened: OpenedCase;
  alert: AlertOfCase;
  me: Me;
  onSent: () => void;
}) {
  const { words, language } = useWords();
  const [text, setText] = useState('');
  const [isRead, setIsRead] = useState(opened.replies.length > 0);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  if (alert.state === 'closed' || alert.mayWrite !== true) return null;
  if (!alert.isMine) return me.isPaged ? <p class="soft">{words.notYours}</p> : null;

  const sayPhrase = async (phrase: Phrase) => {
    setIsBusy(true);
    const answer = await api.decide(opened.reference, { do: 'phrase', phrase });
    setProblem(answer.ok ? undefined : whyRefused(words, language, answer));
    setIsBusy(false);
    onSent();
  };
  const send = async (event: Event) => {
    event.preventDefault();
    setIsBusy(true);
    setProblem(undefined);
    const ciphertext = await sealWords(opened, 'message', text.trim());
    if (ciphertext === undefined) {
      setProblem(words.trust.keyNotProved);
      setIsBusy(false);
      return;
    }
    const answer = await api.reply(opened.reference, { text: text.trim(), place: opened.length, ciphertext });
    if (answer.ok) setText('');
    else
      setProblem(
        {
          no_such: words.noSuch,
          not_yours: words.notYours,
          blocked: words.decideProblems.blocked,
          moved_on: words.movedOn,
          unproved_key: words.trust.keyNotProved,
          unsafe: words.safeNo,
          undecided: words.phonesUndecided,
          unknown: words.safeUnknown,
          lost: words.lost,
        }[answer.why] ?? words.refused,
      );
    setIsBusy(false);
    onSent();
  };

  return (
    <form class="reply" onSubmit={(event) => void send(event)}>
      <h2>{words.replyTitle}</h2>
      {!isRead && (
        <button type="button" onClick={() => setIsRead(true)}>
          {words.replyConfirm}
        </button>
      )}
      {isRead && (
        <>
          <label for="reply">{words.replyText}</label>
          <textarea
            id="reply"
            rows={3}
            maxLength={2_000}
            required
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <p class="soft">{words.replyHint}</p>
          <button type="submit" class="main" disabled={isBusy || text.trim() === ''}>
            {words.send}
          </button>
          <h3>{words.saySome}</h3>
          <p class="phrases">
            {PHRASES.map((phrase) => (
              <button key={phrase} type="button" disabled={isBusy} onClick={() => void sayPhrase(phrase)}>
                {words.phrases[phrase]}
              </button>
            ))}
          </p>
        </>
      )}
      <Problem text={problem} />
    </form>
  );
}
