/**
 * A case on paper: laid out for the browser's own printing, with parts left out as solid boxes, and the proof on the last page.
 *
 * Invariants: what is left out is not in the page at all, so that no reader of a PDF finds it under its box; how the person
 * can be reached and what the team wrote for itself are left out unless a member shows them; what the service did not write is
 * not printed; printing begins only once it is noted.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CaseWords } from '../../contract/cases.ts';
import { api } from './api.ts';
import './dossier.css';
import { EventLine } from './event-line.tsx';
import { SAFE_CONTACT } from './in-short.tsx';
import { entriesOf, joinedAccounts, timeOf } from './one-account.ts';
import { aboutFile, goodItems, type OpenedCase, type Opener, openCase, writerOf } from './opened-case.ts';
import type { OpenedItem } from './opened-item.ts';
import { caseLink } from './place.ts';
import { plain } from './plain.ts';
import { proofOf } from './proof-of.ts';
import { EntryText, Said } from './said.tsx';
import { sayTime, type T, useWords } from './words.ts';

type Row = {
  key: string;
  at: string;
  label: string;
  isLeftOut: boolean;
  /** What stands in it, to look for words. */
  text: string;
  body: ComponentChildren;
};

export function Dossier({ opener, reference }: { opener: Opener; reference: string }) {
  const { t, language } = useWords();
  const [opened, setOpened] = useState<OpenedCase | 'lost'>();
  const [names, setNames] = useState<CaseWords>();
  useEffect(() => {
    let isGone = false;
    const look = async (): Promise<OpenedCase | 'lost'> => {
      const answer = await api.case(reference);
      return answer.ok ? openCase(answer.value, opener) : 'lost';
    };
    void look()
      .catch(() => 'lost' as const)
      .then((found) => isGone || setOpened(found));
    return () => {
      isGone = true;
    };
  }, [reference, opener]);
  useEffect(() => {
    void api.words(language).then((answer) => answer.ok && setNames(answer.value));
  }, [language]);
  if (opened === 'lost')
    return (
      <p class="problem" role="alert">
        {t('case.cannot_open')}
      </p>
    );
  if (!opened || !names) return <p class="notice">{t('shell.opening')}</p>;
  return <Paper opened={opened} names={names} />;
}

