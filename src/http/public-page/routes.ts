/**
 * The public page: `/` in the default language, `/fr`, `/en` in each that is on offer. For people who want to know, before they
 * write to anybody, perhaps by Tor with everything turned off.
 *
 * Invariants: the same answer for everybody; no cookie is set or read, no script runs, nothing is loaded beside it; nobody is
 * told who asked: no log, no count but the limits on requests that hold for every page; a request costs no query and no
 * rendering; no browser and no proxy is to keep a copy, which a thief of the phone could read.
 */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../zod-provider.ts';
import type { PublicPages } from './pages.ts';
import { LOOK } from './style.ts';

export type PublicPageParts = { pages: PublicPages; now: () => Date };

const styleHash = createHash('sha256').update(LOOK).digest('base64');
/** The style that stands in the page, and nothing else. `data:`: the empty icon, so that no browser asks for one. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export async function publicPageRoutes(app: App, { pages, now }: PublicPageParts): Promise<void> {
  // The page asks for nothing of a phone.
  app.addHook(
    'onSend',
    async (_request, reply) =>
      void reply.header('permissions-policy', 'microphone=(), camera=(), geolocation=()'),
  );
  app.get('/', async (request, reply) => answer(request, reply, pages.defaultLanguage()));
  app.get<{ Params: { language: string } }>('/:language(^[a-z]{2,3}$)', async (request, reply) =>
    answer(request, reply, request.params.language),
  );

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    language: string,
  ): Promise<FastifyReply> {
    const page = await pages.page(language, now());
    if (!page) {
      reply.callNotFound();
      return reply;
    }
    void reply
      .header('content-security-policy', POLICY)
      .header('cache-control', 'no-store')
      .header('vary', 'accept-encoding')
      .header('content-language', language)
      .type('text/html; charset=utf-8');
    const taken = takenForms(String(request.headers['accept-encoding'] ?? ''));
    if (taken.has('br')) return reply.header('content-encoding', 'br').send(page.br);
    if (taken.has('gzip')) return reply.header('content-encoding', 'gzip').send(page.gzip);
    return reply.send(page.plain);
  }
}

/** What the browser names, without what it refuses by a weight of nothing ("br;q=0"). */
const takenForms = (header: string): Set<string> =>
  new Set(
    header.split(',').flatMap((each) => {
      const [form = '', weight = 'q=1'] = each.split(';').map((part) => part.trim().toLowerCase());
      return Number(weight.replace('q=', '')) === 0 ? [] : [form];
    }),
  );
