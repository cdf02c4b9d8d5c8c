/**
 * Buttons on a messenger that has none: they are numbered under the text, and a number, or a thumb up for the first,
 * presses them. Only what officers get has buttons; the questions of a report number their options themselves.
 */
import type { IncomingContent, OutgoingMessage } from '../channel.ts';
import type { SessionStore } from './session-store.ts';

/** The text with its buttons numbered under it, and what each stands for. */
export function numbered({ text, rows }: OutgoingMessage): { text: string; menu: string[] } {
  const buttons = (rows ?? []).flat();
  const lines = buttons.map(({ label }, index) => `*${index + 1}*  ${label}`);
  return {
    text: lines.length > 0 ? `${text}\n\n${lines.join('\n')}` : text,
    menu: buttons.map(({ data }) => data),
  };
}

const ARE_THUMBS = /^👍\p{Emoji_Modifier}?$/u;

/** What somebody meant who has this menu before them; undefined if it is no choice from it. */
export function chosen(menu: readonly string[], content: IncomingContent): IncomingContent | undefined {
  const place = placeOf(content);
  const data = place === undefined ? undefined : menu[place - 1];
  return data === undefined ? undefined : { kind: 'button', data };
}

function placeOf(content: IncomingContent): number | undefined {
  if (content.kind === 'reaction') return ARE_THUMBS.test(content.emoji) ? 1 : undefined;
  if (content.kind !== 'text' || content.edited) return undefined;
  const digits = content.text.normalize('NFKC').replace(/[\uFE0F\u20E3\s.)]/gu, '');
  return /^\d{1,2}$/.test(digits) ? Number(digits) : undefined;
}

const nameOf = (address: string): string => `menu/${address}`;

/** The menu of the newest message; a message without one ends it. */
export async function rememberMenu(
  store: SessionStore,
  address: string,
  menu: readonly string[],
): Promise<void> {
  const name = nameOf(address);
  const before = (await store.read([name])).get(name);
  const text = menu.length > 0 ? JSON.stringify(menu) : null;
  if ((before ?? null) !== text) await store.write(new Map([[name, text]]));
}

export async function menuOf(store: SessionStore, address: string): Promise<string[]> {
  const text = (await store.read([nameOf(address)])).get(nameOf(address));
  return text ? (JSON.parse(text) as string[]) : [];
}
