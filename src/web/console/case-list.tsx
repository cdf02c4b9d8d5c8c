/** The cases in lists that work: mine, unanswered, waiting, overdue, ended; narrowed by level, region and status. */
import { useEffect, useState } from 'preact/hooks';
import { isIn, isOverdue, LISTS, type List, type Narrowed, rowsOf } from '../../cases/lists.ts';
import type { InboxCase } from '../../contract/cases.ts';
import { CASE_STATUSES, hasEnded, LEVELS } from '../../kernel/vocabulary.ts';
import { api } from './api.ts';
import type { CaseIndex } from './case-index.ts';
import { caseLink } from './place.ts';
import { sayAge, sayTime, useWords, whoFollows } from './words.ts';

/** Cases shown at once; the rest when it is asked for: a phone must not choke on thousands of rows. */
const SHOWN = 100;

type Shown = Narrowed & { list: List };
/** Which list was open: it is again, when one comes back from a case. Nothing of a case is in it. */
let last: Shown = { list: 'all', level: '', region: '', status: '' };

export function CaseList({
  cases,
  index,
  now: at,
}: {
  cases: readonly InboxCase[];
  index: CaseIndex;
  /** Undefined: nothing was read yet. */
  now: string | undefined;
}) {
  const { t, language } = useWords();
  const [shown, setShown] = useState(last);
  const [regions, setRegions] = useState<Record<string, string>>({});
  const change = (set: Partial<Shown>) => {
    last = { ...shown, ...set };
    setShown(last);
  };
  useEffect(() => {
    void api.words(language).then((answer) => answer.ok && setRegions(namesOf(answer.value.lists)));
  }, [language]);
  const now = at ? new Date(at) : new Date();
  const { list } = shown;
  const rows = rowsOf(cases, list, shown, now);
  const there = [...new Set(cases.flatMap(({ region }) => region ?? []))].sort();
  return (
    <>
      <fieldset class="lists">
        <legend class="unseen">{t('inbox.lists.label')}</legend>
        {LISTS.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === list}
            onClick={() => change({ list: each })}
          >
            {t(`inbox.lists.${each}`)}{' '}
            <span class="count">{cases.filter((row) => isIn(each, row, now)).length}</span>
          </button>
        ))}
      </fieldset>
      <div class="narrow">
        <Narrow
          label={t('inbox.filter_level')}
          value={shown.level}
          choices={LEVELS.map((each) => [each, t(`shell.levels.${each}`)])}
          onChange={(level) => change({ level })}
        />
        <Narrow
          label={t('inbox.filter_status')}
          value={shown.status}
          choices={CASE_STATUSES.map((each) => [each, t(`shell.statuses.${each}`)])}
          onChange={(status) => change({ status })}
        />
        {there.length > 0 && (
          <Narrow
            label={t('inbox.filter_region')}
            value={shown.region}
            choices={there.map((each) => [each, regions[each] ?? each])}
            onChange={(region) => change({ region })}
          />
        )}
      </div>
      {at !== undefined && rows.length === 0 && (
        <p class="soft">{t(isNarrowed(shown) ? 'inbox.none_so' : `inbox.none.${list}`)}</p>
      )}
      <ul class="rows">
        {rows.slice(0, SHOWN).map((each) => (
          <CaseRow
            key={each.reference}
            each={each}
            isLate={isOverdue(each, now)}
            region={each.region && (regions[each.region] ?? each.region)}
            isSuspect={index.get(each.reference)?.isSuspect}
          />
        ))}
      </ul>
      {rows.length > SHOWN && <p class="soft">… {rows.length - SHOWN}</p>}
    </>
  );
}

const isNarrowed = ({ level, region, status }: Narrowed): boolean => level + region + status !== '';

/** Zones and regions by their codes: a case has the one or the other. */
const namesOf = (lists: Record<string, Record<string, string>>): Record<string, string> => ({
  ...lists.zones,
  ...lists.regions,
});

function Narrow({
  label,
  value,
  choices,
  onChange,
}: {
  label: string;
  value: string;
  choices: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}) {
  return (
    <label class="search">
      <span class="unseen">{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{label}</option>
        {choices.map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** `isSuspect`: it was opened, and something in it does not fit. */
export function CaseRow({
  each,
  isSuspect = false,
  isLate = false,
  region = null,
}: {
  each: InboxCase;
  isSuspect?: boolean | undefined;
  isLate?: boolean;
  region?: string | null;
}) {
  const { t, language } = useWords();
  const isClosed = hasEnded(each.status);
  const status = t.of('shell.statuses', each.status) ?? each.status;
  return (
    <li class={isClosed ? 'row closed' : 'row'}>
      <a class="row-in" href={caseLink(each.reference)}>
        <span class={`level ${each.level}`}>{t.of('shell.levels', each.level) ?? each.level}</span>
        <span class="reference">{each.reference}</span>
        <span class="age">{sayTime(each.updatedAt, language)}</span>
        {isSuspect && <span class="who alarm">{t('inbox.suspect')}</span>}
        {each.unheard > 0 && <span class="who">{t('inbox.unheard', { count: each.unheard })}</span>}
        <span class={isLate ? 'who alarm' : 'who'}>
          {isClosed ? status : t('inbox.status_for', { status, age: sayAge(each.since, t) })}
          {isLate && ` · ${t('inbox.late')}`}
          {region && ` · ${region}`}
        </span>
        {!isClosed && (
          <span class="who">
            {whoFollows(t, each)}
            {each.answersFor !== null &&
              ` · ${each.isOwn ? t('inbox.own') : t('inbox.answers_for', { name: each.answersFor })}`}
          </span>
        )}
      </a>
    </li>
  );
}
