/**
 * Makes messages of what is to be said: lines, then numbered options, then buttons.
 *
 * The numbers stand in the text on every channel, so that a button that does not show costs nobody the answer.
 */

import type { Choice, Line, Say } from '../values/effect.ts';
import type { Texts } from '../words/texts.ts';
import { saysDanger } from './case-work.ts';

/** Only what rendering must know of a channel; `Capabilities` of the port has it. */
export type Room = { buttons: boolean; maxTextLength: number; maxButtonData: number };

export type RenderedMessage = {
  text: string;
  rows?: { label: string; data: string }[][];
  /** Data of the options that the text numbers, where there are no buttons. */
  numbers?: string[];
};

/** Longest label that a small phone shows whole on a button. */
const LONGEST_LABEL = 40;
/** Labels no longer than this stand two in a row. */
const HALF_ROW = 16;
/** Commands no longer than this stand four in a row. */
const QUARTER_ROW = 9;

/**
 * The messages of one say, in order; buttons stand on the last. `facts` fills `{{reference}}`, `{{code}}`,
 * `{{time}}`, `{{from}}`, `{{to}}`, `{{how_to_delete}}`.
 */
export function renderSay(
  texts: Texts,
  language: string,
  say: Say,
  facts: Readonly<Record<string, string>>,
  can: Room,
): RenderedMessage[] {
  const blocks = [...joinLines(texts, language, say.lines, facts)];
  const choices = say.choices ?? [];
  if (choices.length > 0) blocks.push(choices.map(({ label }, index) => `${index + 1}. ${label}`).join('\n'));
  const commands = say.commands ?? [];
  if (!can.buttons && commands.length > 0) {
    const words = commands.map(({ label }) => label).join(' · ');
    blocks.push(texts.t(language, 'bot.commands_hint', { words }));
  }
  const parts = split(
    blocks.filter((block) => block !== ''),
    can.maxTextLength,
  );
  const rows = can.buttons ? rowsOf(say, can) : [];
  const last = {
    ...(rows.length > 0 ? { rows } : {}),
    ...(!can.buttons && choices.length > 0 ? { numbers: numbersOf(say) } : {}),
  };
  return parts.map((text, index) => (index === parts.length - 1 ? { text, ...last } : { text }));
}

/** Paragraphs; the lines of a read-back and of a page stand close together. */
function joinLines(
  texts: Texts,
  language: string,
  lines: readonly Line[],
  facts: Readonly<Record<string, string>>,
): string[] {
  const blocks: string[] = [];
  let before = '';
  for (const { key, params, isClose } of lines) {
    const text = texts.t(language, key, { ...facts, ...params }).trim();
    const last = blocks.length - 1;
    if (last >= 0 && (isClose || (key === 'bot.review_line' && before === key)))
      blocks[last] = `${blocks[last]}\n${text}`;
    else blocks.push(text);
    before = key;
  }
  return blocks;
}

/** Splits between paragraphs, then between lines, then between words, then anywhere but inside a character. */
function split(blocks: readonly string[], longest: number): string[] {
  const messages: string[] = [];
  let open = '';
  for (const block of blocks) {
    const joined = open === '' ? block : `${open}\n\n${block}`;
    if (joined.length <= longest) {
      open = joined;
      continue;
    }
    if (open !== '') messages.push(open);
    const pieces = cut(block, longest);
    messages.push(...pieces.slice(0, -1));
    open = pieces.at(-1) ?? '';
  }
  if (open !== '') messages.push(open);
  return messages;
}

function cut(block: string, longest: number): string[] {
  const pieces: string[] = [];
  let rest = block;
  while (rest.length > longest) {
    const at = cutAt(rest, longest);
    pieces.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return [...pieces, rest].filter((piece) => piece !== '');
}

function cutAt(text: string, longest: number): number {
  const line = text.lastIndexOf('\n', longest);
  if (line > longest / 2) return line;
  const space = text.lastIndexOf(' ', longest);
  if (space > longest / 2) return space;
  const isHighSurrogate = /[\uD800-\uDBFF]/.test(text.charAt(longest - 1));
  return isHighSurrogate ? longest - 1 : longest;
}

/**
 * The channel keeps these longer than the conversation lives: places and not codes, which would tell what was
 * answered before. Only the ways to an alert go by their names, since they count however old the question is.
 */
function numbersOf(say: Say): string[] {
  return (say.choices ?? []).map(({ id }, index) => {
    const isWayToHelp = id === 'sos' || saysDanger(id);
    return `r:${say.turn}:${isWayToHelp ? id : `#${index + 1}`}`;
  });
}

type Button = { label: string; data: string };

function rowsOf(say: Say, can: Room): Button[][] {
  const options = (say.choices ?? []).map((each, index) => ({
    label: short(`${index + 1}. ${each.label}`),
    data: `r:${say.turn}:${each.id}`,
  }));
  const commands = (say.commands ?? []).map((each: Choice) => ({
    label: short(each.label),
    data: `c:${each.id}`,
  }));
  const most = commands.every(({ label }) => label.length <= QUARTER_ROW) ? 4 : 3;
  return [...inRows(options, 2), ...inRows(commands, most)]
    .map((row) => row.filter(({ data }) => new TextEncoder().encode(data).length <= can.maxButtonData))
    .filter((row) => row.length > 0);
}

/** Short labels share a row. */
function inRows(buttons: readonly Button[], most: number): Button[][] {
  const rows: Button[][] = [];
  for (const button of buttons) {
    const last = rows.at(-1);
    const fits =
      last && last.length < most && [...last, button].every(({ label }) => label.length <= HALF_ROW);
    if (fits) last.push(button);
    else rows.push([button]);
  }
  return rows;
}

function short(label: string): string {
  const letters = [...label];
  return letters.length <= LONGEST_LABEL
    ? label
    : `${letters
        .slice(0, LONGEST_LABEL - 1)
        .join('')
        .trimEnd()}…`;
}
