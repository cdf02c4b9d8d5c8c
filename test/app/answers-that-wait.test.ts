/**
 * An answer that could not be sent is looked at once more before each further try: what became of the phone, of the case and
 * of the person since then counts. It is two in the afternoon when each story begins.
 */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../src/kernel/time.ts';
import { type House, openHouse, referenceOn, until } from './house.ts';
import type { Phone } from './messenger.ts';

const AWAY = { ok: false, reason: 'unreachable', code: 'ECONNREFUSED' } as const;
const CODE = /\d{4} \d{4} \d{4} \d{4}/;

let house: House;
let kadi: Phone;
let awa: Phone;
let reference: string;
/** What stood on the phone before the messenger went away. */
let before: number;

beforeEach(async () => {
  house = await openHouse();
  kadi = await house.officer('Kadi');
  awa = house.person('Awa');
  await awa.says('SOS');
  reference = referenceOn(awa);
  await awa.says('À Kati');
});
afterEach(() => house.close());

/** From now on nothing arrives on this phone. */
const isCutOff = (phone: Phone = awa) => {
  before = phone.screen().length;
  house.phones.failing.set(phone.address, AWAY);
};
/** So much later it works again, and what is due leaves. */
async function isBackAfter(ms: number, phone: Phone = awa): Promise<void> {
  house.clock.advance(ms);
  house.phones.failing.delete(phone.address);
  await house.deliver();
}
const came = (phone: Phone = awa) => phone.screen().slice(before);

/** A message is under way to the phone at this moment; resolves to what lets it fail. */
async function isUnderWay(does: () => Promise<void>, phone: Phone = awa): Promise<() => Promise<void>> {
  const { promise, resolve } = Promise.withResolvers<typeof AWAY>();
  before = phone.screen().length;
  house.phones.failing.set(phone.address, promise);
  const doing = does();
  const isBeingSent = async () =>
    (await house.database.sql`select 1 from deliveries where state = 'sending'`).length > 0;
  await until(isBeingSent);
  return async () => {
    resolve(AWAY);
    await doing;
    house.phones.failing.delete(phone.address);
  };
}

/** They write; nothing is sent meanwhile. */
const writes = (text: string, phone: Phone = awa) =>
  house.receive({
    channel: house.phones.channel.kind,
    id: randomUUID(),
    address: phone.address,
    content: { kind: 'text', text },
  });

/** Why answers did not leave. */
const withheld = async (): Promise<string[]> =>
  (await house.database.sql`select failure from deliveries where failure like 'withheld%' order by id`).map(
    ({ failure }) => String(failure),
  );

/** How many deliveries to reporters still hold a text. */
const withText = async (): Promise<number> =>
  (await house.database.sql`select 1 from deliveries where body_sealed is not null`).length;

