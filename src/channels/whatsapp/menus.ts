/**
 * Buttons on a messenger that has none: a number, or a thumb up for the first, presses them. Those of officers are
 * numbered here, under the text, and the numbers go on from message to message: no two that lie on the phone at the same
 * time mean different things. The questions of a report number their options themselves.
 *
 * Invariant: a number is about the message it replies to, or else about the last one that had left when it came and has
 * that number. Otherwise a person who writes "1" while another message is on its way would have chosen what they had
 * not seen.
 */
import { hours } from '../../kernel/time.ts';
import { normalForm } from '../../kernel/unicode.ts';
import type { IncomingContent, OutgoingMessage } from '../channel.ts';
import { inTurn } from './in-turn.ts';
import type { SessionStore } from './session-store.ts';

/** What stands on the buttons of one of our messages. */
export type Menu = {
  id: string;
  buttons: readonly string[];
  /** The number of its first button; default 1. */
  first?: number;
  /** A question that numbers its options itself, and reads what a reaction to it means. */
  isWritten?: true;
  /** When it was about to leave, as places among what comes are counted; absent: before everything. */
  at?: number;
};

/** What the buttons of a message stand for. */
export function buttonsOf({ rows, numbers }: OutgoingMessage): Pick<Menu, 'buttons' | 'isWritten'> {
  if (numbers) return { buttons: numbers, isWritten: true };
  return { buttons: (rows ?? []).flat().map(({ data }) => data) };
}

/** The text with its buttons numbered under it from `first` on. */
export function numbered({ text, rows, numbers }: OutgoingMessage, first = 1): string {
  const buttons = numbers ? [] : (rows ?? []).flat();
  const lines = buttons.map(({ label }, index) => `*${first + index}*  ${label}`);
  return lines.length > 0 ? `${text}\n\n${lines.join('\n')}` : text;
}

/** Numbers are written with two digits at most. */
const LAST_NUMBER = 99;
/** After so long a pause numbers begin at 1 again: nobody answers what is that old without quoting it. */
const PAUSE = hours(1);

/** The first number of a menu that comes after these; `now`: milliseconds since 1970. */
export function firstNumber(
  before: readonly Menu[],
  { buttons, isWritten }: Omit<Menu, 'id'>,
  now: number,
): number {
  const last = before.findLast((menu) => menu.buttons.length > 0);
  if (isWritten || !last || (last.at ?? 0) / 1_000 < now - PAUSE) return 1;
  const next = (last.first ?? 1) + last.buttons.length;
  return next + buttons.length - 1 > LAST_NUMBER ? 1 : next;
}

const UP = /^👍\p{Emoji_Modifier}?$/u;

export type Reply = {
  /** The message that was quoted or reacted to. */
  to?: string | undefined;
  /** Its place among all that came; default: after everything. */
  place?: number;
};

/**
 * What a person meant who has these menus before them, newest last; undefined if it is no choice from one.
 */
export function chosen(
  menus: readonly Menu[],
  content: IncomingContent,
  { to, place = Number.POSITIVE_INFINITY }: Reply = {},
): IncomingContent | undefined {
  const number = numberOf(content);
  const shown = menus.filter(({ at = 0 }) => at < place);
  const menu = to === undefined ? meantBy(shown, content, number) : menus.find(({ id }) => id === to);
  const isReaction = content.kind === 'reaction';
  if (isReaction && (menu ?? menus.at(-1))?.isWritten) return { ...content, on: menu?.buttons[0] ?? '' };
  const index = isReaction ? number - 1 : placeOn(menu, number, to !== undefined);
  const data = menu?.buttons[index];
  return data === undefined ? undefined : { kind: 'button', data };
}

/** Which button a number stands for. Under a message that is quoted "1" may also mean its first one. */
function placeOn(menu: Menu | undefined, number: number, isQuoted: boolean): number {
  const written = number - (menu?.first ?? 1);
  const isWritten = menu?.buttons[written] !== undefined;
  return isQuoted && !isWritten ? number - 1 : written;
}

/**
 * Of those that came since the last message without buttons, the newest one that has the number. A thumb that does not say
 * where it stands is about the only message there is: with two of them it could be meant for the other one.
 */
function meantBy(shown: readonly Menu[], { kind }: IncomingContent, number: number): Menu | undefined {
  if (kind === 'reaction') return shown.length === 1 ? shown[0] : undefined;
  const last = shown.findLastIndex(({ buttons }) => buttons.length === 0);
  return shown
    .slice(last + 1)
    .findLast(({ first = 1, buttons }) => number >= first && number < first + buttons.length);
}

/** 0: none. */
function numberOf(content: IncomingContent): number {
  if (content.kind === 'reaction') return UP.test(content.emoji) ? 1 : 0;
  if (content.kind !== 'text' || content.edited) return 0;
  const digits = normalForm('NFKC', content.text).replace(/[\uFE0F\u20E3\s.)]/gu, '');
  return /^\d{1,2}$/.test(digits) ? Number(digits) : 0;
}

const nameOf = (address: string): string => `menu/${address}`;
/** Menus that can still be quoted. */
const REMEMBERED = 20;

/**
 * Remembers each message that goes out, and returns the number of its first button; one without buttons means that a
 * bare number presses nothing any more.
 */
export function rememberMenu(store: SessionStore, address: string, menu: Menu): Promise<number> {
  return inTurn(store, nameOf(address), async () => {
    const before = await menusOf(store, address);
    if (menu.buttons.length === 0 && (before.at(-1)?.buttons.length ?? 0) === 0) return 1;
    // A second try is the same message.
    const others = before.filter(({ id }) => id !== menu.id);
    const now = Date.now();
    const first = before.find(({ id }) => id === menu.id)?.first ?? firstNumber(others, menu, now);
    const left = { ...menu, first, at: now * 1_000 };
    const text = JSON.stringify([...others, left].slice(-REMEMBERED));
    await store.write(new Map([[nameOf(address), text]]));
    return first;
  });
}

/** The last menus that a person was sent, newest last. */
export async function menusOf(store: SessionStore, address: string): Promise<Menu[]> {
  const text = (await store.read([nameOf(address)])).get(nameOf(address));
  return text ? (JSON.parse(text) as Menu[]) : [];
}
