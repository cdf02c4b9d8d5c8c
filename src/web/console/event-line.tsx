/** What the service noted in the case itself: that the person asked again, came back elsewhere, that a level rose and why. */
import type { CaseWords } from '../../contract/cases.ts';
import { LongText } from './long-text.tsx';
import { plain } from './plain.ts';
import { sayTime, useWords } from './words.ts';

type Content = Record<string, unknown>;

export function EventLine({ at, content, names }: { at: string; content: Content; names: CaseWords }) {
  const { t, language } = useWords();
  const what = String(content.what ?? '');
  const said = [
    t.of('case.noted', what) ?? plain(what),
    ...(what === 'level'
      ? [t.of('shell.levels', String(content.level)) ?? plain(String(content.level))]
      : []),
    ...(what === 'status'
      ? [t.of('shell.statuses', String(content.status)) ?? plain(String(content.status))]
      : []),
    ...['channel', 'media', 'officer', 'because', 'reason'].flatMap((name) => {
      const value = content[name];
      if (typeof value !== 'string') return [];
      const known = [
        'case.media',
        'case.why_not_saved',
        'case.end_reasons',
        'rights.reasons',
        'rights.stopped',
      ] as const;
      const said = known.map((of) => t.of(of, value)).find((each) => each !== undefined);
      return [names.channels[value] ?? said ?? plain(value)];
    }),
  ];
  const message = (content.message as { content?: { text?: unknown } } | undefined)?.content?.text;
  return (
    <div class="event">
      <time dateTime={at}>{sayTime(at, language)}</time> {said.join(' · ')}
      {typeof message === 'string' && <LongText text={message} />}
      <Rules ids={content.rules} names={names} />
    </div>
  );
}

/** Triage rules that held, each with its "why". */
export function Rules({ ids, names }: { ids: unknown; names: CaseWords }) {
  if (!Array.isArray(ids) || ids.length === 0) return null;
  return (
    <ul class="rules">
      {ids.map((id) => (
        <li key={String(id)}>
          {plain(String(id))} · {names.rules[String(id)] ?? ''}
        </li>
      ))}
    </ul>
  );
}
