/**
 * The console's page: what Vite built of it, which is a folder of its own, so that a live service serves no simulator.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { CONTENT_SECURITY_POLICY } from '../page-policy.ts';
import type { App } from '../zod-provider.ts';

type Parts = {
  /** `dist/console`. */
  root: string;
  /** Where the console stands: who comes by another name of this machine is sent there, as passkeys belong to a name. */
  origin: () => string;
};

/** As for every page; and no text becomes a script or markup by any way (Trusted Types), but for the worker's address. */
const POLICY = Object.entries({
  ...CONTENT_SECURITY_POLICY.directives,
  'require-trusted-types-for': ["'script'"],
  // The one address that a browser is told to run: the worker's.
  'trusted-types': ['lakana-worker'],
  'worker-src': ["'self'"],
  // On an iPhone only a page that was put on the home screen is rung.
  'manifest-src': ["'self'"],
})
  .map(([name, values]) => `${name} ${values.join(' ')}`)
  .join('; ');

export async function consolePage(app: App, { root, origin }: Parts): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(root, 'files'),
    prefix: '/console/files/',
    // The simulator has its own.
    decorateReply: false,
    index: false,
    preCompressed: true,
    immutable: true,
    maxAge: '1y',
  });
  app.get('/console/', async (request, reply) => {
    const home = new URL(origin());
    // By its name alone: nginx, as Debian has it, leaves the port out.
    const [name] = (request.headers.host ?? '').split(':');
    if (home.hostname === 'localhost' && name !== 'localhost')
      return reply.redirect(`${home.origin}/console/`);
    return reply
      .header('content-security-policy', POLICY)
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(await readFile(join(root, 'index.html')));
  });
  app.get('/console/worker.js', async (_request, reply) =>
    reply
      .header('cache-control', 'no-cache')
      .type('text/javascript; charset=utf-8')
      .send(await readFile(join(root, 'worker.js'))),
  );
  app.get('/console', async (_request, reply) => reply.redirect('/console/'));
}

/** Name of the script with which the page begins; it changes with what was built. Undefined: nothing is built. */
export async function pageScriptIn(root: string): Promise<string | undefined> {
  const page = await readFile(join(root, 'index.html'), 'utf8').catch(() => '');
  return /files\/index-[\w-]+\.js/.exec(page)?.[0];
}
