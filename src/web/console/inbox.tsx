/** What there is to do: alerts on top, then cases by level and time. Live. */

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { CaseToSee, InboxAlert, InboxCase, Inbox as InboxNow } from '../../contract/cases.ts';
import { searchable, soughtIn } from '../../kernel/fold.ts';
import { api } from './api.ts';
import { type CaseIndex, openAll } from './case-index.ts';
import { CaseList, CaseRow } from './case-list.tsx';
import { LineNotice } from './line-notice.tsx';
import type { Opener } from './opened-case.ts';
import { caseLink } from './place.ts';
import { Search } from './search.tsx';
import { useLive } from './use-live.ts';
import { sayAge, sayTime, useWords, whoHasIt } from './words.ts';

export function Inbox({
  opener,
  index,
  onIndex,
}: {
  opener: Opener;
  index: CaseIndex;
  onIndex: (index: CaseIndex) => void;
}) {
  const { t, language } = useWords();
  const [inbox, setInbox] = useState<InboxNow>();
  const [sought, setSought] = useState('');
  const look = useCallback(async () => {
    const answer = await api.inbox();
    if (answer.ok) setInbox(answer.value);
    return answer.ok;
  }, []);
  const line = useLive(look);
  useRinging(inbox?.alerts.filter(({ state }) => state === 'open').length ?? 0);

  const said = sought.trim();
  const isSought = soughtIn(said);
  const fits = ({ reference }: { reference: string }) =>
    isSought(searchable(`${reference} ${reference.replace('-', '')}`)) ||
    isSought(index.get(reference)?.text ?? '');
  const cases = withFound(inbox?.cases ?? [], index, said).filter(fits);
  const toHear = (inbox?.cases ?? []).filter(({ unheard }) => unheard > 0);
  return (
    <section class="inbox">
      <LineNotice line={line} />
      {inbox?.opened.map(({ who, count, at, isSearch }) => (
        <p key={at} class={isSearch ? 'soft' : 'problem'} role="status">
          {t(isSearch ? 'inbox.all_searched' : 'inbox.many_opened', { who, number: count })} ·{' '}
          {sayTime(at, language)}
        </p>
      ))}
      {inbox && inbox.drafts.length > 0 && (
        <p class="soft">{t('inbox.drafts', { languages: inbox.drafts.join(', ') })}</p>
      )}
      <h1>{t('inbox.alerts')}</h1>
      {inbox && inbox.alerts.length === 0 && <p class="soft">{t('inbox.no_alerts')}</p>}
      <ul class="rows" aria-live="polite">
        {inbox?.alerts.map((alert) => (
          <AlertRow key={alert.reference} alert={alert} />
        ))}
      </ul>
      {inbox && inbox.toSee.length > 0 && <h2>{t('rights.to_see')}</h2>}
      <ul class="rows">
        {inbox?.toSee.map((each) => (
          <ToSeeRow key={each.reference} each={each} />
        ))}
      </ul>
      {toHear.length > 0 && <h2>{t('inbox.to_hear')}</h2>}
      <ul class="rows">
        {toHear.map((each) => (
          <CaseRow key={each.reference} each={each} isSuspect={index.get(each.reference)?.isSuspect} />
        ))}
      </ul>
      <h2>{t('inbox.cases')}</h2>
      <Search label={t('inbox.search')} value={sought} onChange={setSought} />
      <OpenAll opener={opener} index={index} onIndex={onIndex} of={inbox?.total ?? 0} />
      <CaseList cases={cases} index={index} now={inbox?.now} />
    </section>
  );
}

/** The list has the first cases only; what is searched for may be among the others. */
function withFound(listed: readonly InboxCase[], index: CaseIndex, said: string): readonly InboxCase[] {
  if (said === '') return listed;
  const known = new Set(listed.map(({ reference }) => reference));
  return [...listed, ...[...index.values()].flatMap(({ row }) => (known.has(row.reference) ? [] : [row]))];
}

/** Opening everything takes a while: it is asked for, shows how far it is, and ends when the room is left. */
function OpenAll({
  opener,
  index,
  onIndex,
  of,
}: {
  opener: Opener;
  index: CaseIndex;
  onIndex: (index: CaseIndex) => void;
  of: number;
}) {
  const { t } = useWords();
  const [isBusy, setIsBusy] = useState(false);
  const [isDone, setIsDone] = useState(false);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const open = async () => {
    setIsBusy(true);
    stop.current = new AbortController();
    setIsDone((await openAll(opener, stop.current.signal, onIndex)) === 'done');
    setIsBusy(false);
  };
  if (of === 0) return null;
  // Cases that one is excluded from are not among them.
  const all = isDone ? index.size : of;
  return (
    <p class="open-all">
      {(isBusy || index.size > 0) && (
        <span role="status">
          {t('inbox.opened_some', { opened: index.size, of: all })}{' '}
          <progress max={all} value={index.size} aria-label={t('inbox.open_all')} />
        </span>
      )}
      {!isBusy && index.size < all && (
        <button type="button" onClick={() => void open()}>
          {t('inbox.open_all')}
        </button>
      )}
    </p>
  );
}

function AlertRow({ alert }: { alert: InboxAlert }) {
  const { t } = useWords();
  const inside = (
    <>
      <span class={`level ${alert.level}`}>
        {alert.isDrill ? t('shell.drill') : t.of('shell.levels', alert.level)}
      </span>
      <span class="reference">{alert.reference}</span>
      <span class="age">{sayAge(alert.raisedAt, t)}</span>
      <span class="who">{whoHasIt(t, alert)}</span>
    </>
  );
  return (
    <li class={`row alert ${alert.state}`}>
      {alert.isDrill ? (
        <span class="row-in">{inside}</span>
      ) : (
        <a class="row-in" href={caseLink(alert.reference)}>
          {inside}
        </a>
      )}
    </li>
  );
}

/** A case in which a person asked for something by right, or that is to be erased. */
function ToSeeRow({ each }: { each: CaseToSee }) {
  const { t, language } = useWords();
  const { erasing } = each;
  return (
    <li class="row">
      <a class="row-in" href={caseLink(each.reference)}>
        <span class={`level ${each.level}`}>{t.of('shell.levels', each.level) ?? each.level}</span>
        <span class="reference">{each.reference}</span>
        {each.tasks.map((kind) => (
          <span key={kind} class="who">
            {t(`rights.task_${kind}`)}
          </span>
        ))}
        {erasing && (
          <span class="who alarm">
            {erasing.dueAt
              ? t('rights.erase_on', { at: sayTime(erasing.dueAt, language) })
              : t('rights.erase_needs_second')}
          </span>
        )}
      </a>
    </li>
  );
}

/** A new alert sounds and shakes the phone: once each, not as long as it is open. */
function useRinging(open: number): void {
  const [before, setBefore] = useState(open);
  useEffect(() => {
    if (open > before) {
      navigator.vibrate?.([300, 150, 300]);
      sound();
    }
    setBefore(open);
  }, [open]);
}

/** Two tones. A page that nobody has touched yet may not sound: then it only shakes. */
function sound(): void {
  const out = new AudioContext();
  for (const [n, pitch] of [880, 660].entries()) {
    const tone = out.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(out.destination);
    tone.start(out.currentTime + n * 0.25);
    tone.stop(out.currentTime + n * 0.25 + 0.2);
  }
  setTimeout(() => void out.close(), 1_000);
}
