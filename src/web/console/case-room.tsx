/** One case: what is known, who has it, and talking to the person. */
import { type ComponentChildren, Fragment } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { AlertOfCase, CaseWords } from '../../contract/cases.ts';
import type { Me } from '../../contract/signing-in.ts';
import { OUTCOMES, type Outcome } from '../../kernel/vocabulary.ts';
import { api } from './api.ts';
import { AskWhich } from './asking.tsx';
import { CaseFile } from './case-file.tsx';
import { EraseBox } from './erase-box.tsx';
import { Rules } from './event-line.tsx';
import { HandOver } from './hand-over.tsx';
import { HoldBox } from './hold-box.tsx';
import { FIRST, InShort, SAFE_CONTACT } from './in-short.tsx';
import { LevelBox } from './level-box.tsx';
import { LineNotice } from './line-notice.tsx';
import { NoteBox } from './note-box.tsx';
import { joinedAccounts } from './one-account.ts';
import { goodItems, type OpenedCase, type Opener, openCase, writerOf } from './opened-case.ts';
import type { OpenedItem } from './opened-item.ts';
import { Phones } from './phones.tsx';
import { dossierLink } from './place.ts';
import { Problem } from './problem.tsx';
import { ReplyBox } from './reply-box.tsx';
import { Said } from './said.tsx';
import { StatusBox } from './status-box.tsx';
import { Tasks } from './tasks.tsx';
import { findingOf, Moment, Origins, Troubles } from './trust.tsx';
import { useLive } from './use-live.ts';
import { Whole } from './whole.tsx';
import { whyRefused } from './why-refused.ts';
import { sayAge, sayTime, useWords, whoFollows, whoHasIt } from './words.ts';

const NO_WORDS: CaseWords = {
  steps: {},
  lists: {},
  rules: {},
  phrases: {},
  advice: {},
  whySilent: {},
  hours: {},
  telling: [],
  channels: {},
};

type State =
  | { is: 'opening' }
  | { is: 'refused'; why: string }
  /** `of`: how many items there are, while they are being opened. */
  | { is: 'open'; opened: OpenedCase; of?: number };

