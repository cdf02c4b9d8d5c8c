/** The operator links the number: what can go wrong, each time with one line that says what to do. */
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Office, openOffice } from './whatsapp-office.ts';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

describe('a number is linked by eight letters', () => {
  test('that are typed on the handset', async () => {
    const pairing = office.pairs({ code: '+223 70 00 00 01', json: true });
    await office.whatsapp.handset.types(await pairing.letters());
    expect((await pairing.ended).code).toBe('done');
    expect((await office.status()).json).toMatchObject({ linked: true, numberEndsIn: '01' });
    expect((await office.pairs({ json: true }).ended).code).toBe('linked');
  });

  test('that are new when the connection for which they were made is gone', async () => {
    const pairing = office.pairs({ code: '+22370000001', json: true });
    const old = await pairing.letters();
    office.whatsapp.drops();
    const letters = await pairing.letters(2);
    expect(letters).not.toBe(old);
    await office.whatsapp.handset.types(letters);
    expect((await pairing.ended).code).toBe('done');
  });

  test('not by other letters, and nothing is left when no one types the right ones', async () => {
    const pairing = office.pairs({ code: '+22370000001', json: true, for: '0.05' });
    await pairing.letters();
    await office.whatsapp.handset.types('ABCDEFGH');
    expect(await pairing.ended).toMatchObject({
      code: 'not_scanned',
      words: expect.stringContaining('letters'),
    });
    expect(await office.session()).toHaveLength(0);
  });

  test('not when WhatsApp gives none for this number', async () => {
    office.whatsapp.fail({ on: 'iq:md', with: 400 });
    const { code, words } = await office.pairs({ code: '+22370000001', json: true }).ended;
    expect(code).toBe('bad_number');
    expect(words).toContain('(400)');
    expect(await office.session()).toHaveLength(0);
  });

  test('not for what is no number', async () => {
    for (const code of ['70000001', '+223', 'Awa', '+0022370000001'])
      expect(await office.pairs({ code, json: true }).ended).toMatchObject({ code: 'bad_number' });
  });
});

describe('a linking that does not come to its end', () => {
  test('because the operator stops it leaves nothing, and can be begun again', async () => {
    const pairing = office.pairs({ json: true });
    await pairing.qr();
    pairing.stops();
    expect(await pairing.ended).toMatchObject({ code: 'interrupted' });
    expect(await office.session()).toHaveLength(0);
    const again = office.pairs({ json: true });
    await office.whatsapp.handset.scans(await again.qr());
    expect((await again.ended).code).toBe('done');
  });

  test('because it was stopped after WhatsApp had accepted is brought to it by the next try', async () => {
    const pairing = office.pairs({ json: true });
    const qr = await pairing.qr();
    // The network goes with the handset's yes.
    office.whatsapp.fail({ on: 'connect', with: 'drop', times: Number.POSITIVE_INFINITY });
    await office.whatsapp.handset.scans(qr);
    await office.whatsapp.until(() => office.whatsapp.account.linked);
    await expect.poll(async () => (await office.status()).json).toMatchObject({ linked: true });
    pairing.stops();
    expect(await pairing.ended).toMatchObject({ code: 'interrupted' });
    office.whatsapp.heal();
    const again = office.pairs({ json: true });
    expect((await again.ended).code).toBe('done');
    expect(again.said()).not.toContain('qr');
  });

  test('because it was taken off the handset meanwhile begins anew', async () => {
    const pairing = office.pairs({ json: true });
    const qr = await pairing.qr();
    office.whatsapp.fail({ on: 'connect', with: 'drop', times: Number.POSITIVE_INFINITY });
    await office.whatsapp.handset.scans(qr);
    await office.whatsapp.until(() => office.whatsapp.account.linked);
    await expect.poll(async () => (await office.status()).json).toMatchObject({ linked: true });
    pairing.stops();
    await pairing.ended;
    office.whatsapp.heal();
    office.whatsapp.handset.unlinks();
    const again = office.pairs({ json: true });
    await office.whatsapp.handset.scans(await again.qr());
    expect((await again.ended).code).toBe('done');
  });

  test('because WhatsApp refuses the login leaves nothing, and says what to do', async () => {
    const ways: [number, string, string][] = [
      [401, 'logged_out', 'Linked devices'],
      [403, 'refused', 'read what it says'],
      [405, 'outdated', 'new version'],
    ];
    for (const [refusal, code, words] of ways) {
      const pairing = office.pairs({ json: true });
      const qr = await pairing.qr();
      office.whatsapp.fail({ on: 'login', with: refusal });
      await office.whatsapp.handset.scans(qr);
      expect(await pairing.ended).toMatchObject({ code, words: expect.stringContaining(words) });
      expect(await office.session()).toHaveLength(0);
    }
  });

  test('because there is no network says so', async () => {
    office.whatsapp.fail({ on: 'connect', with: 'drop', times: Number.POSITIVE_INFINITY });
    const { code, words } = await office.pairs({ json: true }).ended;
    expect(code).toBe('unreachable');
    expect(words).toContain('see the network');
  });

  test('because another process holds the connection says so', async () => {
    await office.database.sql`insert into leases (name, holder, until)
      values ('whatsapp', gen_random_uuid(), now() + interval '1 hour')`;
    expect(await office.pairs({ json: true }).ended).toMatchObject({ code: 'busy' });
  });

  test('because the port of its page is taken says so', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as { port: number };
    const { code, words } = await office.pairs({ port: String(port) }).ended;
    other.close();
    expect([code, words]).toEqual(['bad_port', expect.stringContaining('--port')]);
  });
});
