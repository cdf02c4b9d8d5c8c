import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const asGzip = promisify(gzip);
const asBrotli = promisify(brotliCompress);
/** Less than this is not worth it. */
const LEAST = 1_024;

/**
 * Compressing takes a thread of four that reading files and checking codes need too: a few at a time, the others wait.
 */
const AT_ONCE = 2;
let busy = 0;
const queue: (() => void)[] = [];
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (busy >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve));
  else busy += 1;
  try {
    return await work();
  } finally {
    // The request that has waited longest takes over the place.
    const next = queue.shift();
    if (next) next();
    else busy -= 1;
  }
}

/**
 * Sends what was serialized, compressed where the browser takes that: what age writes is for a good part base64. Only
 * for what holds no secret of the session beside text that another person chose (BREACH).
 */
export async function sendCompressed(
  request: FastifyRequest,
  reply: FastifyReply,
  body: Buffer,
): Promise<FastifyReply> {
  void reply.header('vary', 'accept-encoding');
  const taken = String(request.headers['accept-encoding'] ?? '');
  if (body.length < LEAST) return reply.send(body);
  // Brotli is better at base64, but slow at its best: at 5 it takes a fifth of the time of 9, for a few hundredths more.
  if (/\bbr\b/.test(taken)) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
    return reply.header('content-encoding', 'br').send(await inTurn(() => asBrotli(body, { params })));
  }
  if (!/\bgzip\b/.test(taken)) return reply.send(body);
  return reply.header('content-encoding', 'gzip').send(await inTurn(() => asGzip(body)));
}
