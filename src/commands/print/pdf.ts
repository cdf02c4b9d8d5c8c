/**
 * From a file to print to a PDF, by the browser that the tests have. It is asked for nothing but this file, without a network.
 *
 * Invariant: what is cut off at the edge of a panel is never printed.
 */
import { LakanaError } from '../../kernel/errors.ts';
import { browserProgram, switchesOf } from './browser-program.ts';
import { LARGEST, SMALLEST } from './leaflet.ts';

export type Printer = {
  /** The bytes of the PDF. Throws `does_not_fit` if a panel holds more than it has room for. */
  pdf(file: string): Promise<Uint8Array>;
  close(): Promise<void>;
};

/** Undefined: this installation has no browser. */
export async function openPrinter(): Promise<Printer | undefined> {
  const playwright = await import('playwright-core').catch(() => undefined);
  const program = await browserProgram();
  if (!playwright || !program) return undefined;
  const browser = await playwright.chromium.launch({
    executablePath: program.path,
    headless: true,
    args: switchesOf(program),
  });
  return {
    async pdf(file) {
      const context = await browser.newContext({ offline: true });
      try {
        const page = await context.newPage();
        await page.emulateMedia({ media: 'print' });
        await page.setContent(file);
        const full = await page.evaluate<string[]>(`(${FIT})(${SMALLEST}, ${LARGEST})`);
        if (full.length > 0)
          throw new LakanaError(
            'does_not_fit',
            `there is more text than the sheet has room for (${full.join(', ')}): shorten the first pages of the chapters`,
          );
        return await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true });
      } finally {
        await context.close();
      }
    },
    close: () => browser.close(),
  };
}

/** In the page: letters as big as the room allows; returns the names of panels that hold more than that. */
const FIT = `(smallest, largest) => {
  const isFull = (e) => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1;
  for (const e of document.querySelectorAll('.fit')) {
    let size = largest;
    e.style.fontSize = size + 'pt';
    while (isFull(e) && size > smallest) { size -= 0.25; e.style.fontSize = size + 'pt'; }
  }
  return [...document.querySelectorAll('.panel, .columns, .poster')].filter(isFull).map((e) => e.id);
}`;
