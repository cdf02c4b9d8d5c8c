/**
 * The console's interface as OpenAPI describes it, out of `src/contract/console.ts`, for a
 * review.
 *
 * Only members read it: it holds nothing that the source does not say, but strangers need no map of this machine, and its
 * making is theirs to ask for no more than any other answer.
 */
import swagger from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { App } from '../zod-provider.ts';
import { COOKIE } from './guard.ts';
import { serve } from './serve.ts';

const VERSION = '3.1.0';

/** To be called before the routes that it describes. */
export async function describeRoutes(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: VERSION,
      info: {
        title: 'Lakana: the console',
        description: 'Whatever changes something is asked for by the console’s own page (header `origin`).',
        version: '1',
      },
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: COOKIE } } },
    },
    transform(document) {
      const { schema, url } = jsonSchemaTransform(document);
      const right = document.route.config?.right;
      const security = right === 'outside' ? [] : [{ session: [] }];
      return { url, schema: { ...schema, security, 'x-right': right } };
    },
  });
  serve(app, 'GET /openapi.json', { right: 'self', isCompressed: true }, async () => ({
    ...app.swagger(),
    openapi: VERSION,
  }));
}
