/**
 * What lies in a case, in words.
 *
 * Invariant: whatever a person wrote is shown as text: no markup, no links, and signs that nobody sees or that turn the
 * direction round are made visible.
 */

import type { ComponentChildren } from 'preact';
import type { CaseWords } from '../../contract/cases.ts';
import type { Answer, Part } from '../../conversation/values/answer.ts';
import { PLACE_PARTS } from '../../kernel/vocabulary.ts';
import { ConsentLine } from './consent-line.tsx';
import { EventLine } from './event-line.tsx';
import { LongText } from './long-text.tsx';
import { type Entry, entriesOf, timeOf } from './one-account.ts';
import type { OpenedItem } from './opened-item.ts';
import { plain } from './plain.ts';
import { sayTime, type T, useWords } from './words.ts';

/** Everything that was said at one moment. */
export function Said({
  item,
  writer,
  names,
  file,
}: {
  item: OpenedItem;
  /** Its writer, and when it was written, by the server's word. */
  writer: { by: string; at: string } | undefined;
  names: CaseWords;
  /** What shows a file. */
  file: (id: string) => ComponentChildren;
}) {
  const { t, language } = useWords();
  if (item.content.cannotOpen) return <p class="problem">{t('shell.damaged')}</p>;
  const at = writer?.at ?? timeOf(item);
  // Without the server's word it is only what a browser said.
  const by = writer ? plain(writer.by) : unproved(t, plain(String(item.content.by ?? '')));
  if (item.type === 'message')
    return (
      <Bubble at={at} who={by}>
        <LongText text={String(item.content.text ?? '')} />
      </Bubble>
    );
  if (item.type === 'note')
    return (
      <Bubble at={at} who={`${t('case.note')} · ${by}`}>
        <LongText text={String(item.content.text ?? '')} />
      </Bubble>
    );
  if (item.type === 'consent') return <ConsentLine content={item.content} names={names} />;
  if (item.type === 'event') return <EventLine at={at} content={item.content} names={names} />;
  if (item.type === 'phrase')
    return (
      <Bubble at={at} who={t('case.you')}>
        <LongText text={phraseOf(names, String(item.content.phrase))} />
      </Bubble>
    );
  const entries = entriesOf(item);
  if (entries.length === 0) return null;
  const question = (step: string) => names.steps[step]?.question ?? t.of('case.steps', step) ?? plain(step);
  const passed = entries.filter(isPassed);
  return (
    <div class="said">
      <time dateTime={at}>{sayTime(at, language)}</time>
      <dl>
        {entries.map((entry, n) => {
          if (isPassed(entry)) return null;
          return (
            <div key={n} class="answer">
              <dt>{question(entry.step)}</dt>
              <dd>
                <EntryText entry={entry} names={names} file={file} />
              </dd>
            </div>
          );
        })}
      </dl>
      {passed.length > 0 && (
        <details class="passed">
          <summary>{t('case.passed', { count: passed.length })}</summary>
          <p>{passed.map(({ step }) => question(step)).join(' · ')}</p>
        </details>
      )}
    </div>
  );
}

/** What was sent; a word that is no phrase as it stands there. */
const phraseOf = ({ phrases }: CaseWords, word: string): string =>
  (Object.hasOwn(phrases, word) ? phrases[word] : undefined) ?? word;

const isPassed = ({ answer }: Entry): boolean => answer?.kind === 'skipped';

function Bubble({ at, who, children }: { at: string; who: string; children: ComponentChildren }) {
  const { language } = useWords();
  return (
    <p class="bubble">
      <span class="soft">
        {who} · {sayTime(at, language)}
      </span>
      {children}
    </p>
  );
}

/** One answer; of an account that came in several messages each with its time. */
export function EntryText({
  entry: { step, answer, pieces = [] },
  names,
  file,
}: Pick<Showing, 'names' | 'file'> & { entry: Entry }): ComponentChildren {
  const { language } = useWords();
  if (pieces.length < 2) return <AnswerText step={step} answer={answer} names={names} file={file} />;
  return pieces.map(({ at, parts }, n) => (
    <div key={n} class="piece">
      <time class="soft" dateTime={at}>
        {sayTime(at, language)}
      </time>
      <Parts parts={parts} file={file} />
    </div>
  ));
}

type Showing = { step: string; answer: Answer; names: CaseWords; file: (id: string) => ComponentChildren };

function AnswerText({ step, answer, names, file }: Showing): ComponentChildren {
  const { t } = useWords();
  const label = (code: string) => names.steps[step]?.options[code] ?? t.of('case.codes', code) ?? plain(code);
  switch (answer.kind) {
    case 'choice':
      return label(answer.value);
    case 'choices':
      return answer.values.map(label).join(', ');
    case 'text':
    case 'code':
      return <LongText text={answer.text} />;
    case 'account':
      return <Parts parts={answer.parts} file={file} />;
    case 'date':
      return plain(
        [answer.date, t.of('case.precisions', answer.precision), answer.words].filter(Boolean).join(' · '),
      );
    case 'place': {
      const named = PLACE_PARTS.flatMap((part) => {
        const code = answer[part];
        return code ? [names.lists[`${part}s`]?.[code] ?? plain(code)] : [];
      });
      return (
        <>
          <LongText text={[...named, ...(answer.words ? [answer.words] : [])].join(', ')} />
          <Parts parts={answer.parts ?? []} file={file} />
        </>
      );
    }
    case 'unknown':
      return t('case.codes.unknown');
    case 'not_said':
      return (
        <>
          {t(answer.tried.length === 0 ? 'case.not_said' : 'case.not_said_came')}{' '}
          <Parts parts={answer.tried} file={file} />
        </>
      );
    default:
      return '–';
  }
}

function Parts({ parts, file }: { parts: readonly Part[]; file: (id: string) => ComponentChildren }) {
  return (
    <>
      {parts.map((part, n) =>
        part.kind === 'text' ? (
          <LongText key={n} text={part.text} />
        ) : part.kind === 'file' ? (
          <span key={part.evidence}>{file(part.evidence)}</span>
        ) : (
          <span key={n} class="text">
            {part.latitude}, {part.longitude}
          </span>
        ),
      )}
    </>
  );
}

/** A name that stands beside the words, and that the server does not vouch for. */
const unproved = (t: T, by: string): string =>
  by === '' ? t('case.unproved_team') : t('case.unproved', { by });