function Paper({ opened, names }: { opened: OpenedCase; names: CaseWords }) {
  const { t, language } = useWords();
  const file = (id: string) => <FileLine opened={opened} id={id} />;
  const rows = joinedAccounts(goodItems(opened)).flatMap((item) => rowsOf(t, item, { opened, names, file }));
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState(false);
  const [words, setWords] = useState('');
  const wanted = words
    .split(',')
    .map(comparable)
    .filter((each) => each.length > 1);
  const isOut = ({ key, isLeftOut, text }: Row): boolean =>
    isLeftOut !== changed.has(key) || wanted.some((each) => text.includes(each));
  const change = (key: string) =>
    setChanged((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  const print = async () => {
    const noted = await api.printed(opened.reference);
    setProblem(!noted.ok);
    if (noted.ok) window.print();
  };
  const level = t.of('shell.levels', opened.level) ?? opened.level;
  return (
    <article class="dossier">
      <a class="back no-print" href={caseLink(opened.reference)}>
        ← {t('shell.back')}
      </a>
      <header>
        <h1>{t('dossier.title', { reference: opened.reference })}</h1>
        <p>{t('dossier.house')}</p>
        <p class="soft">
          {level} · {t('dossier.opened', { at: exactly(opened.openedAt, language) })} ·{' '}
          {t('dossier.made', { at: exactly(new Date().toISOString(), language) })}
        </p>
      </header>
      <div class="no-print">
        <p>{t('dossier.hint')}</p>
        <label>
          {t('dossier.words')}
          <input value={words} onInput={({ currentTarget }) => setWords(currentTarget.value)} />
        </label>
        <button type="button" class="main" onClick={() => void print()}>
          {t('dossier.print')}
        </button>
        <p class="soft">{t('dossier.noted')}</p>
        {problem && (
          <p class="problem" role="alert">
            {t('dossier.not_noted')}
          </p>
        )}
      </div>
      <section aria-label={t('case.report')}>
        <h2>{t('case.report')}</h2>
        <div>
          {rows.map((row) => (
            <div key={row.key} class="dossier-row">
              <div>
                <p class="soft">
                  {sayTime(row.at, language)} · {row.label}
                </p>
                <div class="dossier-said">{isOut(row) ? <span class="left-out" /> : row.body}</div>
              </div>
              <button type="button" aria-pressed={isOut(row)} onClick={() => change(row.key)}>
                {isOut(row) ? t('dossier.show') : t('dossier.hide')}
              </button>
            </div>
          ))}
        </div>
      </section>
      <Proof opened={opened} leftOut={rows.filter(isOut).length} />
    </article>
  );
}

type Showing = { opened: OpenedCase; names: CaseWords; file: (id: string) => ComponentChildren };

/** One for each answer; one for all else that lies in the case. */
function rowsOf(t: T, item: OpenedItem, { opened, names, file }: Showing): Row[] {
  const { type, content, place } = item;
  if (type === 'evidence' || (type === 'event' && content.what === 'written')) return [];
  const entries = entriesOf(item);
  const kind = t.of('dossier.types', type) ?? plain(type);
  if (entries.length === 0) {
    const writer = writerOf(opened.items, place);
    const body =
      type === 'event' ? (
        <EventLine at={timeOf(item)} content={content} names={names} />
      ) : (
        <Said item={item} writer={writer} names={names} file={file} />
      );
    const at = writer?.at ?? timeOf(item);
    return [{ key: `${place}`, at, label: kind, isLeftOut: type === 'note', text: textOf(content), body }];
  }
  return entries.flatMap((entry, n) =>
    entry.answer.kind === 'skipped' || entry.answer.kind === 'seen'
      ? []
      : [
          {
            key: `${place}/${n}`,
            at: timeOf(item),
            label: names.steps[entry.step]?.question ?? t.of('case.steps', entry.step) ?? plain(entry.step),
            isLeftOut: SAFE_CONTACT.includes(entry.step),
            text: textOf(entry),
            body: <EntryText entry={entry} names={names} file={file} />,
          },
        ],
  );
}

/** Every word in it, in one form. */
const textOf = (content: unknown): string =>
  typeof content === 'object' && content !== null
    ? Object.values(content).map(textOf).join(' ')
    : comparable(String(content ?? ''));

const comparable = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();

/** A file does not stand on paper; its hashes do. */
function FileLine({ opened, id }: { opened: OpenedCase; id: string }) {
  const { t } = useWords();
  const file = opened.files.find((each) => each.id === id);
  const content = aboutFile(opened, id)?.content;
  const hash = content?.plainSha256 ?? content?.sha256;
  return (
    <span class="file">
      {t.of('case.media', file?.media ?? '') ?? ''} {id.slice(0, 4)}
      {hash !== undefined && (
        <>
          {' '}
          {t('dossier.hash')} <code>{plain(String(hash))}</code>
        </>
      )}
    </span>
  );
}

function Proof({ opened, leftOut }: { opened: OpenedCase; leftOut: number }) {
  const { t, language } = useWords();
  const { isWhole, troubles, before, foreign } = proofOf(opened);
  return (
    <section class="proof" aria-label={t('dossier.proof')}>
      <h2>{t('dossier.proof')}</h2>
      <p>{t('dossier.left_out', { count: leftOut })}</p>
      {isWhole && <p>{t('dossier.proof_good')}</p>}
      {troubles.map((trouble) => (
        <p key={trouble}>{t(`case.trust.troubles.${trouble}`)}</p>
      ))}
      {foreign > 0 && <p>{t('dossier.proof_bad', { count: foreign })}</p>}
      {before > 0 && <p>{t('dossier.before', { count: before })}</p>}
      <p>
        {t('dossier.length', { count: opened.length })} · {t('dossier.end')}{' '}
        <code>{opened.chainHead ?? '–'}</code>
      </p>
      <ol>
        {goodItems(opened).map(({ place, type, at, link }) => (
          <li key={place}>
            {place} · {t.of('dossier.types', type) ?? plain(type)} · {exactly(at, language)} ·{' '}
            <code>{link}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}

const exactly = (at: string, language: string): string =>
  new Date(at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' });
