import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const asGzip = promisify(gzip);
/** Less than this is not worth it. */
const LEAST = 1_024;

/**
 * Sends JSON, compressed where the browser takes that: base64 loses a quarter, on networks where each kilobyte counts.
 * Only for what holds no secret of the session beside text that somebody else chose (BREACH).
 */
export async function sendCompressed(
  request: FastifyRequest,
  reply: FastifyReply,
  value: unknown,
): Promise<FastifyReply> {
  const text = JSON.stringify(value);
  void reply.type('application/json; charset=utf-8').header('vary', 'accept-encoding');
  const isTaken = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (!isTaken || text.length < LEAST) return reply.send(text);
  const bytes = await asGzip(text, { level: constants.Z_BEST_COMPRESSION });
  return reply.header('content-encoding', 'gzip').send(bytes);
}
