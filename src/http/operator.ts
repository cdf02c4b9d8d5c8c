/**
 * Which clients are the operator's, for what would tell a stranger how busy the line is.
 *
 * Invariant: where a proxy is expected, nothing that a request says of where it comes from is believed: only the word
 * that the operator has set.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { isLocal } from './local.ts';

type Known = {
  /** A proxy stands in front, as the settings say: everybody may look as if they sat here. */
  isProxied: boolean;
  /** `METRICS_TOKEN`. */
  token: string | undefined;
};

/** Whether a request is the operator's: by the token, or made on this machine where no proxy stands in front. */
export function createOperator({ isProxied, token }: Known): (request: FastifyRequest) => boolean {
  const expected = token === undefined ? undefined : digest(token);
  return (request) => {
    const given = /^Bearer (.{1,300})$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given !== undefined) return expected !== undefined && timingSafeEqual(expected, digest(given));
    return !isProxied && isLocal(request);
  };
}

/** Hashed first, so that the comparison takes as long for every length. */
const digest = (word: string): Buffer => createHash('sha256').update(word).digest();
