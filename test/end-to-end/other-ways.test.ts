/** Officers who are also reached by e-mail and SMS: the whole service, with a mail server and a gateway that misbehave. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Secret } from '../../src/kernel/secret.ts';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { call, sms, startGateway } from '../fakes/paging/gateways.ts';
import { startMailServer } from '../fakes/paging/mail-server.ts';
import { cries } from './duty.ts';
import type { Person } from './messengers/messenger.ts';
import { telegram } from './messengers/telegram.ts';
import { openWorld, type World } from './world.ts';

const NUMBER = '+22370000000';
let mail: Awaited<ReturnType<typeof startMailServer>>;
let gateway: Awaited<ReturnType<typeof startGateway>>;
let world: World;

beforeEach(async () => {
  [mail, gateway] = await Promise.all([startMailServer(), startGateway()]);
  gateway.answer(({ path }) => (path === '/call' ? call('Queued') : sms(101)));
  world = await openWorld(telegram, {
    config: {
      email: { url: new Secret(mail.url), from: 'permanence@example.org' },
      africasTalking: {
        username: 'office',
        apiKey: new Secret('atsk_secret'),
        callFrom: '+22320000000',
        smsRoot: gateway.url,
        voiceRoot: gateway.url,
      },
    },
  });
});
afterEach(async () => {
  await world.close();
  await Promise.all([mail.close(), gateway.close()]);
});

const mailsOf = (part: string) => mail.mails.filter(({ text }) => plain(text).includes(part));
/** A mail's words, however they are encoded for the way. */
const plain = (text: string): string =>
  text
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
const requests = (path: string) => gateway.requests.filter((request) => request.path === path);

/** Adds a way to reach them, and types the code that came there. */
async function adds(officer: Person, what: string, came: () => string | undefined): Promise<void> {
  await officer.says(`ajouter ${what}`);
  await officer.seesText('Un code est parti');
  await expect.poll(came).toBeDefined();
  await officer.says(/\b\d{6}\b/.exec(came() ?? '')?.[0] ?? 'rien');
  await officer.seesText('ajouté');
}
const byMail = () =>
  mail.mails
    .map(({ text }) => plain(text))
    .findLast((text) => text.includes('Écrivez ce code') || /\r\n\d{6}\r\n/.test(text));
const bySms = () =>
  requests('/version1/messaging')
    .map(({ body }) => new URLSearchParams(body).get('message') ?? '')
    .at(-1);

test('a mail server that takes a page and forgets it holds no one up: the next person is called in time', async () => {
  const kadi = await world.enrolOfficer('Kadi');
  await adds(kadi, 'email kadi@example.org', byMail);
  const issa = await world.enrolOfficer('Issa');
  await issa.says('pas de garde');
  await issa.seesText('pas de garde');
  mail.behaves('forget');
  const reference = await cries(world.person('Awa'));
  await kadi.seesText(reference);
  await world.passes(minutes(6));
  await issa.seesText(reference);
  expect(mailsOf(reference)).toEqual([]);
  await issa.chooses('Je prends');
  await kadi.seesText('Issa');
});

test('a phone whose number was said by SMS rings when no officer takes the alert, and the call says nothing', async () => {
  const kadi = await world.enrolOfficer('Kadi');
  await adds(kadi, `appel ${NUMBER}`, bySms);
  expect(requests('/call')).toEqual([]);
  const reference = await cries(world.person('Awa'));
  await kadi.seesText(reference);
  await world.passes(seconds(61));
  await expect.poll(() => requests('/call').length).toBe(1);
  const form = Object.fromEntries(new URLSearchParams(requests('/call')[0]?.body));
  expect(form).toMatchObject({ from: '+22320000000', to: NUMBER });
  expect(JSON.stringify(form)).not.toContain(reference);
});

test('a page that the mail server refuses goes by SMS within the minute', async () => {
  const kadi = await world.enrolOfficer('Kadi');
  await adds(kadi, 'email kadi@example.org', byMail);
  await adds(kadi, `sms ${NUMBER}`, bySms);
  await kadi.says('mes contacts');
  await kadi.chooses('E-mail');
  await kadi.chooses('En premier');
  mail.behaves('refuse');
  const reference = await cries(world.person('Awa'));
  await expect
    .poll(async () => (await world.database.sql`select 1 from alert_log where what = 'page_failed'`).length)
    .toBe(1);
  await kadi.seesText(reference);
  await kadi.seesText('ne vous joint plus');
  await world.passes(seconds(61));
  await expect.poll(() => bySms() ?? '').toContain(reference);
});
