import type { LINKING_KEYS } from '../../../conversation/words/linking-keys.ts';
import type { Texts } from '../../../conversation/words/texts.ts';
import { TOOL } from '../../../kernel/tool.ts';

/**
 * The page as HTML: everything it can say is in it, and `linking.js` shows one thing at a time. `texts`: of
 * `locales/<language>/linking.yaml`, in the languages on offer.
 */
export function linkingPage(texts: Texts, language: string): string {
  const say = (key: keyof typeof LINKING_KEYS): string =>
    safe(texts.t(language, `linking.${key}`, { tool: TOOL }));
  const list = (tag: 'ol' | 'ul', key: 'scan.steps' | 'code.steps' | 'handset.rules'): string =>
    `<${tag}>${say(key)
      .split('\n')
      .map((line) => `<li>${line}</li>`)
      .join('')}</${tag}>`;
  const others = texts.languages.filter((each) => each !== language).map((each) => otherLink(texts, each));
  return `<!doctype html>
<html lang="${language}" translate="no">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="google" content="notranslate">
<meta name="color-scheme" content="light dark">
<title>${say('title')} – Lakana</title>
<link rel="stylesheet" href="linking.css">
<body data-shows="waiting">
<header>
  <h1>${say('title')}</h1>
  ${others.join(' ')}
</header>
<main>
  <section aria-live="polite">
    <p data-when="waiting">${say('waiting')}</p>
    <div data-when="qr">
      <h2>${say('scan.title')}</h2>
      <img id="qr" alt="QR code">
      ${list('ol', 'scan.steps')}
      <p class="note">${say('scan.note')}</p>
    </div>
    <div data-when="code">
      <h2>${say('code.title')}</h2>
      <output id="letters"></output>
      ${list('ol', 'code.steps')}
      <p class="note">${say('code.note')}</p>
    </div>
    <p class="outcome" data-when="linked"><strong>${say('linked.title')}</strong>${say('linked.next')}</p>
    <p class="outcome" data-when="ended"><strong>${say('ended.title')}</strong>${say('ended.next')}</p>
  </section>
  <section class="keep">
    <h2>${say('handset.title')}</h2>
    <p>${say('handset.why')}</p>
    ${list('ul', 'handset.rules')}
  </section>
</main>
<script type="module" src="linking.js"></script>
</body>
</html>
`;
}

const otherLink = (texts: Texts, code: string): string =>
  `<a href="?lang=${code}" lang="${code}" hreflang="${code}">${safe(texts.t(code, 'language.name'))}</a>`;

const safe = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
