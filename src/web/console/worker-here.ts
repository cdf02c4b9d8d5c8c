/** The one script that a browser is told to run beside the page. */
const WORKER = '/console/worker.js';

type Policy = { createScriptURL: (text: string) => string };
type Policies = { createPolicy: (name: string, rules: object) => Policy };

/** Runs `worker.ts` beside the page, from now on. Undefined: this browser cannot. */
export async function runWorker(): Promise<ServiceWorkerRegistration | undefined> {
  if (!('serviceWorker' in navigator)) return undefined;
  await navigator.serviceWorker.register(workerAddress(), { scope: '/console/' });
  return navigator.serviceWorker.ready;
}

/** The page may name a script to run only by this policy (Trusted Types), which knows one address. */
function workerAddress(): string {
  const { trustedTypes } = window as { trustedTypes?: Policies };
  policy ??= trustedTypes?.createPolicy('lakana-worker', { createScriptURL: () => WORKER });
  return policy?.createScriptURL(WORKER) ?? WORKER;
}
let policy: Policy | undefined;
