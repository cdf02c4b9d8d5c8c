/** E-mail, ntfy, the office's own receiver, SMS and calls: each against a server that speaks its protocol. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createCallChannel,
  createSmsChannel,
} from '../../../src/channels/africas-talking/africas-talking.ts';
import { asOneSms } from '../../../src/channels/africas-talking/gsm.ts';
import type { Channel, OutgoingMessage, SendResult } from '../../../src/channels/channel.ts';
import { createEmailChannel } from '../../../src/channels/email/email-channel.ts';
import { createNtfyChannel, newTopic } from '../../../src/channels/ntfy/ntfy-channel.ts';
import { createWebhookChannel, signatureOf } from '../../../src/channels/webhook/webhook-channel.ts';
import { busy, call, published, sms, startGateway } from '../../fakes/paging/gateways.ts';
import { startMailServer } from '../../fakes/paging/mail-server.ts';

const PAGE: OutgoingMessage = {
  text: 'URGENT · TAKO-4827\nDemande d’aide à 14:02.',
  urgent: true,
  key: 'abc123',
};
const soon = () => AbortSignal.timeout(400);
const send = (channel: Channel, address: string, message = PAGE): Promise<SendResult> =>
  channel.send(address, message, soon());

let gateway: Awaited<ReturnType<typeof startGateway>>;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.close());

describe('an e-mail', () => {
  let server: Awaited<ReturnType<typeof startMailServer>>;
  beforeEach(async () => {
    server = await startMailServer();
  });
  afterEach(() => server.close());
  const channel = () => createEmailChannel({ url: server.url, from: 'permanence@example.org' });

  it('arrives with the level and reference as its subject and nothing that is secret', async () => {
    expect(await send(channel(), 'awa@example.org')).toMatchObject({ ok: true });
    const [mail] = server.mails;
    expect(mail?.to).toEqual(['awa@example.org']);
    expect(mail?.text).toMatch(/^Message-ID: <abc123@example.org>\r$/m);
    expect(mail?.text).toContain('TAKO-4827');
  });

  it('to nobody is refused for good, and one that is to come later is tried again', async () => {
    server.behaves('refuse');
    expect(await send(channel(), 'nobody@example.org')).toEqual({
      ok: false,
      reason: 'rejected',
      code: 'smtp_550',
    });
    server.behaves('busy');
    expect(await send(channel(), 'awa@example.org')).toEqual({
      ok: false,
      reason: 'unreachable',
      code: 'smtp_451',
    });
  });

  it('whose server never answers may have arrived; without a server it has not', async () => {
    server.behaves('hang');
    expect(await send(channel(), 'awa@example.org')).toMatchObject({ ok: false, reason: 'ambiguous' });
    const dead = createEmailChannel({ url: 'smtp://127.0.0.1:9', from: 'x@example.org' });
    expect(await send(dead, 'awa@example.org')).toMatchObject({ ok: false, reason: 'unreachable' });
  });

  it('whose line breaks may have arrived if its text was out, and has not before that', async () => {
    server.behaves('drop');
    expect(await send(channel(), 'awa@example.org')).toMatchObject({ ok: false, reason: 'ambiguous' });
    server.behaves('drop_early');
    expect(await send(channel(), 'awa@example.org')).toMatchObject({ ok: false, reason: 'unreachable' });
  });

  it('that was given up before its text was out does not leave later', async () => {
    server.behaves('slow');
    expect(await send(channel(), 'awa@example.org')).toEqual({
      ok: false,
      reason: 'unreachable',
      code: 'timeout',
    });
    await server.goesOn();
    expect(server.mails).toEqual([]);
  });

  it('takes a password over an encrypted line only, except on this machine', async () => {
    const url = server.url.replace('127.0.0.1', '127.0.0.2');
    const elsewhere = createEmailChannel({ url, from: 'permanence@example.org' });
    expect(await send(elsewhere, 'awa@example.org')).toEqual({
      ok: false,
      reason: 'unreachable',
      code: 'smtp_tls',
    });
    const told = createEmailChannel({ url: `${url}?requireTLS=false`, from: 'permanence@example.org' });
    expect(await send(told, 'awa@example.org')).toMatchObject({ ok: true });
  });
});

describe('a page by ntfy', () => {
  it('goes to the topic with the highest priority, and the token to nobody else', async () => {
    gateway.answer(published);
    const channel = createNtfyChannel({ url: gateway.url, token: 'tk_secret' });
    expect(await send(channel, 'lk-topic')).toMatchObject({ ok: true });
    const [request] = gateway.requests;
    expect(JSON.parse(request?.body ?? '')).toEqual({ topic: 'lk-topic', message: PAGE.text, priority: 5 });
    expect(request?.headers.authorization).toBe('Bearer tk_secret');
  });

  it('follows no redirect to somebody else', async () => {
    const other = await startGateway();
    gateway.answer({ status: 302, headers: { location: other.url } });
    expect(await send(createNtfyChannel({ url: gateway.url }), 'lk-topic')).toMatchObject({
      reason: 'rejected',
    });
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it('has a topic that nobody guesses', () => {
    expect(newTopic()).toMatch(/^lk-[\w-]{16}$/);
    expect(newTopic()).not.toBe(newTopic());
  });
});

describe('a page to the office’s own program', () => {
  it('is signed over its time and its text, with the same id for each try', async () => {
    const address = JSON.stringify({ url: `${gateway.url}/alerts`, secret: 'sh' });
    const channel = createWebhookChannel(() => 1_795_600_000_000);
    expect(await send(channel, address)).toMatchObject({ ok: true });
    const [request] = gateway.requests;
    expect(request?.path).toBe('/alerts');
    expect(JSON.parse(request?.body ?? '')).toEqual({ id: 'abc123', text: PAGE.text, urgent: true });
    expect(request?.headers['x-lakana-timestamp']).toBe('1795600000');
    expect(request?.headers['x-lakana-signature']).toBe(signatureOf('sh', '1795600000', request?.body ?? ''));
  });
});

describe('a page by SMS or call', () => {
  const options = () => ({
    username: 'office',
    apiKey: 'atsk_secret',
    smsRoot: gateway.url,
    voiceRoot: gateway.url,
    smsFrom: 'LAKANA',
  });

  it('is one SMS that any phone shows', async () => {
    gateway.answer(sms(101));
    expect(await send(createSmsChannel(options()), '+22370000000')).toMatchObject({ ok: true });
    const [request] = gateway.requests;
    expect(request?.path).toBe('/version1/messaging');
    expect(request?.headers.apikey).toBe('atsk_secret');
    const form = Object.fromEntries(new URLSearchParams(request?.body));
    expect(form).toEqual({
      username: 'office',
      to: '+22370000000',
      from: 'LAKANA',
      message: "URGENT - TAKO-4827\nDemande d'aide à 14:02.",
    });
  });

  it('is cut at 160 characters and keeps what it can of other letters', () => {
    expect(asOneSms('À l’école — ɔ')).toBe("A l'école - ");
    expect(asOneSms('x'.repeat(200))).toBe(`${'x'.repeat(157)}...`);
    const long = asOneSms(`URGENT - TAKO-4827\n${'x'.repeat(200)}\nÀ prendre dans votre messagerie.`);
    expect(long).toHaveLength(160);
    expect(long).toMatch(/^URGENT - TAKO-4827\nx+\.\.\.\nA prendre dans votre messagerie\.$/);
  });

  it.each([
    [403, { ok: false, reason: 'rejected', code: 'at_403' }],
    [405, { ok: false, reason: 'rejected', code: 'at_405' }],
    [500, { ok: false, reason: 'unreachable', code: 'at_500' }],
  ])('that the provider answers with %i goes on as it must', async (code, result) => {
    gateway.answer(sms(code));
    expect(await send(createSmsChannel(options()), '+22370000000')).toEqual(result);
  });

  it('without credit, or with a key that is wrong, counts as down: it is about every number', async () => {
    for (const reply of [sms(405), { status: 401 }]) {
      const channel = createSmsChannel(options());
      gateway.answer(reply);
      for (let n = 0; n < 3; n++) await send(channel, '+22370000000');
      expect(channel.health().state).toBe('down');
    }
    const channel = createSmsChannel(options());
    gateway.answer(sms(403));
    for (let n = 0; n < 3; n++) await send(channel, '+22370000000');
    expect(channel.health().state).toBe('up');
  });

  it('that was taken, and whose answer was cut off, may have arrived', async () => {
    gateway.answer('cut');
    expect(await send(createSmsChannel(options()), '+22370000000')).toMatchObject({ reason: 'ambiguous' });
    expect(await send(createNtfyChannel({ url: gateway.url }), 't')).toMatchObject({ ok: true });
  });

  it('cannot say a code in a call: that comes to the number as an SMS', async () => {
    const channel = createCallChannel({ ...options(), callFrom: '+22320000000' });
    gateway.answer(sms(101));
    const code = { text: '482913\nType this code.', key: 'abc124' };
    expect(await send(channel, '+22370000000', code)).toMatchObject({ ok: true });
    expect(gateway.requests.at(-1)?.path).toBe('/version1/messaging');
    expect(gateway.requests.at(-1)?.body).toContain('482913');
    gateway.answer(call('Queued'));
    await send(channel, '+22370000000');
    expect(gateway.requests.at(-1)?.path).toBe('/call');
  });

  it('rings a phone, and says so when the provider does not', async () => {
    const channel = createCallChannel({ ...options(), callFrom: '+22320000000' });
    gateway.answer(call('Queued'));
    expect(await send(channel, '+22370000000')).toMatchObject({ ok: true, messageRef: 'ATVId_1' });
    gateway.answer(call('InsufficientCredit'));
    expect(await send(channel, '+22370000000')).toEqual({
      ok: false,
      reason: 'rejected',
      code: 'at_InsufficientCredit',
    });
  });
});

describe('a service that', () => {
  const channel = () => createNtfyChannel({ url: gateway.url });

  it('is busy is asked again when it says so', async () => {
    gateway.answer(busy(7));
    expect(await send(channel(), 't')).toEqual({ ok: false, reason: 'rate_limited', retryAfterSeconds: 7 });
  });

  it('is broken, slow or dead is known as such, and counts as down after three times', async () => {
    const one = channel();
    gateway.answer({ status: 503 });
    expect(await send(one, 't')).toEqual({ ok: false, reason: 'unreachable', code: 'http_503' });
    gateway.answer({ status: 504 });
    expect(await send(channel(), 't')).toEqual({ ok: false, reason: 'ambiguous', code: 'http_504' });
    gateway.answer('hang');
    expect(await send(one, 't')).toEqual({ ok: false, reason: 'ambiguous', code: 'timeout' });
    expect(one.health().state).toBe('up');
    await gateway.close();
    expect(await send(one, 't')).toEqual({ ok: false, reason: 'unreachable', code: 'ECONNREFUSED' });
    expect(one.health()).toMatchObject({ state: 'down', lastError: 'ECONNREFUSED' });
    gateway = await startGateway();
    gateway.answer({ status: 400 });
    expect(await send(createNtfyChannel({ url: gateway.url }), 't')).toEqual({
      ok: false,
      reason: 'rejected',
      code: 'http_400',
    });
  });

  it('cannot change what was sent says so', async () => {
    expect(await channel().edit('t', 'x', PAGE, soon())).toEqual({
      ok: false,
      reason: 'rejected',
      code: 'cannot_edit',
    });
  });
});
