/** Whether every screen fits the messengers and a small phone, with all its options. */

import { titleKey } from '../chapters/chapters.ts';
import { PLACE_LISTS } from '../flows/code-lists.ts';
import type { FlowValues, PlacedStep } from '../flows/compile.ts';
import { normalise } from '../reading/normalise.ts';
import { ANSWER_WORDS, COMMANDS } from '../words/bot-keys.ts';
import type { TextFiles } from '../words/texts.ts';
import type { FlatTexts } from './check-plurals.ts';
import { textsOf } from './check-texts.ts';
import type { Problem } from './problem.ts';
import { fileOf, fileOfKey } from './problem.ts';

/** In characters, except `buttonData` in bytes. */
export type Limits = { text: number; screen: number; label: number; buttonData: number };

/**
 * - `text` 4,096: a messenger may refuse a longer message.
 * - `screen` 1,200: what is asked at once, with its options. A messenger folds long messages behind "read more",
 *   and few people read further; only the honesty text comes near.
 * - `label` 37: a button on a narrow phone shows about 40 in one column, its number among them.
 * - `buttonData` 64: the least that messengers take with a button; ours is `r:<turn>:<code>`, turns up to 6 digits.
 */
export const LIMITS: Limits = { text: 4_096, screen: 1_200, label: 37, buttonData: 64 };

/** Longest case reference and receipt code, put in place of their placeholders. */
const FILLED = '1234 5678 1234 5678';
/** More questions or minutes than these are never told. */
const COUNTED = '99';
/** More options than this are paged by the engine. */
const OPTIONS_SHOWN = 10;

export function checkScreens(flows: FlowValues, files: TextFiles, limits: Limits): Problem[] {
  return Object.keys(files)
    .flatMap((language) => {
      const texts = asSaid(files, language);
      const known = commandsByWord(texts);
      return [
        ...[...flows.steps.values()].flatMap((placed) => [
          ...tooLong(flows, language, texts, placed, limits),
          ...labels(flows, language, texts, known, placed, limits),
        ]),
        ...placeLabels(flows, language, texts, limits),
        ...longBotTexts(language, texts, limits),
      ];
    })
    .concat(buttonData(flows, limits));
}

/** With what the language lacks as it is said in its fallback, else in the first language that has it. */
function asSaid(files: TextFiles, language: string): FlatTexts {
  const own = textsOf(files, language);
  const behind = [String(own.get('language.fallback') ?? ''), ...Object.keys(files)].filter(
    (each) => files[each],
  );
  return new Map([...behind.reverse().flatMap((each) => [...textsOf(files, each)]), ...own]);
}

const textOf = (texts: FlatTexts, key: string): string =>
  String(texts.get(key) ?? '')
    .replace(/\{\{(count|minutes|from|from_minutes)\}\}/g, COUNTED)
    .replace(/\{\{[^{}]+\}\}/g, FILLED);

/** The question with its hint, options and commands, as a channel without buttons shows it. */
function screenOf(flows: FlowValues, texts: FlatTexts, placed: PlacedStep): string {
  const { path, step } = placed;
  const hints: Record<string, string> = { choices: 'bot.choices_hint', date: 'bot.date_hint' };
  const options = optionLabels(flows, texts, placed)
    .map(({ label }) => label)
    .sort((a, b) => b.length - a.length)
    .slice(0, OPTIONS_SHOWN)
    .map((label, index) => `${index + 1}. ${label}`);
  const [said = ''] = (step.ask === 'statement' ? ['say'] : ['ask', 'ask_other', 'more'])
    .map((part) => textOf(texts, `${path}.${part}`))
    .sort((a, b) => b.length - a.length);
  return [said, textOf(texts, hints[step.ask] ?? ''), ...options, textOf(texts, 'bot.commands_hint')].join(
    '\n',
  );
}

type Label = { code: string; key: string; label: string };

function optionLabels(flows: FlowValues, texts: FlatTexts, { path, step, flow }: PlacedStep): Label[] {
  if (step.ask === 'screen') {
    const codes = step.leads_to.filter((to) => flows.steps.has(`${flow}.${to}`));
    return codes.map((code) => ({
      code,
      key: titleKey(`${flow}.${code}`),
      label: textOf(texts, titleKey(`${flow}.${code}`)),
    }));
  }
  // Languages are called by their own name, of language.yaml.
  if ((step.ask !== 'choice' && step.ask !== 'choices') || path === 'menu.language') return [];
  const codes = step.options ?? Object.keys(flows.lists.get(step.list ?? '')?.entries ?? {});
  return codes.map((code) => {
    const own = `${path}.options.${code}`;
    const key = texts.has(own) || !step.list ? own : `lists.${step.list}.${code}`;
    return { code, key, label: textOf(texts, key) };
  });
}

