/**
 * Markup that is put together of texts.
 *
 * Invariant: whatever is put in is text, unless it is markup already: no sentence of a translation, no name and no address
 * becomes a tag or an attribute.
 */

/** Made by `html` alone. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Markup | readonly Markup[] | undefined;

const SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const plain = (text: string): string => keptTogether(text).replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);

/** What French sets apart by a space does not go to the next line alone: « … », ? and the like. */
const keptTogether = (text: string): string =>
  text.replace(/ (?=[»?!:;])/g, '\u00a0').replaceAll('« ', '«\u00a0');

function put(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map((each) => each.text).join('');
  return plain(String(value));
}

/** Markup as it is written, with values in it; attributes stand in double quotes. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Markup {
  return new Markup(parts.reduce((text, part, n) => text + put(values[n - 1]) + part));
}

/** A text with its lines kept apart. */
export const lines = (text: string): Markup[] =>
  text.split('\n').map((line, n) => (n === 0 ? html`${line}` : html`<br>${line}`));

/** An address only if it is one of the web: what a translation or a list says is no script. */
export const webAddress = (address: string): string | undefined =>
  /^https?:\/\/[^\s"'<>]+$/.test(address) ? address : undefined;
