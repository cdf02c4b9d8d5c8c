/** What leaflet and poster have in common: how the service is reached, as squares for a camera and as words beside them. */
import { encode } from 'uqr';
import type { Entrance } from '../../channels/entrance.ts';
import type { Handbook } from '../../conversation/chapters/handbook.ts';
import type { PublicKey } from '../../conversation/words/public-keys.ts';
import type { Texts } from '../../conversation/words/texts.ts';
import { html, Markup } from '../../http/public-page/markup.ts';

/** What is printed. */
export type Printed = {
  handbook: Handbook;
  entrances: readonly Entrance[];
  texts: Texts;
  /** Where the public page is, if there is one. */
  pageAddress?: string | undefined;
  /** The day on which it is printed, `YYYY-MM-DD`. */
  day: string;
};

export type Say = (key: PublicKey, params?: Record<string, string>) => string;

/** The words of `locales/<language>/public.yaml`. */
export const wordsOf =
  ({ texts, handbook }: Printed): Say =>
  (key, params = {}) =>
    texts.t(handbook.language, `public.${key}`, params);

/** Each channel: its square, its name, and what to look for by hand. */
export function waysOf({ entrances, texts, handbook: { language } }: Printed): Markup {
  const ways = entrances.map(
    ({ kind, shown, link }) =>
      html`<div class="way">${qrCode(link)}<p><b>${texts.t(language, `${kind}.name`)}</b><br>${shown}</p></div>`,
  );
  return html`<div class="ways">${ways}</div>`;
}

/** A QR code as one shape, black on white, with the quiet edge that readers need; drawn here and sent nowhere. */
export function qrCode(text: string): Markup {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const dark = data.flatMap((row, y) => row.flatMap((is, x) => (is ? [`M${x} ${y}h1v1h-1z`] : [])));
  return new Markup(
    `<svg viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges" role="img" aria-hidden="true"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${dark.join('')}"/></svg>`,
  );
}

/** A file that is only printed: no script, nothing from elsewhere. */
export function printedFile(
  { handbook: { language } }: Printed,
  title: string,
  style: string,
  body: Markup,
): string {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>${title}</title>
${new Markup(`<style>${COMMON}${style}</style>`)}
</head>
<body>${body}</body>
</html>
`.text;
}

const COMMON = `*{box-sizing:border-box}
body{margin:0;color:#111;background:#fff;font-family:"Noto Sans","Open Sans","DejaVu Sans",sans-serif;line-height:1.32;-webkit-print-color-adjust:exact;print-color-adjust:exact}
p,h1,h2,h3,ul{margin:0}
.ways{display:flex;flex-wrap:wrap;justify-content:center}
.way{text-align:center;overflow-wrap:anywhere}
.way svg{display:block;margin:0 auto}
`;

/** `2026-11-20` as "20/11/2026". */
export const dayFirst = (day: string): string => day.split('-').reverse().join('/');
