/**
 * The public page as it is sent: one file, with nothing to load or run beside it.
 *
 * Invariants: no script, no form, no picture, no address from which a browser loads anything; what is not known now (a channel,
 * a contact) is said to be so, and nothing stands in its place.
 */
import type { Entrance } from '../../channels/entrance.ts';
import type {
  Handbook,
  HandbookChapter,
  HandbookLine,
  HandbookPage,
  HandbookSource,
} from '../../conversation/chapters/handbook.ts';
import type { PublicKey } from '../../conversation/words/public-keys.ts';
import type { Texts } from '../../conversation/words/texts.ts';
import { html, lines, Markup, webAddress } from './markup.ts';
import { LOOK } from './style.ts';

export type PublicPage = {
  handbook: Handbook;
  entrances: readonly Entrance[];
  texts: Texts;
  /** All in which there is such a page. */
  languages: readonly string[];
  /** The day on which it was made, `YYYY-MM-DD`. */
  day: string;
};

type Say = (key: PublicKey, params?: Record<string, string>) => string;

/** The whole file. */
export function renderPage(page: PublicPage): string {
  const { handbook, texts } = page;
  const { language } = handbook;
  const say: Say = (key, params = {}) => texts.t(language, `public.${key}`, params);
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,">
<title>${say('title')}</title>
${new Markup(`<style>${LOOK}</style>`)}
</head>
<body id="top">
<header>${languageLinks(page)}<h1>${say('title')}</h1><p>${lines(say('about'))}</p></header>
<main>
${writeSection(page, say)}
${safetySection(say)}
<nav aria-labelledby="chapters"><h2 id="chapters">${say('chapters')}</h2>
<ol>${handbook.chapters.map(({ id, pages }) => html`<li><a href="#${id}">${pages[0]?.title}</a></li>`)}</ol></nav>
${handbook.chapters.map((chapter) => chapterSection(chapter, page, say))}
<section><h2 id="sources">${say('sources.title')}</h2><p class="soft">${lines(say('sources.reported'))}</p>
<ol>${handbook.sources.map((source, n) => sourceItem(source, n + 1))}</ol></section>
</main>
${footer(page, say)}
</body>
</html>
`.text;
}

/** The same page in other languages; each called by its own name. */
function languageLinks({ handbook, languages, texts }: PublicPage): Markup | undefined {
  const others = languages.filter((each) => each !== handbook.language);
  if (others.length === 0) return undefined;
  const links = others.map(
    (each) =>
      html` <a href="/${each}" lang="${each}" hreflang="${each}">${texts.t(each, 'language.name')}</a>`,
  );
  return html`<p>${links}</p>`;
}

/** How the bot is reached, and that SOS comes first. */
function writeSection({ entrances, texts, handbook: { language } }: PublicPage, say: Say): Markup {
  const ways = entrances.map(
    ({ kind, link, shown }) =>
      html`<li>${texts.t(language, `${kind}.name`)}: <a href="${link}" rel="noreferrer">${shown}</a></li>`,
  );
  return html`<section class="danger"><h2>${say('write.title')}</h2><p><strong>${say('write.danger')}</strong></p>
${ways.length > 0 ? html`<ul class="ways">${ways}</ul>` : html`<p>${say('write.unknown')}</p>`}<p>${lines(say('write.how'))}</p></section>`;
}

const BROWSERS = ['android', 'iphone', 'computer', 'tor'] as const;

/** What this page and a browser keep of a visit, and how it goes away: in words, since the page runs nothing. */
function safetySection(say: Say): Markup {
  return html`<section><h2>${say('safety.title')}</h2><p>${lines(say('safety.page'))}</p><p>${lines(say('safety.leave'))}</p>
<ul>${BROWSERS.map((each) => html`<li>${say(`safety.${each}`)}</li>`)}</ul></section>`;
}

function chapterSection({ id, pages }: HandbookChapter, page: PublicPage, say: Say): Markup {
  const [first, ...more] = pages;
  if (!first) return html``;
  return html`<section><h2 id="${id}">${first.title}</h2>${pageLines(first, page, say)}${more.map(
    (each) => html`<h3>${each.title}</h3>${pageLines(each, page, say)}`,
  )}
<a class="top" href="#chapters">${say('chapters')}</a></section>
`;
}

function pageLines({ lines: said, contacts }: HandbookPage, page: PublicPage, say: Say): Markup {
  const texts = said.map((line) => html`<p>${lines(line.text)}${notes(line, say)}</p>`);
  return html`${texts}${contacts ? contactList(contacts, page, say) : undefined}`;
}

/** Numbers of the sources; a star: the source tells of a text that was not read. */
function notes({ sources, isReported, isUnchecked }: HandbookLine, say: Say): Markup {
  const star = isReported ? '*' : '';
  const links = sources.map((n) => html`<a href="#s${n}">${n}${star}</a>`);
  return html`${links.length > 0 ? html`<sup>${links}</sup>` : undefined}${
    isUnchecked ? html` <span class="note">${say('unchecked')}</span>` : undefined
  }`;
}

function contactList(
  contacts: NonNullable<HandbookPage['contacts']>,
  { texts, handbook: { language } }: PublicPage,
  say: Say,
): Markup {
  if (contacts.length === 0) return html`<p>${texts.t(language, 'bot.outside_none')}</p>`;
  const items = contacts.map(({ name, contact, isAlwaysOpen, verifiedOn }) => {
    const key = isAlwaysOpen ? 'bot.outside_always' : 'bot.outside_line';
    const when = say('verified_on', { day: dayFirst(verifiedOn) });
    return html`<li>${texts.t(language, key, { name, contact })} <span class="soft">${when}</span></li>`;
  });
  return html`<p>${texts.t(language, 'bot.outside_some')}</p><ul>${items}</ul>`;
}

function sourceItem({ title, date, address }: HandbookSource, n: number): Markup {
  const href = webAddress(address);
  const named =
    href === undefined ? html`${title}, ${address}` : html`<a href="${href}" rel="noreferrer">${title}</a>`;
  return html`<li id="s${n}">${named}${date ? html`, ${date}` : undefined}</li>
`;
}

function footer({ texts, day, handbook: { language } }: PublicPage, say: Say): Markup {
  const draft = texts.drafts.includes(language) ? html`<p class="note">${say('draft')}</p>` : undefined;
  return html`<footer><p>${say('made_on', { day: dayFirst(day) })}</p>${draft}</footer>`;
}

/** `2026-11-20` as "20/11/2026". */
const dayFirst = (day: string): string => day.split('-').reverse().join('/');
