/** Texts as those who work on them read them: the languages, a list, and one with what happened to it. */

import type { OneTextShown, TextLanguages, TextList, TextProblem } from '../../contract/texts.ts';
import { type Problem, problemLine } from '../../conversation/checks/problem.ts';
import { codeOf } from '../../conversation/checks/problem-codes.ts';
import { type Fact, isChecked } from '../../conversation/flows/facts.ts';
import { gained } from '../../conversation/said/gained.ts';
import { type TextValue, textAt } from '../../conversation/said/own-texts.ts';
import { isOfSafety } from '../../conversation/said/safety-keys.ts';
import { isReviewed } from '../../conversation/words/texts.ts';
import type { MemberRow } from '../../db/members.ts';
import { searchable, soughtIn } from '../../kernel/fold.ts';
import { TEXT_CHANGES, type TextFilter } from '../../kernel/vocabulary.ts';
import { versionOf } from '../changes/rows.ts';
import { isRead, nameOf, type TextState } from '../changes/states.ts';
import type { TextName } from '../changes/what-holds.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { stateOf } from './appending.ts';
import { benchOf } from './bench.ts';
import { fileOf, keysToWorkOn, modelOf, textsToWorkOn } from './keys.ts';
import { type VoiceState, voiceStates } from './recorded-reading.ts';
import { SAMPLES } from './samples.ts';
import { isEnded, mayRefuse, whyNotSecond } from './second-yes.ts';
import { untoldNow } from './telling.ts';
import { saidBy } from './who-said.ts';

type Needs = Pick<Context, 'content'>;
const PAGE = 60;
/** So much of what happened to a text is shown, the newest first. */
const HISTORY = 300;

type Row = TextList['rows'][number];

/** Every text of a language, as a row. */
function rowsOf(
  ctx: Needs,
  language: string,
  now: Date,
  voices: ReadonlyMap<string, VoiceState> = new Map(),
): Row[] {
  const { content } = ctx;
  const { states } = benchOf(ctx);
  const { defaultLanguage } = content.texts;
  const files = content.now();
  const own = textsToWorkOn(files, language);
  const model = textsToWorkOn(files, defaultLanguage);
  return [...keysToWorkOn(files, language, defaultLanguage)].map(([key, kind]) => {
    const state = states.get(nameOf({ language, key }));
    const text = own.get(key);
    return {
      key,
      text: text ?? null,
      model: modelOf(model, key) ?? null,
      isList: kind === 'list',
      comments: state?.changes.filter(({ is }) => is === 'comment').length ?? 0,
      voice: voices.get(key) ?? null,
      ...flagsOf(ctx, key, text, state, now),
    };
  });
}

function flagsOf(
  ctx: Needs,
  key: string,
  text: TextValue | undefined,
  state: TextState | undefined,
  now: Date,
) {
  const fact = factOf(ctx, key);
  return {
    isSafety: isOfSafety(key),
    isChanged: state?.said !== undefined && state.said.text !== null,
    isProposed: state?.proposed !== undefined && !isEnded(state.proposed, now),
    isRead: state !== undefined && isRead(state, text),
    isUnchecked: fact !== undefined && !isChecked(fact, typeof text === 'string' ? text : undefined),
  };
}

/** What is known of a sentence about laws or institutions. */
const factOf = ({ content }: Needs, key: string): Fact | undefined =>
  fileOf(key) === 'facts' ? content.flows.knowledge.facts[key.slice('facts.'.length)] : undefined;

function shownFact(
  { content }: Needs,
  fact: Fact | undefined,
  text: TextValue | undefined,
): OneTextShown['fact'] {
  if (!fact) return null;
  const { sources } = content.flows.knowledge;
  return {
    checkedOn: fact.checked_on ?? null,
    isChecked: isChecked(fact, typeof text === 'string' ? text : undefined),
    checkedBy: fact.checked_by ?? null,
    sources: fact.sources.flatMap((name) => {
      const found = sources[name];
      return found ? [{ title: found.title, date: found.date ?? null, address: found.address }] : [];
    }),
  };
}

export function languagesToWorkOn(ctx: Needs, now: Date): TextLanguages {
  const { content } = ctx;
  const { faults, unfit, isSetBack, states } = benchOf(ctx);
  const files = content.now();
  return {
    languages: Object.keys(files).map((code) => ({
      code,
      name: String(textAt(files, code, 'language.name') ?? code),
      isSigned: isReviewed(files, code),
      files: countByFile(rowsOf(ctx, code, now)),
    })),
    defaultLanguage: content.texts.defaultLanguage,
    faults: faults.map(({ seq, why, of }) => ({ seq, why, of: of ? [...of] : null })),
    unfit: [...unfit],
    isSetBack,
    untold: untoldNow(states, now),
  };
}

function countByFile(rows: readonly Row[]): TextLanguages['languages'][number]['files'] {
  const counts = new Map<string, { file: string; keys: number; missing: number; read: number }>();
  for (const { key, text, isRead: read } of rows) {
    const file = fileOf(key);
    const count = counts.get(file) ?? { file, keys: 0, missing: 0, read: 0 };
    count.keys += 1;
    if (text === null) count.missing += 1;
    if (read) count.read += 1;
    counts.set(file, count);
  }
  return [...counts.values()];
}

