/**
 * Loads the page anew, past what the browser kept of it, when what it needs is gone from the service.
 *
 * Invariant: once for each page that the service sent, so never in a loop; where nothing can be remembered, never.
 */
export type Browser = {
  caches?: { delete: (name: string) => Promise<boolean> };
  sessionStorage: { getItem: (key: string) => string | null; setItem: (key: string, value: string) => void };
  location: { reload: () => void };
  document: { querySelector: (selector: string) => object | null };
};

const REMEMBERED = 'lakana-loaded-anew';
/** What `worker.ts` keeps. */
const KEPT = 'console';

/** False: that was done for this page, and did not help. */
export async function loadAnew(browser = globalThis as unknown as Browser): Promise<boolean> {
  const script = browser.document.querySelector('script[type=module]') as { src?: string } | null;
  const name = script?.src ?? '';
  try {
    const before = (browser.sessionStorage.getItem(REMEMBERED) ?? '').split(' ');
    if (before.includes(name)) return false;
    browser.sessionStorage.setItem(REMEMBERED, [...before, name].join(' ').trim());
  } catch {
    return false;
  }
  await browser.caches?.delete(KEPT).catch(() => false);
  browser.location.reload();
  return true;
}
