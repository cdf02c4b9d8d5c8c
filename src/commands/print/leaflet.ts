/**
 * The leaflet: one sheet of A4, printed on both sides (turned over the short edge) and folded twice, the right third inwards,
 * the left third over it.
 *
 *     outside:  | flap: the last chapter | back | cover |        inside:  | the first pages of all others, in three columns |
 *
 * So one reads: the cover; it opened, the first column beside the flap; the flap opened, the second and third column; the back.
 *
 * Invariant: nothing is cut off: letters are as big as the room allows, and what does not fit at the smallest size is refused.
 */
import type { HandbookPage } from '../../conversation/chapters/handbook.ts';
import { html, lines, type Markup } from '../../http/public-page/markup.ts';
import { dayFirst, type Printed, printedFile, qrCode, type Say, waysOf, wordsOf } from './sheet.ts';

/** Contacts outside that have room on the back. */
const MOST_CONTACTS = 6;
/** What else the back holds, as if it were characters: a contact; the box, a title, the way to more and its square. */
const CONTACT = 130;
const BACK = 1_050;

export function leafletFile(printed: Printed): string {
  const say = wordsOf(printed);
  const { chapters } = printed.handbook;
  const inside = chapters.slice(0, -1).flatMap(({ pages }) => pages.slice(0, 1));
  const behind = chapters.at(-2)?.pages.slice(1) ?? [];
  const flap = chapters.at(-1)?.pages ?? [];
  const body = html`<div class="sheet outside">${folds(97, 197)}
<section class="panel fit" id="flap" style="font-size:${letters(charactersOf(flap), 1)}pt">${flap.map(pageText)}</section>
<section class="panel fit" id="back" style="font-size:${letters(charactersOf(behind) + contactsOf(printed).length * CONTACT + BACK, 1)}pt">${back(printed, behind, say)}</section>
<section class="panel" id="cover">${cover(printed, say)}</section></div>
<div class="sheet">${folds(100, 200)}
<section class="columns fit" id="inside" style="font-size:${letters(charactersOf(inside), 3)}pt">${inside.map(pageText)}</section></div>`;
  return printedFile(printed, say('title'), LOOK, body);
}

/** The size of letters, in points, at which so many characters fit so many thirds of a side, by rough count. */
function letters(characters: number, thirds: number): number {
  // At 9 points a third holds about 1,900 characters; with the square of the size it grows and shrinks.
  const size = 9 * Math.sqrt((1_900 * thirds) / Math.max(characters, 1));
  return Math.floor(Math.min(LARGEST, Math.max(SMALLEST, size)) * 4) / 4;
}

/** A title takes a line or two of its own. */
const charactersOf = (pages: readonly HandbookPage[]): number =>
  pages.reduce(
    (sum, { title, lines: said }) =>
      sum + title.length * 2 + 90 + said.reduce((more, { text }) => more + text.length + 1, 0),
    0,
  );

/** Points: what old eyes can still read, and what looks like a leaflet. */
export const SMALLEST = 7;
export const LARGEST = 10;

/** Its sentences run on: on paper there is room for them so. */
const pageText = ({ title, lines: said }: HandbookPage): Markup =>
  html`<h2>${title}</h2><p>${said.map(({ text }) => text.replaceAll('\n', ' ')).join(' ')}</p>`;

const cover = (printed: Printed, say: Say): Markup => html`<h1>${say('print.front')}</h1>
<p class="lead">${say('print.front_more')}</p>
<p class="danger">${say('print.danger')}</p>
${waysOf(printed)}
<p>${say('print.scan')}</p>
<p>${say('print.speak')}</p>`;

const contactsOf = ({ handbook }: Pick<Printed, 'handbook'>) =>
  handbook.chapters
    .flatMap(({ pages }) => pages.flatMap((page) => page.contacts ?? []))
    .slice(0, MOST_CONTACTS);

/** What to do with this sheet, the rest of the chapter before the last, who else helps, and where more is to be read. */
function back(
  { handbook, texts, pageAddress, day }: Printed,
  behind: readonly HandbookPage[],
  say: Say,
): Markup {
  const { language } = handbook;
  const named = contactsOf({ handbook }).map(({ name, contact, isAlwaysOpen, verifiedOn }) => {
    const key = isAlwaysOpen ? 'bot.outside_always' : 'bot.outside_line';
    return html`<li>${texts.t(language, key, { name, contact })}, ${say('verified_on', { day: dayFirst(verifiedOn) })}</li>`;
  });
  return html`<p class="box">${lines(say('print.keep'))}</p>
${behind.map(pageText)}
<h2>${say('print.elsewhere')}</h2>
${named.length > 0 ? html`<ul>${named}</ul>` : html`<p>${texts.t(language, 'bot.outside_none')}</p>`}
<p>${pageAddress ? say('print.at_page', { address: pageAddress }) : say('print.at_bot')}</p>
${pageAddress ? qrCode(`https://${pageAddress}/`) : undefined}
<p class="small">${say('print.made_on', { day: dayFirst(day) })}</p>`;
}

/** Where to fold, as small marks at both edges. */
const folds = (...at: number[]): Markup =>
  html`${at.flatMap((mm) => [
    html`<i class="fold" style="left:${mm}mm;top:0"></i>`,
    html`<i class="fold" style="left:${mm}mm;bottom:0"></i>`,
  ])}`;

const LOOK = `@page{size:297mm 210mm;margin:0}
.sheet{position:relative;width:297mm;height:210mm;overflow:hidden;break-after:page}
.sheet:last-child{break-after:auto}
.outside{display:grid;grid-template-columns:97mm 100mm 100mm}
.panel{height:210mm;padding:10mm 9mm;overflow:hidden}
.columns{width:297mm;height:210mm;padding:10mm 9mm;columns:3;column-gap:18mm;column-fill:auto;overflow:hidden}
.fit h2{font-size:1.15em;line-height:1.2;margin:.75em 0 .2em;color:#37418a;break-after:avoid}
.fit h2:first-child{margin-top:0}
.fit p{orphans:2;widows:2}
#back{display:flex;flex-direction:column;gap:1.5mm}
#back h2{margin:.3em 0 0}
#back ul{padding-left:4mm}
#back svg{width:24mm;height:24mm;flex:none}
#back .small{margin-top:auto;font-size:.85em}
.box{border:.4mm solid #a9552a;border-radius:2mm;padding:3mm}
#cover{font-size:10.5pt;display:flex;flex-direction:column;gap:4mm;text-align:center;background:#f6f1e8}
#cover h1{font-size:19pt;line-height:1.15;color:#37418a;margin-top:6mm}
#cover .lead{font-size:11.5pt}
#cover .danger{font-size:15pt;font-weight:700;color:#8a3f1b;border:.6mm solid #a9552a;border-radius:2mm;padding:3mm}
#cover .ways{gap:3mm}
#cover .way{width:38mm}
#cover .way svg{width:36mm;height:36mm}
.fold{position:absolute;height:3mm;border-left:.2mm dashed #999}`;