type Asked = {
  language: string;
  file: string;
  only: TextFilter;
  sought: string;
  after: string;
};

export function listTexts(
  { ctx, now }: { ctx: Needs & Pick<Context, 'voices' | 'keyring'>; now: Date },
  { language, file, only, sought, after }: Asked,
): TextList {
  if (!(language in ctx.content.now())) return { rows: [], total: 0, next: null };
  const isSigned = isReviewed(ctx.content.now(), language);
  const isSought = soughtIn(sought);
  const voices = voiceStates(ctx, language, now);
  const fits = rowsOf(ctx, language, now, voices).filter(
    (row) =>
      (file === '' || fileOf(row.key) === file) &&
      isOf(only, row, isSigned) &&
      isSought(searchable([row.key, row.text ?? '', row.model ?? ''].flat().join(' '))),
  );
  const from = after === '' ? 0 : fits.findIndex(({ key }) => key === after) + 1;
  const rows = fits.slice(from, from + PAGE);
  return { rows, total: fits.length, next: from + PAGE < fits.length ? (rows.at(-1)?.key ?? null) : null };
}

function isOf(only: Asked['only'], row: Row, isSigned: boolean): boolean {
  switch (only) {
    case 'all':
      return true;
    case 'missing':
      return row.text === null;
    case 'draft':
      return row.text !== null && (!isSigned || row.isChanged) && !row.isRead;
    case 'unread':
      return row.text !== null && !row.isRead;
    case 'changed':
      return row.isChanged;
    case 'proposed':
      return row.isProposed;
    case 'safety':
      return row.isSafety;
    case 'commented':
      return row.comments > 0;
    case 'unchecked':
      return row.isUnchecked;
    case 'to_record':
      return row.voice !== null && row.voice.is === 'none' && !row.voice.isWaiting;
    case 'stale_voice':
      return row.voice?.is === 'stale';
    case 'voice_waits':
      return row.voice?.isWaiting === true;
  }
}

/** Undefined: there is no such text. */
export async function showText(
  at: Moment<Pick<Context, 'content' | 'keyring'>>,
  member: MemberRow,
  { language, key }: TextName,
): Promise<OneTextShown | undefined> {
  const { ctx, now } = at;
  const { content } = ctx;
  const files = content.now();
  const { defaultLanguage } = content.texts;
  const kind = language in files ? keysToWorkOn(files, language, defaultLanguage).get(key) : undefined;
  if (!kind) return undefined;
  const nameOfMember = await saidBy(at, member);
  const said = ({ by, at: when }: { by: string | null; at: Date }) => ({
    by: nameOfMember(by),
    at: when.toISOString(),
  });
  const state = stateOf(ctx, { language, key });
  const text = textAt(files, language, key);
  const model = modelOf(textsToWorkOn(files, defaultLanguage), key);
  const ofFiles = textAt(content.ofFiles, language, key);
  const proposed = state?.proposed && !isEnded(state.proposed, now) ? state.proposed : undefined;
  const whyNot = proposed ? await whyNotSecond(at, proposed, member) : undefined;
  return {
    language,
    key,
    text: text ?? null,
    version: versionOf(text),
    model: model ?? null,
    ofFiles: ofFiles ?? null,
    placeholders: placeholdersIn(text, model),
    isList: kind === 'list',
    ...flagsOf(ctx, key, text, state, now),
    fact: shownFact(ctx, factOf(ctx, key), text),
    isDistrusted: state?.isDistrusted ?? false,
    read: state?.read ? { ...said(state.read), isThis: isRead(state, text) } : null,
    proposed: proposed
      ? {
          ...said(proposed),
          seq: proposed.seq,
          text: proposed.text,
          gains: gained(ctx.content.texts.reading.dictated, text, proposed.text ?? ofFiles),
          isMine: proposed.by === member.id,
          mayAgree: whyNot === undefined,
          whyNot: whyNot ?? null,
          mayRefuse: mayRefuse(member, proposed),
        }
      : null,
    history: (state?.changes ?? [])
      .slice(-HISTORY)
      .toReversed()
      .flatMap((change) => {
        // What happened to its recording is shown with that.
        const is = TEXT_CHANGES.find((each) => each === change.is);
        const { seq, text: then = null, words = null } = change;
        return is ? [{ ...said(change), seq, is, text: then, words }] : [];
      }),
  };
}

function placeholdersIn(...texts: readonly (TextValue | undefined)[]): OneTextShown['placeholders'] {
  const found = texts.flatMap((text) =>
    [
      ...[text ?? '']
        .flat()
        .join(' ')
        .matchAll(/\{\{\s*([^{}\s]+)\s*\}\}/g),
    ].map(([, name = '']) => name),
  );
  return [...new Set(found)].map((name) => ({ name, sample: SAMPLES[name] ?? `…${name}…` }));
}

/** What the check says, for who reads it in another language than the operator's. */
export const saidOf = (problem: Problem): TextProblem => {
  const { code = null, params = {} } = codeOf(problem) ?? {};
  return { file: problem.file, key: problem.key, line: problemLine(problem), code, params };
};
