/** Answers are checked too: what a schema does not name stays on the server. */
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bytes } from '../../src/contract/forms.ts';
import { answerError } from '../../src/http/errors.ts';
import { type App, PACKED, speakZod } from '../../src/http/zod-provider.ts';
import { createLog } from '../../src/kernel/log.ts';
import { unpacked } from '../unpacked.ts';

const row = { reference: 'TAKO-4827', bytes: new Uint8Array([1, 2, 3]), phone: '+223 70 00 00 00' };
const shown = z.object({ reference: z.string(), bytes: bytes });
const inJson = z.object({ reference: z.string(), inside: z.array(z.object({ level: z.string() })) });

let app: App;
beforeAll(() => {
  app = Fastify();
  speakZod(app);
  app.setErrorHandler(answerError(createLog('silent')));
  const answers = { 200: inJson, default: z.object({ error: z.string() }) };
  const inside = [{ level: 'low', phone: row.phone }];
  app.get('/json', { schema: { response: answers } }, async () => ({ ...row, inside }));
  app.get('/wrong', { schema: { response: answers } }, async () => ({ ...row, inside: 'none' }) as never);
  app.get('/undescribed', { schema: { response: answers } }, async (_request, reply) =>
    reply.code(202).send({ ...row, inside } as never),
  );
  const packed = { content: { [PACKED]: { schema: shown } } };
  app.get('/packed', { schema: { response: { 200: packed } } }, async (_request, reply) =>
    reply.type(PACKED).send(reply.serializeInput(row, '200', PACKED) as never),
  );
  app.get('/wrong-packed', { schema: { response: { 200: packed } } }, async (_request, reply) =>
    reply.type(PACKED).send(reply.serializeInput({ reference: row.phone }, '200', PACKED) as never),
  );
});
afterAll(() => app.close());

describe('a row with a field too many', () => {
  it('leaves the server without it, as JSON and packed', async () => {
    const json = await app.inject('/json');
    expect(json.json()).toEqual({ reference: 'TAKO-4827', inside: [{ level: 'low' }] });
    const packed = new Uint8Array((await app.inject('/packed')).rawPayload);
    expect(await unpacked(packed)).toEqual({ reference: row.reference, bytes: row.bytes });
    expect(Buffer.from(packed).toString()).not.toContain(row.phone);
  });

  it('is kept back whole where it does not fit, or where no contract describes such an answer', async () => {
    for (const url of ['/wrong', '/undescribed', '/wrong-packed']) {
      const answer = await app.inject(url);
      expect([answer.statusCode, answer.json()], url).toEqual([500, { error: 'internal' }]);
      expect(answer.body).not.toContain(row.phone);
    }
  });
});