describe('an answer that could not be sent', () => {
  it('leaves as it is if the messenger works again soon', async () => {
    await awa.presses('Oui');
    isCutOff();
    await awa.says('statut');
    await isBackAfter(minutes(4));
    expect(came().join('\n')).toContain(reference);
  });

  it('does not leave once the person said that nothing may be written here, not even a moment later', async () => {
    isCutOff();
    await awa.says('statut');
    await writes("Non, n'écrivez pas");
    await isBackAfter(seconds(30));
    expect(came().join('\n')).not.toContain("Nous n'avons encore personne");
    expect(await withheld()).toEqual(['withheld_unsafe']);
    expect(await withText()).toBe(0);
  });

  it('does not leave later than five minutes where nothing may be written, nor where we did not understand whether', async () => {
    await awa.says("Non, n'écrivez pas");
    isCutOff();
    await awa.says('statut');
    await isBackAfter(minutes(6));
    expect(came()).toEqual([]);
    const binta = house.person('Binta');
    await binta.says('SOS');
    await binta.says('À Gao');
    await binta.says('je ne sais pas');
    isCutOff(binta);
    await binta.says('statut');
    await isBackAfter(minutes(6), binta);
    expect(came(binta)).toEqual([]);
  });

  it('waits for the hours that the person named, if they are over when it could leave', async () => {
    await awa.presses('Seulement à certaines heures');
    await awa.presses("L'après-midi, 14 h à 18 h");
    await awa.presses('Terminé');
    house.clock.advance(hours(4) - minutes(2));
    isCutOff();
    await awa.says('statut');
    await isBackAfter(minutes(10));
    expect(came()).toEqual([]);
    house.clock.advance(hours(20) - minutes(9));
    await house.deliver();
    expect(came()).toEqual([]);
    house.clock.advance(minutes(1));
    await house.deliver();
    expect(came()).toEqual(['24/11 17:58 – reçu. Pour la suite, écrivez « bonjour ».']);
  });

  it('is not said after half an hour, for the phone may be in other hands: once, that what they wrote is here', async () => {
    await awa.presses('Oui');
    isCutOff();
    await awa.says('statut');
    await awa.says('statut');
    await isBackAfter(minutes(31));
    expect(came()).toEqual(['14:00 – reçu. Pour la suite, écrivez « bonjour ».']);
    await awa.says('bonjour');
    expect(came().length).toBeGreaterThan(1);
  });

  it('does not leave after the person has left, also if it was just under way', async () => {
    await awa.presses('Oui');
    const fails = await isUnderWay(() => awa.says('statut'));
    await writes('partir');
    await fails();
    await isBackAfter(seconds(5));
    expect(came().join('\n')).not.toContain(reference);
    expect(
      await house.database.sql`select failure from deliveries where failure like 'withheld%'`,
    ).toMatchObject([{ failure: 'withheld_left' }]);
  });

  it('that one has left is not said half an hour later', async () => {
    await awa.presses('Oui');
    isCutOff();
    await awa.says('partir');
    await isBackAfter(minutes(31));
    expect(await withheld()).toEqual(['withheld_past']);
    expect(awa.screen().join('\n')).not.toContain('reçu. Pour la suite');
  });

  it('does not leave after the person had erased what it is about, also if it was just under way', async () => {
    const binta = house.person('Binta');
    for (const word of ['Signaler', 'Non, pas en ce moment', 'Signaler', 'Oui', 'Oui'])
      await binta.says(word);
    const fails = await isUnderWay(() => binta.says('Moi-même'), binta);
    await writes('On a volé un cahier au bureau.', binta);
    await writes('effacer', binta);
    await fails();
    await isBackAfter(seconds(5), binta);
    expect(await withheld()).toEqual(['withheld_left']);
    expect(came(binta).join('\n')).toContain('effacé');
    expect(came(binta).join('\n')).not.toMatch(/Racontez|Dites|cahier/);
  });

  it('does not leave once the person was muted', async () => {
    await awa.presses('Oui');
    isCutOff();
    await awa.says('statut');
    house.clock.advance(1);
    await house.database.sql`update contacts set muted_at = ${house.clock.at()}`;
    await isBackAfter(minutes(1));
    expect(came()).toEqual([]);
  });

  it('does not leave in a chat that has lost the case since', async () => {
    await awa.presses('Oui');
    const code = awa.screen().flatMap((text) => CODE.exec(text)?.[0] ?? [])[0];
    await house.cycle();
    await kadi.presses('Je prends');
    const other = house.person('Awa, ailleurs');
    await other.says(`${reference} ${code}`);
    isCutOff();
    await awa.says('statut');
    await other.says('mon ancien téléphone a été pris');
    await isBackAfter(minutes(1));
    expect(came()).toEqual([]);
  });
});

describe('a secret code that could not be sent', () => {
  beforeEach(async () => {
    isCutOff();
    await awa.says('Oui');
  });

  it('leaves if the messenger works again soon', async () => {
    await isBackAfter(minutes(1));
    expect(came().join('\n')).toMatch(CODE);
  });

  it('does not leave once it is not the code of the case any more', async () => {
    await house.database.sql`delete from receipt_codes`;
    await isBackAfter(minutes(1));
    expect(came().length).toBeGreaterThan(0);
    expect(came().join('\n')).not.toMatch(CODE);
  });

  it('does not leave half an hour later', async () => {
    await isBackAfter(minutes(31));
    expect(came()).toEqual(['14:00 – reçu. Pour la suite, écrivez « bonjour ».']);
  });
});

it('words of an officer that were under way when the person left are not tried again, and the officer is told', async () => {
  await awa.presses('Oui');
  await house.cycle();
  await kadi.presses('Je prends');
  const fails = await isUnderWay(() => kadi.presses('un appel va suivre'));
  await writes('partir');
  await fails();
  await isBackAfter(seconds(20));
  expect(came().join('\n')).not.toContain('un appel va suivre');
  expect(kadi.screen().join('\n')).toContain(
    `${reference} : « un appel va suivre » n'est pas parti : la personne a quitté la conversation.`,
  );
});

it('of a case that is erased no answer waits any more', async () => {
  await awa.presses('Oui');
  isCutOff();
  await awa.says('statut');
  expect(await withText()).toBeGreaterThan(0);
  for (const table of ['alert_log', 'pages', 'alerts', 'cases'])
    await house.database.sql.unsafe(`delete from ${table}`);
  await isBackAfter(minutes(1));
  expect(came()).toEqual([]);
  expect(await withText()).toBe(0);
});
