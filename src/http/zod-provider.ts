/**
 * Routes are described by zod.
 *
 * Invariants: what does not fit is a 400, whose answer (`errors.ts`) never repeats what was sent; of an answer only what
 * its schema names leaves the server, packed or as JSON, and one that does not fit is a 500.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import {
  ResponseSerializationError,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { pack } from '../kernel/packed.ts';

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** The kind of a packed answer (`kernel/packed.ts`). */
export const PACKED = 'application/octet-stream';

/** Lets routes be described by zod. */
export function speakZod(app: App): void {
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler<z.ZodType>((route) => {
    if (route.contentType !== PACKED) return serializerCompiler(route);
    const { schema, method, url } = route;
    return (data) => {
      const { data: fitting, error } = schema.safeEncode(data);
      if (error) throw new ResponseSerializationError(method, url, { cause: error });
      // Fastify sends bytes as they are, also where its types say that a serializer makes text.
      return Buffer.from(pack(fitting).buffer) as unknown as string;
    };
  });
}