export function CaseRoom({ me, opener, reference }: { me: Me; opener: Opener; reference: string }) {
  const { t, language } = useWords();
  const [state, setState] = useState<State>({ is: 'opening' });
  const [confirmed, setConfirmed] = useState('');
  const [names, setNames] = useState<CaseWords>(NO_WORDS);
  const known = useRef<OpenedCase | undefined>(undefined);
  const looks = useRef({ begun: 0, shown: 0 });
  const again = useRef<() => Promise<unknown>>(async () => undefined);
  const look = useCallback(async (): Promise<OpenedCase | undefined> => {
    looks.current.begun += 1;
    const mine = looks.current.begun;
    // Of two looks at a time the one that began first may end last: what is older than what is shown is not shown.
    const show = (next: State | ((before: State) => State)) => {
      if (mine < looks.current.shown) return;
      looks.current.shown = mine;
      setState(next);
    };
    const answer = await api.case(reference);
    if (!answer.ok) {
      const why = answer.why === 'no_such' ? t('case.no_such') : t('shell.lost');
      // What is open stays open while the network is away.
      show((before) => (before.is === 'open' ? before : { is: 'refused', why }));
      return undefined;
    }
    try {
      const of = answer.value.items.length;
      const onPart = (opened: OpenedCase) => show({ is: 'open', opened, of });
      const opened = await openCase(answer.value, opener, { known: known.current, onPart });
      if (opened.items.length >= (known.current?.items.length ?? 0)) known.current = opened;
      // What was asked for before the keys were there may be older than what another page has seen since.
      if (opened.troubles.length > 0 && mine === 1) void again.current();
      show({ is: 'open', opened });
      return opened;
    } catch {
      // What is open stays open.
      show((before) => (before.is === 'open' ? before : { is: 'refused', why: t('case.cannot_open') }));
      return undefined;
    }
  }, [reference, opener, t]);
  again.current = look;
  const line = useLive(useCallback(async () => (await look()) !== undefined, [look]));
  useEffect(() => {
    void api.words(language).then((answer) => answer.ok && setNames(answer.value));
  }, [language]);

  if (state.is === 'opening') return <p class="notice">{t('shell.opening')}</p>;
  if (state.is === 'refused')
    return (
      <p class="problem" role="alert">
        {state.why}
      </p>
    );
  const { opened } = state;
  const { alert } = opened;
  // What the service did not write is nobody's word.
  const items = goodItems(opened);
  const finding = findingOf(opened);
  const mayAct = finding === '' || finding === confirmed;
  const file = (id: string) => <CaseFile opened={opened} id={id} channels={names.channels} />;
  return (
    <article class="case" aria-busy={state.of !== undefined}>
      <LineNotice line={line} />
      <header class="case-head">
        <a class="back" href="#/">
          ← {t('shell.back')}
        </a>
        <h1>
          <span class={`level ${opened.level}`}>{t.of('shell.levels', opened.level) ?? opened.level}</span>{' '}
          {opened.reference}
        </h1>
        <p class="soft">
          {sayAge(opened.openedAt, t)} · {sayTime(opened.openedAt, language)} ·{' '}
          {names.channels[opened.channel] ?? opened.channel}
        </p>
        <Decisions
          alert={alert}
          reference={reference}
          me={me}
          mayAct={mayAct}
          channels={names.channels}
          onDone={() => void look()}
        />
      </header>
      <div class="case-more">
        {mayAct && <StatusBox me={me} opened={opened} onDone={() => void look()} />}
        {mayAct && <LevelBox key={opened.level} opened={opened} look={look} />}
        <HoldBox opened={opened} onDone={() => void look()} />
        <EraseBox opened={opened} onDone={() => void look()} />
      </div>
      <Troubles opened={opened} isConfirmed={mayAct} onConfirm={() => setConfirmed(finding)} />
      <Origins opened={opened} />
      <Tasks opened={opened} onDone={() => void look()} />
      <section aria-label={t('case.in_short')} class="safety">
        <h2>{t('case.in_short')}</h2>
        <Whole>
          <InShort steps={FIRST} items={items} names={names} file={file} />
        </Whole>
      </section>
      <Fired items={items} names={names} />
      <Safety alert={alert} names={names}>
        <Whole>
          <InShort steps={SAFE_CONTACT} items={items} names={names} file={file} />
        </Whole>
      </Safety>
      <section aria-label={t('case.report')}>
        <h2>{t('case.report')}</h2>
        {state.of !== undefined && (
          <p class="notice" role="status">
            {t('shell.opening')} {opened.items.length} / {state.of}
          </p>
        )}
        {opened.items.length === 0 && <p class="soft">{t('case.no_items')}</p>}
        {joinedAccounts(opened.items)
          .filter(isShown)
          .map((item) => (
            <Moment key={item.place} item={item}>
              <Whole>
                <Said item={item} writer={writerOf(opened.items, item.place)} names={names} file={file} />
              </Whole>
              <Fate opened={opened} place={item.place} />
            </Moment>
          ))}
        <LooseFiles opened={opened} file={file} />
      </section>
      {mayAct && <ReplyBox opened={opened} alert={alert} me={me} names={names} onSent={() => void look()} />}
      {mayAct && <NoteBox opened={opened} look={look} />}
      <Timeline alert={alert} />
      <a href={dossierLink(opened.reference)}>{t('case.dossier')}</a>
    </article>
  );
}

/** The writer is named beside each entry. */
const isShown = ({ type, content }: OpenedItem): boolean => !(type === 'event' && content.what === 'written');

/** Why it has its level: the rules that held when they were last looked at. */
function Fired({ items, names }: { items: readonly OpenedItem[]; names: CaseWords }) {
  const { t } = useWords();
  const ids = items.findLast(({ content }) => Array.isArray(content.rules))?.content.rules;
  if (!Array.isArray(ids) || ids.length === 0) return null;
  return (
    <details class="fired">
      <summary>{t('case.fired', { count: ids.length })}</summary>
      <Whole>
        <Rules ids={ids} names={names} />
      </Whole>
    </details>
  );
}

function Safety({
  alert,
  names,
  children,
}: {
  alert: AlertOfCase;
  names: CaseWords;
  children: ComponentChildren;
}) {
  const { t, language } = useWords();
  const unsaid = alert.isSafetyUnclear ? t('case.safe_unclear') : t('case.safe_unsaid');
  const hours = alert.hours?.map((each) => names.hours[each] ?? each).join(', ');
  const atHours = alert.opensAt
    ? t('case.safe_hours', { hours: hours ?? '', at: sayTime(alert.opensAt, language) })
    : t('case.safe_hours_now', { hours: hours ?? '' });
  const yes = hours ? atHours : alert.isSafetySaid ? t('case.safe_yes') : unsaid;
  const why = names.whySilent[alert.whySilent ?? ''] ?? '';
  const no = alert.isUndecided ? t('case.phones_undecided') : t('case.safe_no', { why });
  const said = alert.mayWrite === null ? t('case.safe_unknown') : alert.mayWrite ? yes : no;
  return (
    <section class={alert.mayWrite ? 'safety' : 'safety unsafe'}>
      <h2>{t('case.safe_title')}</h2>
      <p>{said}</p>
      {children}
    </section>
  );
}

