import { LINKING_WORDS, type PageLanguage } from './words.ts';

/** The page as HTML: everything it can say is in it, and `linking.js` shows one thing at a time. */
export function linkingPage(language: PageLanguage): string {
  const words = LINKING_WORDS[language];
  const other = language === 'fr' ? 'en' : 'fr';
  return `<!doctype html>
<html lang="${language}" translate="no">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="google" content="notranslate">
<meta name="color-scheme" content="light dark">
<title>${safe(words.title)} – Lakana</title>
<link rel="stylesheet" href="linking.css">
<body data-shows="waiting">
<header>
  <h1>${safe(words.title)}</h1>
  <a href="?lang=${other}" lang="${other}" hreflang="${other}">${safe(words.other)}</a>
</header>
<main>
  <section aria-live="polite">
    <p data-when="waiting">${safe(words.waiting)}</p>
    <div data-when="qr">
      <h2>${safe(words.scan.title)}</h2>
      <img id="qr" alt="QR code">
      ${list('ol', words.scan.steps)}
      <p class="note">${safe(words.scan.note)}</p>
    </div>
    <div data-when="code">
      <h2>${safe(words.code.title)}</h2>
      <output id="letters"></output>
      ${list('ol', words.code.steps)}
      <p class="note">${safe(words.code.note)}</p>
    </div>
    <p class="outcome" data-when="linked"><strong>${safe(words.linked.title)}</strong>${safe(words.linked.next)}</p>
    <p class="outcome" data-when="ended"><strong>${safe(words.ended.title)}</strong>${safe(words.ended.next)}</p>
  </section>
  <section class="keep">
    <h2>${safe(words.handset.title)}</h2>
    <p>${safe(words.handset.why)}</p>
    ${list('ul', words.handset.rules)}
  </section>
</main>
<script type="module" src="linking.js"></script>
</body>
</html>
`;
}

const safe = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

const list = (tag: 'ol' | 'ul', items: readonly string[]): string =>
  `<${tag}>${items.map((item) => `<li>${safe(item)}</li>`).join('')}</${tag}>`;