function tooLong(
  flows: FlowValues,
  language: string,
  texts: FlatTexts,
  placed: PlacedStep,
  limits: Limits,
): Problem[] {
  const key = placed.step.ask === 'statement' ? `${placed.path}.say` : `${placed.path}.ask`;
  const { length } = screenOf(flows, texts, placed);
  const help = textOf(texts, `${placed.path}.help`).length;
  const place = { file: fileOfKey(language, key), mend: 'say it shorter, or make two questions of it' };
  return [
    ...(length > limits.screen
      ? [
          {
            ...place,
            key,
            problem: `with its options it has ${length} characters, more than ${limits.screen}`,
          },
        ]
      : []),
    ...(length + help > limits.text
      ? [
          {
            ...place,
            key: `${placed.path}.help`,
            problem: `with the question it is longer than ${limits.text}`,
          },
        ]
      : []),
  ];
}

function labels(
  flows: FlowValues,
  language: string,
  texts: FlatTexts,
  known: ReadonlyMap<string, string>,
  placed: PlacedStep,
  limits: Limits,
): Problem[] {
  const all = optionLabels(flows, texts, placed);
  const names = ['short', 'officer'].map((part) => `${placed.path}.${part}`);
  return [
    ...[...all, ...names.map((key) => ({ code: '', key, label: textOf(texts, key) }))].flatMap((each) =>
      longLabel(language, each, limits),
    ),
    ...all.flatMap((each) => clash(language, each, known)),
    ...twice(language, placed, all),
  ];
}

function longLabel(language: string, { key, label }: Label, limits: Limits): Problem[] {
  if ([...label].length <= limits.label) return [];
  const problem = `${[...label].length} characters do not fit a button of ${limits.label}`;
  return [{ file: fileOfKey(language, key), key, problem, mend: 'say it shorter' }];
}

function commandsByWord(texts: FlatTexts): Map<string, string> {
  const words = COMMANDS.flatMap((name) => {
    const list = texts.get(`commands.${name}.words`) ?? [];
    return (typeof list === 'string' ? [list] : list).map((word) => [normalise(word), name] as const);
  });
  return new Map(words);
}

/** A typed label that is also a command would do the wrong thing. */
function clash(language: string, { code, key, label }: Label, known: ReadonlyMap<string, string>): Problem[] {
  const command = known.get(normalise(label));
  const isSame = command === code || (command === 'status' && code === 'my_case');
  if (command === undefined || isSame || ANSWER_WORDS.some((name) => name === code)) return [];
  return [
    {
      file: fileOfKey(language, key),
      key,
      problem: `is also the word for ${command}`,
      mend: 'say one of the two otherwise',
    },
  ];
}

/** Two options that read the same cannot be told apart; of a filtered list only those shown together count. */
function twice(language: string, { step }: PlacedStep, all: readonly Label[]): Problem[] {
  if ('filter' in step && step.filter) return [];
  const seen = new Set<string>();
  return all.flatMap(({ key, label }): Problem[] => {
    const isTwice = seen.has(normalise(label));
    seen.add(normalise(label));
    return isTwice
      ? [
          {
            file: fileOfKey(language, key),
            key,
            problem: 'two options read the same',
            mend: 'make them differ',
          },
        ]
      : [];
  });
}

function placeLabels(flows: FlowValues, language: string, texts: FlatTexts, limits: Limits): Problem[] {
  return PLACE_LISTS.flatMap((list) =>
    Object.keys(flows.lists.get(list)?.entries ?? {}).flatMap((code) => {
      const key = `lists.${list}.${code}`;
      return longLabel(language, { code, key, label: textOf(texts, key) }, limits);
    }),
  );
}

function longBotTexts(language: string, texts: FlatTexts, limits: Limits): Problem[] {
  const buttons =
    /^bot\.(page_|room_out|room_back|read_more|account_choose|date_(today|yesterday|last|earlier)|place_not_said|review_(send|more|correct|return))/;
  return [...texts.keys()].flatMap((key): Problem[] => {
    const label = textOf(texts, key);
    if (buttons.test(key) || /^commands\..+\.label$/.test(key))
      return longLabel(language, { code: '', key, label }, limits);
    if (!key.startsWith('bot.') || label.length <= limits.screen) return [];
    return [
      {
        file: fileOfKey(language, key),
        key,
        problem: `longer than ${limits.screen} characters`,
        mend: 'say it shorter',
      },
    ];
  });
}

function buttonData(flows: FlowValues, limits: Limits): Problem[] {
  return [...flows.steps.values()].flatMap((placed) => {
    const { step } = placed;
    const lists = step.ask === 'place' ? PLACE_LISTS : 'list' in step && step.list ? [step.list] : [];
    const listed = lists.flatMap((name) => Object.keys(flows.lists.get(name)?.entries ?? {}));
    const codes = [placed.id, ...('options' in step ? (step.options ?? []) : []), ...listed];
    return codes
      .filter((code) => new TextEncoder().encode(`r:999999:${code}`).length > limits.buttonData)
      .map((code) => ({
        file: fileOf(placed),
        key: placed.id,
        problem: `the code "${code}" does not fit a button`,
        mend: 'take a shorter code',
      }));
  });
}
