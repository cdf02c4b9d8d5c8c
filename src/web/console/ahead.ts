/**
 * What is asked for before the program is there: on a slow network and a slow phone each half second counts.
 *
 * Invariant: a case that comes ahead is sealed, and is asked for with the session from before; without one nothing comes.
 */

type Asked = { answer: Promise<Response>; at: number };
let signIn: Asked | undefined;
let sealed: (Asked & { reference: string }) | undefined;

/** A challenge lives for five minutes. */
const FRESH_MS = 4 * 60_000;
const PATIENCE = 30_000;

/** Asks for what this place will need. `hash`: as in the address. */
export function askAhead(hash: string): void {
  if (/^#(join|device)=/.test(hash) || hash === '#/make-key') return;
  const reference = /^#\/case\/([A-Z]{4}-\d{4})$/.exec(hash)?.[1];
  const ask = (path: string, how: RequestInit = {}): Asked => {
    const answer = fetch(`/console/api${path}`, { ...how, signal: AbortSignal.timeout(PATIENCE) });
    // The caller that takes it hears of it.
    answer.catch(() => undefined);
    return { answer, at: Date.now() };
  };
  const headers = { 'content-type': 'application/json' };
  signIn = ask('/sign-in/begin', { method: 'POST', headers, body: '{}' });
  signIn.answer.then(mustBeNewest).catch(() => undefined);
  if (reference) sealed = { reference, ...ask(`/cases/${reference}`) };
}

/** The page may come out of what the browser kept: after an upgrade of the service it is loaded anew. */
async function mustBeNewest({ headers }: Response): Promise<void> {
  const newest = headers.get('x-console');
  const script = document.querySelector<HTMLScriptElement>('script[type=module]')?.src ?? '';
  if (!newest || script.endsWith(newest) || !('caches' in window)) return;
  if (await caches.delete('console')) window.location.reload();
}

/** The answer to "begin signing in", once. */
export function signInAhead(): Promise<Response> | undefined {
  const asked = signIn;
  signIn = undefined;
  return asked && Date.now() - asked.at < FRESH_MS ? asked.answer : undefined;
}

/** The sealed case, once. */
export function caseAhead(reference: string): Promise<Response> | undefined {
  const asked = sealed;
  sealed = undefined;
  return asked?.reference === reference ? asked.answer : undefined;
}
