/**
 * How many steps the program takes over a text, counted and not timed: how often each block of ours is run (V8 counts),
 * and every character that is handed to a function of JavaScript's own. Patterns take linear work (`patterns.test.ts`),
 * so a text is counted once for each that looks at it; putting marks in order (`normalize`) is not linear and is counted
 * as it works, by the longest row of marks. In a thread of its own, where nothing else runs.
 */
import { type Profiler, Session } from 'node:inspector/promises';
import { parentPort } from 'node:worker_threads';
import { readWords, readYesNo } from '../../src/app/officer-chat/typed-commands.ts';
import { readClaim } from '../../src/app/reporters/finding-a-case.ts';
import { chosen } from '../../src/channels/whatsapp/menus.ts';
import { renderSay } from '../../src/conversation/asking/render.ts';
import { interpret } from '../../src/conversation/meaning/interpret.ts';
import { step } from '../../src/conversation/steps/step.ts';
import type { ConversationState } from '../../src/conversation/values/state.ts';
import { conversation, facts, Person, texts } from '../conversation/person.ts';

const now = new Date('2026-11-24T10:00:00Z');
const small = { buttons: false, maxTextLength: 1_000, maxButtonData: 64 };

/** People at questions of each kind. */
const PLACES = ['menu.home', 'report.danger', 'report.account', 'report.taken_when', 'report.place'];
const states = PLACES.flatMap((at): ConversationState[] => {
  const { state } = new Person().writes('bonjour');
  return state && conversation.flows.steps.has(at) ? [{ ...state, at }] : [];
});

/** What sees the words of a stranger, or an officer's. */
export const READERS: Record<string, (text: string) => unknown> = {
  interpret: (text) =>
    states.map((state) => interpret({ deps: conversation, state, now }, { kind: 'text', text })),
  'the words under a file': (text) =>
    states.map((state) =>
      interpret(
        { deps: conversation, state, now },
        { kind: 'file', media: 'photo', evidence: 'e', caption: text },
      ),
    ),
  'the first words of a person': (text) => step(conversation, undefined, { kind: 'text', text }, now),
  'a conversation, to the answer as it is sent': (text) =>
    states.map((state) =>
      step(conversation, state, { kind: 'text', text }, now).effects.map((effect) =>
        effect.type === 'say' ? renderSay(texts, 'fr', effect, facts, small) : undefined,
      ),
    ),
  'an officer’s words': (text) => readWords(texts, text),
  'yes or no': (text) => readYesNo(texts, text),
  'a receipt code': (text) => readClaim(text),
  'a number on WhatsApp': (text) =>
    chosen([{ id: 'm', buttons: ['a', 'b'], first: 1, at: 1 }], { kind: 'text', text }),
};

let handed = 0;
/** Inside a counted function: what it does there is its own work. */
let isInside = false;

/** Counts the characters that a function of JavaScript's own is given and gives back. */
function countHanded(owner: object, names: readonly string[], weigh: Weigh = lengths): void {
  for (const name of names) {
    const original = Reflect.get(owner, name) as (...args: unknown[]) => unknown;
    Reflect.set(owner, name, function counted(this: unknown, ...args: unknown[]) {
      if (isInside) return Reflect.apply(original, this, args);
      isInside = true;
      try {
        const from = this instanceof RegExp ? this.lastIndex : 0;
        const result = Reflect.apply(original, this, args);
        handed += weigh(this, result, String(args[0] ?? '').length - from);
        return result;
      } finally {
        isInside = false;
      }
    });
  }
}

type Weigh = (of: unknown, result: unknown, left: number) => number;

const lengthOf = (value: unknown): number =>
  typeof value === 'string' || Array.isArray(value) ? value.length : 1;
const lengths: Weigh = (of, result) => lengthOf(of) + lengthOf(result);

/** ICU puts each mark into its place by looking at those before it. */
const ordering: Weigh = (text, result) => {
  let work = lengths(text, result, 0);
  let row = 0;
  for (const character of String(text)) {
    row = /[\p{M}\uFF9E\uFF9F]/u.test(character) ? row + 1 : 0;
    work += row;
  }
  return work;
};

/** As far as the pattern had to read: to the end of what it found, or to the end of the text. */
const reading: Weigh = (pattern, found, left) =>
  Array.isArray(found) && pattern instanceof RegExp && pattern.global
    ? lengthOf(found[0]) + 1
    : Math.max(1, left);

countHanded(String.prototype, ['normalize'], ordering);
const OF_TEXTS = [
  'replace',
  'replaceAll',
  'split',
  'match',
  'trim',
  'trimStart',
  'trimEnd',
  'toLowerCase',
  'toUpperCase',
];
countHanded(String.prototype, [...OF_TEXTS, 'includes', 'indexOf', 'lastIndexOf']);
countHanded(Array.prototype, ['includes', 'indexOf', 'join', 'slice']);
countHanded(RegExp.prototype, ['exec', 'test'], reading);

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
await session.post('Profiler.takePreciseCoverage');

/** Each look at the counts sets them back to nothing. */
async function stepsOf(read: (text: string) => unknown, text: string): Promise<number> {
  handed = 0;
  read(text);
  const { result } = (await session.post(
    'Profiler.takePreciseCoverage',
  )) as Profiler.TakePreciseCoverageReturnType;
  const here = import.meta.url;
  const blocks = result
    .filter(({ url }) => url.includes('/src/') && url !== here)
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges));
  return blocks.reduce((sum, { count }) => sum + count, 0) + handed;
}

parentPort?.on('message', async (asked: { reader: string; text: string }) => {
  const read = READERS[asked.reader];
  parentPort?.postMessage(read ? await stepsOf(read, asked.text) : Number.NaN);
});
parentPort?.postMessage(Object.keys(READERS));