function Decisions({
  alert,
  reference,
  me,
  mayAct,
  channels,
  onDone,
}: {
  alert: AlertOfCase;
  reference: string;
  me: Me;
  /** Taking a case and giving it back need no faith in what stands in it; the rest does. */
  mayAct: boolean;
  channels: CaseWords['channels'];
  onDone: () => void;
}) {
  const { t, language } = useWords();
  const [problem, setProblem] = useState<string>();
  const decide = async (body: Parameters<typeof api.decide>[1]) => {
    const answer = await api.decide(reference, body);
    setProblem(answer.ok ? undefined : whyRefused(t, language, answer));
    onDone();
  };
  const close = (outcome: Outcome) => decide({ do: 'close', outcome });
  const outcomes = OUTCOMES.map((value) => ({ value, label: t.of('case.outcomes', value) ?? value }));
  const who = alert.isQuiet ? whoFollows(t, alert) : whoHasIt(t, alert);
  return (
    <div class="decisions">
      <Phones alert={alert} reference={reference} channels={channels} onDone={onDone} />
      <p class="who" role="status">
        {alert.state === 'closed'
          ? `${t('shell.closed')} · ${t.of('case.ended', alert.outcome ?? '') ?? ''}`
          : who}
      </p>
      {alert.isOfferedToMe && alert.takenBy !== null && (
        <p class="who" role="status">
          {t('case.offered_to_you', { name: alert.takenBy })}
        </p>
      )}
      {me.isPaged && (alert.state === 'open' || alert.isOfferedToMe) && (
        <>
          <button type="button" class="main" onClick={() => void decide({ do: 'take' })}>
            {t('case.take')}
          </button>
          {(!alert.isQuiet || alert.isOfferedToMe) && (
            <button type="button" onClick={() => void decide({ do: 'cannot' })}>
              {t('case.cannot')}
            </button>
          )}
        </>
      )}
      {me.isPaged && alert.state === 'closed' && (
        <button type="button" onClick={() => void decide({ do: 'take_again' })}>
          {t('case.take_again')}
        </button>
      )}
      {alert.isAskedAgain && (
        <>
          <p class="who" role="status">
            {t('case.asked_again')}
          </p>
          <button type="button" class="main" onClick={() => void decide({ do: 'seen' })}>
            {t('case.seen')}
          </button>
        </>
      )}
      {alert.isMine && alert.state === 'taken' && (
        <>
          <button type="button" onClick={() => void decide({ do: 'release' })}>
            {t('case.release')}
          </button>
          {mayAct && <HandOver reference={reference} onDone={onDone} />}
          {mayAct && (
            <AskWhich
              label={t('case.close')}
              choices={outcomes}
              onChoose={(value) => void close(value as Outcome)}
            />
          )}
        </>
      )}
      <Problem text={problem} />
    </div>
  );
}

function Fate({ opened, place }: { opened: OpenedCase; place: number }) {
  const { t, language } = useWords();
  const reply = opened.replies.find((each) => each.place === place);
  if (!reply) return null;
  return (
    <p class="fate">
      {t.of('case.fates', reply.state) ?? reply.state}
      {reply.at && ` · ${sayTime(reply.at, language)}`}
      {reply.failure && ` (${t.of('case.failures', reply.failure) ?? reply.failure})`}
    </p>
  );
}

/** Files that no answer names. */
function LooseFiles({ opened, file }: { opened: OpenedCase; file: (id: string) => ComponentChildren }) {
  const { t } = useWords();
  const named = JSON.stringify(goodItems(opened).filter(({ type }) => type !== 'evidence'));
  const loose = opened.files.filter(({ id }) => !named.includes(id));
  if (loose.length === 0) return null;
  return (
    <>
      <h3>{t('case.files')}</h3>
      {loose.map(({ id }) => (
        <Fragment key={id}>{file(id)}</Fragment>
      ))}
    </>
  );
}

function Timeline({ alert }: { alert: AlertOfCase }) {
  const { t, language } = useWords();
  return (
    <section>
      <h2>{t('case.timeline')}</h2>
      <ol class="timeline">
        {alert.log.map(({ at, what, who }, n) => (
          <li key={n}>
            <time dateTime={at}>{sayTime(at, language)}</time> {who && `${who} – `}
            {t.of('case.events', what) ?? what}
          </li>
        ))}
      </ol>
    </section>
  );
}
