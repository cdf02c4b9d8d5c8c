/** E-mail, ntfy, the office's own receiver, SMS and calls: each against a server that speaks its protocol. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createCallChannel,
  createSmsChannel,
} from '../../../src/channels/africas-talking/africas-talking.ts';
import { asOneSms } from '../../../src/channels/africas-talking/gsm.ts';
import type { AccountFault, Channel, OutgoingMessage, SendResult } from '../../../src/channels/channel.ts';
import { createEmailChannel } from '../../../src/channels/email/email-channel.ts';
import { createNtfyChannel, newTopic } from '../../../src/channels/ntfy/ntfy-channel.ts';
import { createPushChannel, newPushKey } from '../../../src/channels/push/push-channel.ts';
import { createWebhookChannel, signatureOf } from '../../../src/channels/webhook/webhook-channel.ts';
import {
  account,
  busy,
  call,
  callOfNobody,
  ntfyServer,
  published,
  sms,
  smsOfNobody,
  startGateway,
} from '../../fakes/paging/gateways.ts';
import { type MailBehaviour, startMailServer } from '../../fakes/paging/mail-server.ts';
import { subscribedBrowser } from '../../fakes/paging/push-browser.ts';

const PAGE: OutgoingMessage = {
  text: 'URGENT · TAKO-4827\nDemande d’aide à 14:02.',
  urgent: true,
  key: 'abc123',
};
const soon = () => AbortSignal.timeout(30_000);
/** For what never answers. */
const inAMoment = () => AbortSignal.timeout(400);
const send = (channel: Channel, address: string, message = PAGE, signal = soon()): Promise<SendResult> =>
  channel.send(address, message, signal);

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

  it('to no one is refused for good, and one that is to come later is tried again', async () => {
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
    expect(await send(channel(), 'awa@example.org', PAGE, inAMoment())).toMatchObject({
      ok: false,
      reason: 'ambiguous',
    });
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
    expect(await send(channel(), 'awa@example.org', PAGE, inAMoment())).toEqual({
      ok: false,
      reason: 'unreachable',
      code: 'timeout',
    });
    await server.goesOn();
    expect(server.mails).toEqual([]);
  });

  it.each<[MailBehaviour, AccountFault, string]>([
    ['no_password', 'key', 'smtp_auth'],
    ['no_sender', 'sender', 'smtp_553'],
    ['no_relay', 'right', 'smtp_554'],
    ['used_up', 'quota', 'smtp_550'],
  ])('that is refused whomever it is for is the fault of our account: %s', async (as, fault, code) => {
    const url = server.url.replace('//', '//office:secret@');
    const ours = createEmailChannel({ url, from: 'permanence@example.org' });
    server.behaves(as);
    expect(await send(ours, 'awa@example.org')).toEqual({ ok: false, reason: 'account', fault, code });
    expect(ours.health()).toMatchObject({ state: 'down', fault });
    // Logging in shows no more than that the password is good.
    expect(await ours.probe?.(soon())).toBe(as === 'no_password' ? 'smtp_auth' : undefined);
    expect(ours.health()).toMatchObject({ state: 'down', fault });
    server.behaves('accept');
    await ours.probe?.(soon());
    expect(ours.health().state).toBe(as === 'no_password' ? 'up' : 'down');
    await send(ours, 'awa@example.org');
    expect(ours.health().state).toBe('up');
  });

  it('takes a password over an encrypted line only, except on this machine', async () => {
    const url = server.url.replace('127.0.0.1', '127.0.0.2');
    const elsewhere = createEmailChannel({ url, from: 'permanence@example.org' });
    expect(await send(elsewhere, 'awa@example.org')).toEqual({
      ok: false,
      reason: 'account',
      fault: 'address',
      code: 'smtp_tls',
    });
    const told = createEmailChannel({ url: `${url}?requireTLS=false`, from: 'permanence@example.org' });
    expect(await send(told, 'awa@example.org')).toMatchObject({ ok: true });
  });
});

