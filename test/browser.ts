/**
 * A real browser for tests: Chromium from the package where it runs, so that nothing has to be installed by hand; elsewhere an
 * installed one, or the one that LAKANA_BROWSER names.
 */
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type CDPSession,
  chromium as driver,
  type Page,
} from 'playwright-core';
import { browserProgram, noBrowser, switchesOf } from '../src/commands/print/browser-program.ts';

/** A photo: one red pixel, as a PNG. */
export const RED_SQUARE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

/** A voice that hums for half a second: 8 kHz, 8 bits, as a WAV, which every browser plays. */
export const HUM = Buffer.concat([
  Buffer.from('RIFF'),
  uint32(36 + 4_000),
  Buffer.from('WAVEfmt '),
  uint32(16),
  // PCM, one channel.
  Buffer.from([1, 0, 1, 0]),
  uint32(8_000),
  uint32(8_000),
  Buffer.from([1, 0, 8, 0]),
  Buffer.from('data'),
  uint32(4_000),
  Buffer.from(Array.from({ length: 4_000 }, (_, n) => 128 + Math.round(60 * Math.sin(n / 3)))),
]);

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A device that makes passkeys by itself; `hasPrf`: it computes with them too, from which keys are derived. */
export async function addAuthenticator(devTools: CDPSession, hasPrf = true): Promise<void> {
  await devTools.send('WebAuthn.enable');
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      hasPrf,
    },
  });
}

/** The clock of a page, from before it is loaded: it goes like any other one until it is told otherwise. */
export async function pageClock(page: Page) {
  await page.clock.install();
  return {
    /** From now on no timer of the page goes off, and no time passes in it. */
    async stops(): Promise<void> {
      await page.clock.pauseAt(Number(await page.evaluate('Date.now()')) + 1_000);
    },
    /** So much time passes in the page, at once, with all that was to happen in it. */
    runs: (ms: number): Promise<void> => page.clock.runFor(ms),
    goesOn: (): Promise<void> => page.clock.resume(),
  };
}

export type TestBrowser = {
  /** A page of its own, as if in a private window. */
  page(options?: BrowserContextOptions): ReturnType<BrowserContext['newPage']>;
  /** Closes all pages: one that is left goes on asking a service that is gone. */
  closePages(): Promise<void>;
  /** Whether it is there, and has not crashed. */
  isOpen(): boolean;
  close(): Promise<void>;
};

let shared: TestBrowser | undefined;

/** The one browser of this worker, started for the first story that wants it: a story closes its pages, and no more. */
export async function sharedBrowser(): Promise<TestBrowser> {
  if (!shared?.isOpen()) shared = await openBrowser();
  return { ...shared, close: shared.closePages };
}

/** Opens a browser of its own; works as root, without a screen, and with a microphone that hums. */
export async function openBrowser(): Promise<TestBrowser> {
  const given = process.env.LAKANA_BROWSER;
  const program = await browserProgram({ given });
  if (!program) throw new Error(noBrowser(undefined, given));
  const browser: Browser = await driver.launch({
    executablePath: program.path,
    headless: true,
    args: [
      // The package's own switches are made for a function in the cloud: one process, which a test's page can
      // bring down. These are what a machine without a screen needs.
      ...switchesOf(program),
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  });
  return {
    async page(options = {}) {
      const context = await browser.newContext({ locale: 'fr', ...options });
      // For what hangs: a busy machine is slow, and nothing is wrong with that.
      context.setDefaultTimeout(30_000);
      return await context.newPage();
    },
    async closePages() {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    isOpen: () => browser.isConnected(),
    close: () => browser.close(),
  };
}
