/**
 * The page from which the operator links the WhatsApp number, for as long as `./lakana whatsapp pair` runs.
 *
 * Invariants: it listens on this machine only, answers only a client that knows the secret in its address and calls it
 * by a local name, and nothing of it is kept by a browser; what the QR code says is drawn here and stands nowhere else.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import helmet from '@fastify/helmet';
import Fastify from 'fastify';
import { renderSVG } from 'uqr';
import type { Texts } from '../../../conversation/words/texts.ts';
import { EventStreams } from '../../../http/event-stream.ts';
import { isOwnPage, only } from '../../../http/local.ts';
import { CONTENT_SECURITY_POLICY } from '../../../http/page-policy.ts';
import { seconds } from '../../../kernel/time.ts';
import { linkingPage } from './page.ts';

type Shown =
  | { is: 'waiting' }
  /** `text`: what the QR code says. */
  | { is: 'qr'; text: string }
  | { is: 'code'; letters: string }
  | { is: 'linked' }
  | { is: 'ended' };

export type LinkingPage = {
  /** Its address, with the secret. */
  url: string;
  /** Shows this on every page that is open, and on each that is opened later. */
  shows(what: Shown): void;
  /** What was shown last stays on the pages that are open. */
  close(): Promise<void>;
};

/**
 * Serves the page on `port` of 127.0.0.1 (0: any that is free) until it is closed, in the languages of `texts`. Rejects with
 * `EADDRINUSE` if another program listens there.
 */
export async function serveLinkingPage(port: number, texts: Texts): Promise<LinkingPage> {
  const secret = randomBytes(18).toString('base64url');
  const streams = new EventStreams({ aliveMs: seconds(15) });
  const readers = new Set<(event: object) => void>();
  let shown: Shown = { is: 'waiting' };
  let n = 0;
  // Only its number: the picture is asked for.
  const event = (): object => (shown.is === 'qr' ? { is: 'qr', n } : shown);

  const app = Fastify({ logger: false });
  await app.register(helmet, { contentSecurityPolicy: CONTENT_SECURITY_POLICY });
  app.addHook('onRequest', only(isOwnPage));
  app.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));
  app.addHook('preClose', async () => streams.end());
  const [script, style] = await Promise.all(
    ['linking.js', 'linking.css'].map((name) => readFile(new URL(name, import.meta.url), 'utf8')),
  );

  await app.register(
    async (pages) => {
      pages.get('/', async (request, reply) =>
        reply.type('text/html; charset=utf-8').send(linkingPage(texts, languageOf(texts, request))),
      );
      pages.get('/linking.js', async (_request, reply) => reply.type('text/javascript').send(script));
      pages.get('/linking.css', async (_request, reply) => reply.type('text/css').send(style));
      pages.get('/qr.svg', async (_request, reply) => {
        if (shown.is !== 'qr') return reply.code(404).send();
        return reply.type('image/svg+xml').send(renderSVG(shown.text, { border: 2 }));
      });
      pages.get('/events', async (_request, reply) =>
        streams.answer(reply, (send) => {
          readers.add(send);
          send(event());
          return () => readers.delete(send);
        }),
      );
    },
    { prefix: `/${secret}` },
  );
  const root = await app.listen({ host: '127.0.0.1', port });
  return {
    url: `${root}/${secret}/`,
    shows(what) {
      shown = what;
      n += 1;
      for (const send of readers) send(event());
    },
    close: () => app.close(),
  };
}

/** As the link on the page says, or else as the browser does, or else the default language. */
function languageOf(
  { languages, defaultLanguage }: Texts,
  request: { query: unknown; headers: { 'accept-language'?: string | undefined } },
): string {
  const { lang } = request.query as { lang?: unknown };
  const spoken = (request.headers['accept-language'] ?? '').split(',').map((each) => each.trim().slice(0, 2));
  return (
    ([lang, ...spoken].find((each) => languages.some((one) => one === each)) as string | undefined) ??
    defaultLanguage
  );
}