describe('a page by ntfy', () => {
  it('goes to the topic with the highest priority, and the token to no one else', async () => {
    gateway.answer(published);
    const channel = createNtfyChannel({ url: gateway.url, token: 'tk_secret' });
    expect(await send(channel, 'lk-topic')).toMatchObject({ ok: true });
    const [request] = gateway.requests;
    expect(JSON.parse(request?.body ?? '')).toEqual({ topic: 'lk-topic', message: PAGE.text, priority: 5 });
    expect(request?.headers.authorization).toBe('Bearer tk_secret');
  });

  it('follows no redirect to another host', async () => {
    const other = await startGateway();
    gateway.answer({ status: 302, headers: { location: other.url } });
    expect(await send(createNtfyChannel({ url: gateway.url }), 'lk-topic')).toMatchObject({
      reason: 'account',
      fault: 'address',
    });
    expect(other.requests).toEqual([]);
    await other.close();
  });

  describe('with a token', () => {
    const ours = () => createNtfyChannel({ url: gateway.url, token: 'tk_ours' });

    it('that has run out is known by asking, although the server says that it is healthy, and no page is sent', async () => {
      const server = ntfyServer({ good: 'tk_new' });
      gateway.answer(server.answer);
      const channel = ours();
      expect(await channel.probe?.(soon())).toBe('http_401');
      expect(channel.health()).toMatchObject({ state: 'down', lastError: 'http_401', fault: 'key' });
      server.tokens.good = 'tk_ours';
      expect(await channel.probe?.(soon())).toBeUndefined();
      expect(channel.health()).toMatchObject({ state: 'up' });
      expect(channel.health().fault).toBeUndefined();
      expect(server.topics).toEqual([]);
    });

    it('that is refused is the fault of our account, also when the server has had enough of it', async () => {
      gateway.answer(ntfyServer({ good: 'tk_new', after: 1 }).answer);
      const channel = ours();
      const fault = { ok: false, reason: 'account', fault: 'key' };
      expect(await send(channel, 'lk-topic')).toEqual({ ...fault, code: 'http_401' });
      expect(channel.health().state).toBe('down');
      expect(await send(channel, 'lk-topic')).toEqual({ ...fault, code: 'ntfy_42909' });
    });

    it('that may not write, or has no messages left today, is known from the answer to a send', async () => {
      const server = ntfyServer({ good: 'tk_ours', mayWrite: false });
      gateway.answer(server.answer);
      const channel = ours();
      expect(await send(channel, 'lk-topic')).toMatchObject({ reason: 'account', fault: 'right' });
      expect(await channel.probe?.(soon())).toBe('http_403');
      Object.assign(server.tokens, { mayWrite: true, isUsedUp: true });
      expect(await send(channel, 'lk-topic')).toMatchObject({ reason: 'account', fault: 'quota' });
      // The server would take the question; whether it takes a page only a page shows.
      expect(await channel.probe?.(soon())).toBeUndefined();
      expect(channel.health()).toMatchObject({ state: 'down', fault: 'quota' });
      server.tokens.isUsedUp = false;
      expect(await send(channel, 'lk-topic')).toMatchObject({ ok: true });
      expect(channel.health().state).toBe('up');
    });

    it('that is good is not said to be well by a server that takes pages and never answers', async () => {
      gateway.answer('hang');
      const channel = ours();
      for (let n = 0; n < 3; n++) await channel.send('lk-topic', PAGE, AbortSignal.timeout(30));
      expect(channel.health().state).toBe('down');
      gateway.answer(ntfyServer({ good: 'tk_ours' }).answer);
      expect(await channel.probe?.(soon())).toBeUndefined();
      expect(channel.health().state).toBe('up');
    });
  });

  it('has a topic that no one guesses', () => {
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

describe('a push', () => {
  const channel = () =>
    createPushChannel({ key: async () => key, subject: 'https://lakana.example.org', isLocal: true });
  const key = newPushKey();
  const browser = () => JSON.stringify(subscribedBrowser(`${gateway.url}/push/1`).subscription);

  it.each([
    [404, {}],
    [410, { reason: 'Unregistered' }],
    [400, { reason: 'VapidPkHashMismatch' }],
    [403, { message: 'the VAPID credentials do not correspond to those of the subscription.' }],
  ])('answered with %i reaches that browser no more: %j', async (status, body) => {
    gateway.answer({ status, body });
    const pushes = channel();
    expect(await send(pushes, browser())).toEqual({ ok: false, reason: 'blocked' });
    expect(pushes.health().state).toBe('up');
  });

  it.each([
    [401, {}],
    [403, { reason: 'BadJwtToken' }],
  ])('answered with %i otherwise is the fault of our own key or clock: %j', async (status, body) => {
    gateway.answer({ status, body });
    const pushes = channel();
    expect(await send(pushes, browser())).toMatchObject({ reason: 'account', fault: 'key' });
    expect(pushes.health()).toMatchObject({ state: 'down', fault: 'key' });
  });
});

describe('a program of the office that', () => {
  const address = () => JSON.stringify({ url: `${gateway.url}/alerts`, secret: 'sh' });

  it.each([
    { ok: false },
    { success: false, message: 'no route' },
    { error: 'no credit' },
    { status: 'error' },
  ])('answers 200 and says no has not taken it: %j', async (body) => {
    gateway.answer({ status: 200, body });
    expect(await send(createWebhookChannel(), address())).toEqual({
      ok: false,
      reason: 'rejected',
      code: 'webhook_says_no',
    });
  });

  it.each([{ ok: true, error: null }, { status: 'queued', error: '' }, {}])(
    'says yes has: %j',
    async (body) => {
      gateway.answer({ status: 200, body });
      expect(await send(createWebhookChannel(), address())).toMatchObject({ ok: true });
    },
  );
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
    [406, { ok: false, reason: 'rejected', code: 'at_406' }],
    [502, { ok: false, reason: 'rejected', code: 'at_502' }],
    [401, { ok: false, reason: 'account', fault: 'hold', code: 'at_401' }],
    [402, { ok: false, reason: 'account', fault: 'sender', code: 'at_402' }],
    [405, { ok: false, reason: 'account', fault: 'balance', code: 'at_405' }],
    [500, { ok: false, reason: 'unreachable', code: 'at_500' }],
  ])('that the provider answers with %i goes on as it must', async (code, result) => {
    gateway.answer(sms(code));
    expect(await send(createSmsChannel(options()), '+22370000000')).toEqual(result);
  });

  it('without credit, with a wrong key or sender, counts as down at once: it is about every number', async () => {
    for (const [reply, fault] of [
      [sms(405), 'balance'],
      [{ status: 401 }, 'key'],
      [{ status: 403 }, 'right'],
      [smsOfNobody('InvalidSenderId'), 'sender'],
      [smsOfNobody('Insufficient balance'), 'balance'],
    ] as const) {
      const channel = createSmsChannel(options());
      gateway.answer(reply);
      expect(await send(channel, '+22370000000')).toMatchObject({ reason: 'account', fault });
      expect(channel.health()).toMatchObject({ state: 'down', fault });
    }
    const channel = createSmsChannel(options());
    gateway.answer(sms(403));
    for (let n = 0; n < 3; n++) await send(channel, '+22370000000');
    expect(channel.health().state).toBe('up');
  });

  it('is not well again because the account answers: the sender that was refused shows in an SMS', async () => {
    const channel = createSmsChannel(options());
    gateway.answer(({ path }) => (path.startsWith('/version1/user') ? account('KES 1785.50') : sms(402)));
    await send(channel, '+22370000000');
    expect(await channel.probe?.(soon())).toBeUndefined();
    expect(channel.health()).toMatchObject({ state: 'down', fault: 'sender' });
    gateway.answer(sms(101));
    await send(channel, '+22370000000');
    expect(channel.health()).toMatchObject({ state: 'up' });
  });

  it('without money is known before an officer must be woken, and so is that it was charged', async () => {
    const channel = createSmsChannel(options());
    gateway.answer(account('XOF 0.0000'));
    expect(await channel.probe?.(soon())).toBe('at_no_balance');
    expect(channel.health()).toMatchObject({ state: 'down', fault: 'balance' });
    gateway.answer(account('XOF 5000.0000'));
    expect(await channel.probe?.(soon())).toBeUndefined();
    expect(channel.health().state).toBe('up');
    // A server that says it otherwise is asked no more than whether it knows the key.
    gateway.answer({ status: 200, body: { UserData: {} } });
    expect(await channel.probe?.(soon())).toBeUndefined();
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
    // The name that an SMS comes from has nothing to do with calls.
    gateway.answer(sms(402));
    expect(await send(channel, '+22370000000', code)).toMatchObject({ reason: 'rejected' });
    expect(channel.health().state).toBe('up');
    gateway.answer(call('Queued'));
    await send(channel, '+22370000000');
    expect(gateway.requests.at(-1)?.path).toBe('/call');
  });

  it('rings a phone, and says so when the provider does not', async () => {
    const channel = createCallChannel({ ...options(), callFrom: '+22320000000' });
    gateway.answer(call('Queued'));
    expect(await send(channel, '+22370000000')).toMatchObject({ ok: true, messageRef: 'ATVId_1' });
    const refused = async (reply: Parameters<typeof gateway.answer>[0]) => {
      gateway.answer(reply);
      return send(channel, '+22370000000');
    };
    expect(await refused(call('InsufficientCredit'))).toEqual({
      ok: false,
      reason: 'account',
      fault: 'balance',
      code: 'at_InsufficientCredit',
    });
    expect(await refused(callOfNobody('Invalid callerId: +22320000000'))).toEqual({
      ok: false,
      reason: 'account',
      fault: 'caller',
      code: 'at_no_entry',
    });
    expect(await refused(call('DestinationNotSupported'))).toMatchObject({ reason: 'rejected' });
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
    expect(await send(one, 't', PAGE, inAMoment())).toEqual({
      ok: false,
      reason: 'ambiguous',
      code: 'timeout',
    });
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
