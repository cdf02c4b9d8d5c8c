/** The poster: A3, to be read from some steps away, and copied down to A4. */
import { html } from '../../http/public-page/markup.ts';
import { dayFirst, type Printed, printedFile, waysOf, wordsOf } from './sheet.ts';

export function posterFile(printed: Printed): string {
  const say = wordsOf(printed);
  const { pageAddress, day } = printed;
  const body = html`<section class="poster" id="poster"><h1>${say('print.front')}</h1>
<p class="lead">${say('print.front_more')}</p>
<p class="danger">${say('print.danger')}</p>
${waysOf(printed)}
<p>${say('print.scan')}</p>
<p>${say('print.speak')}</p>
<p class="small">${pageAddress ? say('print.at_page', { address: pageAddress }) : say('print.at_bot')}<br>${say('print.made_on', { day: dayFirst(day) })}</p></section>`;
  return printedFile(printed, say('title'), LOOK, body);
}

const LOOK = `@page{size:297mm 420mm;margin:0}
.poster{width:297mm;height:420mm;padding:18mm 20mm;overflow:hidden;display:flex;flex-direction:column;gap:7mm;text-align:center;font-size:24pt;background:#f6f1e8}
.poster h1{font-size:56pt;line-height:1.1;color:#37418a}
.poster .lead{font-size:30pt}
.poster .danger{font-size:50pt;font-weight:700;color:#8a3f1b;border:2mm solid #a9552a;border-radius:5mm;padding:7mm;text-wrap:balance}
.poster .ways{gap:10mm;margin:auto 0}
.poster .way{width:110mm;font-size:26pt}
.poster .way svg{width:104mm;height:104mm}
.poster .small{font-size:16pt}`;
