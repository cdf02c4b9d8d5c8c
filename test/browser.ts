/** A real browser for tests: Chromium from the package, so that nothing has to be installed by hand. */
import chromium from '@sparticuz/chromium';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium as driver,
} from 'playwright-core';

/** A photo: one red pixel, as a PNG. */
export const RED_SQUARE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

export type TestBrowser = {
  /** A page of its own, as if in a private window. */
  page(options?: BrowserContextOptions): ReturnType<BrowserContext['newPage']>;
  close(): Promise<void>;
};

/** Opens the browser; works as root, without a screen, and with a microphone that hums. */
export async function openBrowser(): Promise<TestBrowser> {
  const browser: Browser = await driver.launch({
    executablePath: await chromium.executablePath(),
    headless: true,
    args: [
      // The package's own switches are made for a function in the cloud: one process, which a test's page can
      // bring down. These are what a machine without a screen needs.
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--headless=old',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  });
  return {
    async page(options = {}) {
      const context = await browser.newContext({ locale: 'fr', ...options });
      context.setDefaultTimeout(10_000);
      return await context.newPage();
    },
    close: () => browser.close(),
  };
}
