/**
 * How a text looks on a phone before it counts: made by the same code that makes messages, with samples for what is filled in.
 *
 * Invariant: nothing is kept, and nobody's conversation is looked at.
 */
import type { TextPreview } from '../../contract/texts.ts';
import { promptOf } from '../../conversation/asking/prompt.ts';
import { type RenderedMessage, type Room, renderSay } from '../../conversation/asking/render.ts';
import type { View } from '../../conversation/asking/turn.ts';
import type { PlacedStep } from '../../conversation/flows/compile.ts';
import { type TextValue, textAt } from '../../conversation/said/own-texts.ts';
import type { Say } from '../../conversation/values/effect.ts';
import { conversationStateSchema } from '../../conversation/values/state.ts';
import { filled } from '../../conversation/words/filled.ts';
import type { Texts } from '../../conversation/words/texts.ts';
import type { TextName } from '../changes/what-holds.ts';
import type { Context } from '../ground/context.ts';
import { newProblems, ofFilesAt, whySecond } from './checking.ts';
import { keysToWorkOn } from './keys.ts';
import { saidOf } from './reading.ts';
import { SAMPLES } from './samples.ts';

type Needs = Pick<Context, 'content' | 'conversation' | 'channels'>;

/** Undefined: there is no such text. `text` null: as the files say it. */
export async function previewText(
  ctx: Needs,
  { text, ...name }: TextName & { text: TextValue | null },
): Promise<TextPreview | undefined> {
  const { content } = ctx;
  const files = content.now();
  const { defaultLanguage } = content.texts;
  const kind =
    name.language in files ? keysToWorkOn(files, name.language, defaultLanguage).get(name.key) : undefined;
  if (!kind || (text !== null && (typeof text === 'string') !== (kind === 'text'))) return undefined;
  const now = textAt(files, name.language, name.key);
  const next = text ?? ofFilesAt(content, name);
  return {
    phones: typeof next === 'string' ? phonesOf(ctx, name, next) : [],
    problems: (await newProblems(content, name, text)).map(saidOf),
    ...whySecond(content, name, now, next),
  };
}

/** Where no messenger is open, as most of them are. */
const ROOM: Room = { buttons: true, maxTextLength: 4_096, maxButtonData: 64 };

function phonesOf(ctx: Needs, name: TextName, text: string): TextPreview['phones'] {
  const view = viewAt(ctx, name, text);
  const say = sayOf(view, name);
  const rooms = [...ctx.channels.values()].map(({ can }) => can).filter(({ isOneWay }) => !isOneWay);
  return [true, false].map((buttons) => {
    const room = rooms.find((each) => each.buttons === buttons) ?? { ...ROOM, buttons };
    return {
      hasButtons: buttons,
      messages: renderSay(view.deps.texts, name.language, say, SAMPLES, room).map(shown),
    };
  });
}

const shown = ({ text, rows = [] }: RenderedMessage) => ({
  text,
  rows: rows.map((row) => row.map(({ label }) => label)),
});

/** A person who speaks this language, at the question to which the text belongs. */
function viewAt({ conversation }: Needs, name: TextName, text: string): View {
  const texts = withOne(conversation.texts, name, text);
  const { flows } = conversation;
  const state = conversationStateSchema.parse({
    flows: flows.hash,
    language: name.language,
    at: flows.entry,
    turn: 1,
    answers: {},
    trail: [flows.entry],
  });
  return { deps: { ...conversation, texts }, state, now: SOME_DAY };
}

const SOME_DAY = new Date('2026-01-01T12:00:00Z');

/** The same texts, but for one. */
function withOne(texts: Texts, name: TextName, text: string): Texts {
  const isIt = (language: string, key: string) => language === name.language && key === name.key;
  return {
    ...texts,
    languages: texts.languages,
    defaultLanguage: texts.defaultLanguage,
    drafts: texts.drafts,
    edition: {},
    has: (language, key) => isIt(language, key) || texts.has(language, key),
    t: (language, key, params) =>
      isIt(language, key) ? filled(text, params) : texts.t(language, key, params),
  };
}

function sayOf(view: View, { key }: TextName): Say {
  const [file = '', id = '', part = ''] = key.split('.');
  const say = (lines: Say['lines'], more: Partial<Say> = {}): Say => ({
    type: 'say',
    turn: 1,
    lines,
    ...more,
  });
  const placed =
    view.deps.flows.steps.get(`${file}.${id}`) ?? (file === 'lists' ? offering(view, id) : undefined);
  if (!placed || placed.step.ask === 'statement') return bubble(view, key, say);
  if (part === 'short' || part === 'officer') {
    const question = view.deps.texts.t(view.state.language ?? '', key);
    return say([{ key: 'bot.review_line', params: { question, answer: '…' } }]);
  }
  const answers = file === 'lists' ? chosenFor(view, placed, part) : {};
  const asked = {
    ...view,
    state: { ...view.state, at: placed.path, answers, page: part === 'more' ? 1 : 0 },
  };
  const prompt = onPageOf(asked, part);
  const isLine = part === 'ask_other' || part === 'help';
  const lines = isLine ? [{ key }, ...(part === 'help' ? prompt.lines : [])] : prompt.lines;
  return say(lines, prompt);
}

/** A message of its own, or a button that stands under every question. */
function bubble(view: View, key: string, say: (lines: Say['lines'], more?: Partial<Say>) => Say): Say {
  const command = /^commands\.(\w+)\.label$/.exec(key)?.[1];
  if (!command) return say([{ key, params: { ...SAMPLES } }]);
  const label = view.deps.texts.t(view.state.language ?? '', key);
  return say([{ key: 'bot.not_understood' }], { commands: [{ id: command, label }] });
}

/** A question that offers this list. */
const offering = ({ deps }: View, list: string): PlacedStep | undefined =>
  [...deps.flows.steps.values()].find(({ step }) => 'list' in step && step.list === list);

/** What must have been answered before so that an entry of a list is offered. */
function chosenFor({ deps }: View, { step }: PlacedStep, code: string): View['state']['answers'] {
  if (!('list' in step) || !('filter' in step)) return {};
  const entry = deps.flows.lists.get(step.list ?? '')?.entries[code] ?? {};
  return Object.fromEntries(
    Object.entries(step.filter ?? {}).map(([attribute, question]) => [
      question,
      { kind: 'choice' as const, value: String((entry as Record<string, unknown>)[attribute] ?? '') },
    ]),
  );
}

/** The page of the options on which one of them stands. */
function onPageOf(view: View, code: string): ReturnType<typeof promptOf> {
  const first = promptOf(view);
  for (let page = 0; page < 20; page++) {
    const prompt = page === 0 ? first : promptOf({ ...view, state: { ...view.state, page } });
    if (prompt.choices.some(({ id }) => id === code)) return prompt;
    if (!prompt.choices.some(({ id }) => id === '+next')) return first;
  }
  return first;
}
