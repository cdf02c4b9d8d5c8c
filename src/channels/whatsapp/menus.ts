/**
 * Buttons on a messenger that has none: they are numbered under the text, and a number, or a thumb up for the first,
 * presses them. Only what officers get has buttons; the questions of a report number their options themselves.
 */
import type { IncomingContent, OutgoingMessage } from '../channel.ts';
import { inTurn } from './in-turn.ts';
import type { SessionStore } from './session-store.ts';

/** The text with its buttons numbered under it, and what each stands for. */
export function numbered({ text, rows }: OutgoingMessage): { text: string; buttons: string[] } {
  const buttons = (rows ?? []).flat();
  const lines = buttons.map(({ label }, index) => `*${index + 1}*  ${label}`);
  return {
    text: lines.length > 0 ? `${text}\n\n${lines.join('\n')}` : text,
    buttons: buttons.map(({ data }) => data),
  };
}

const ARE_THUMBS = /^👍\p{Emoji_Modifier}?$/u;

/** What stands on the buttons of one of our messages. */
export type Menu = { id: string; buttons: readonly string[] };

/**
 * What somebody meant who has these menus before them, newest last; undefined if it is no choice from one.
 * `repliedTo`: the message that was quoted or reacted to; without one the newest is meant.
 */
export function chosen(
  menus: readonly Menu[],
  content: IncomingContent,
  repliedTo?: string,
): IncomingContent | undefined {
  const place = placeOf(content);
  const menu = repliedTo === undefined ? menus.at(-1) : menus.find(({ id }) => id === repliedTo);
  const data = place === undefined ? undefined : menu?.buttons[place - 1];
  return data === undefined ? undefined : { kind: 'button', data };
}

function placeOf(content: IncomingContent): number | undefined {
  if (content.kind === 'reaction') return ARE_THUMBS.test(content.emoji) ? 1 : undefined;
  if (content.kind !== 'text' || content.edited) return undefined;
  const digits = content.text.normalize('NFKC').replace(/[\uFE0F\u20E3\s.)]/gu, '');
  return /^\d{1,2}$/.test(digits) ? Number(digits) : undefined;
}

const nameOf = (address: string): string => `menu/${address}`;
/** Menus that can still be quoted. */
const REMEMBERED = 20;

/** A message goes out; one without buttons means that a bare number presses nothing any more. */
export function rememberMenu(store: SessionStore, address: string, menu: Menu): Promise<void> {
  return inTurn(store, nameOf(address), async () => {
    const before = await menusOf(store, address);
    if (menu.buttons.length === 0 && (before.at(-1)?.buttons.length ?? 0) === 0) return;
    // A second try is the same message.
    const others = before.filter(({ id }) => id !== menu.id);
    const text = JSON.stringify([...others, menu].slice(-REMEMBERED));
    await store.write(new Map([[nameOf(address), text]]));
  });
}

/** The last menus that somebody was sent, newest last. */
export async function menusOf(store: SessionStore, address: string): Promise<Menu[]> {
  const text = (await store.read([nameOf(address)])).get(nameOf(address));
  return text ? (JSON.parse(text) as Menu[]) : [];
}
