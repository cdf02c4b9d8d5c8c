/**
 * Buttons on a messenger that has none: a number, or a thumb up for the first, presses them. Those of officers are
 * numbered here, under the text; the questions of a report number their options themselves.
 *
 * Invariant: a number is about the message it replies to, or else about the last one that had left when it came. Else
 * somebody who writes "1" while another message is on its way would have chosen what they had not seen.
 */
import type { IncomingContent, OutgoingMessage } from '../channel.ts';
import { inTurn } from './in-turn.ts';
import type { SessionStore } from './session-store.ts';

/** What stands on the buttons of one of our messages. */
export type Menu = {
  id: string;
  buttons: readonly string[];
  /** A question that numbers its options itself, and reads what a reaction to it means. */
  isWritten?: true;
  /** When it was about to leave, as places among what comes are counted; absent: before everything. */
  at?: number;
};

/** The text with its buttons numbered under it, and what each stands for. */
export function numbered({ text, rows, numbers }: OutgoingMessage): {
  text: string;
  buttons: string[];
  isWritten?: true;
} {
  if (numbers) return { text, buttons: numbers, isWritten: true };
  const buttons = (rows ?? []).flat();
  const lines = buttons.map(({ label }, index) => `*${index + 1}*  ${label}`);
  return {
    text: lines.length > 0 ? `${text}\n\n${lines.join('\n')}` : text,
    buttons: buttons.map(({ data }) => data),
  };
}

const UP = /^👍\p{Emoji_Modifier}?$/u;

export type Reply = {
  /** The message that was quoted or reacted to. */
  to?: string | undefined;
  /** Its place among all that came; default: after everything. */
  place?: number;
};

/**
 * What somebody meant who has these menus before them, newest last; undefined if it is no choice from one.
 */
export function chosen(
  menus: readonly Menu[],
  content: IncomingContent,
  { to, place = Number.POSITIVE_INFINITY }: Reply = {},
): IncomingContent | undefined {
  const menu =
    to === undefined ? menus.findLast(({ at = 0 }) => at < place) : menus.find(({ id }) => id === to);
  const isReaction = content.kind === 'reaction';
  if (isReaction && (menu ?? menus.at(-1))?.isWritten) return { ...content, on: menu?.buttons[0] ?? '' };
  if (!menu) return undefined;
  const data = menu.buttons[numberOf(content) - 1];
  return data === undefined ? undefined : { kind: 'button', data };
}

/** 0: none. */
function numberOf(content: IncomingContent): number {
  if (content.kind === 'reaction') return UP.test(content.emoji) ? 1 : 0;
  if (content.kind !== 'text' || content.edited) return 0;
  const digits = content.text.normalize('NFKC').replace(/[\uFE0F\u20E3\s.)]/gu, '');
  return /^\d{1,2}$/.test(digits) ? Number(digits) : 0;
}

const nameOf = (address: string): string => `menu/${address}`;
/** Menus that can still be quoted. */
const REMEMBERED = 20;

/** Remembers each message that goes out; one without buttons means that a bare number presses nothing any more. */
export function rememberMenu(store: SessionStore, address: string, menu: Menu): Promise<void> {
  return inTurn(store, nameOf(address), async () => {
    const before = await menusOf(store, address);
    if (menu.buttons.length === 0 && (before.at(-1)?.buttons.length ?? 0) === 0) return;
    // A second try is the same message.
    const others = before.filter(({ id }) => id !== menu.id);
    const left = { ...menu, at: Date.now() * 1_000 };
    const text = JSON.stringify([...others, left].slice(-REMEMBERED));
    await store.write(new Map([[nameOf(address), text]]));
  });
}

/** The last menus that somebody was sent, newest last. */
export async function menusOf(store: SessionStore, address: string): Promise<Menu[]> {
  const text = (await store.read([nameOf(address)])).get(nameOf(address));
  return text ? (JSON.parse(text) as Menu[]) : [];
}
