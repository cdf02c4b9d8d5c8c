/** A person who floods, and one whom an officer has muted. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { type House, openHouse, referenceOn } from './house.ts';
import type { Phone } from './messenger.ts';

const SLOW_DOWN =
  'Vous écrivez vite. Tout ce que vous envoyez est gardé. La réponse vient dans une minute.\nSOS passe tout de suite.';
const MUTED =
  'Vos messages ne sont pas lus en ce moment.\n' +
  'Si vous êtes en danger, écrivez SOS : cela passe une fois par heure.';

let house: House;
let awa: Phone;
let reference: string;
beforeEach(async () => {
  house = await openHouse();
  awa = house.person('Awa');
});
afterEach(() => house.close());

const inCase = async (): Promise<string> => JSON.stringify((await house.read(reference)).items);

/** Time goes by and what is due leaves. */
async function pass(ms: number): Promise<void> {
  house.clock.advance(ms);
  await house.cycle();
}

describe('a flood', () => {
  /** So many messages within one minute: as fast as anybody types while each is answered, then all at once. */
  async function types(words: number, word = 'mot'): Promise<void> {
    for (let n = 1; n <= words; n++) {
      if (n <= 32) await pass(seconds(1.6));
      await awa.says(`${word} ${n}.`);
    }
  }

  /** The first of the minute is an SOS. */
  async function floods(words: number): Promise<void> {
    await awa.says('SOS');
    reference = referenceOn(awa);
    await types(words);
  }

  const restOfMinute = (): number => minutes(1) - (house.clock.at().getTime() % minutes(1));

  test('of thirty in a minute is answered like anybody', async () => {
    await floods(29);
    expect(awa.screen()).not.toContain(SLOW_DOWN);
    expect(awa.screen().length).toBeGreaterThanOrEqual(30);
  });

  test('of more is told once to wait a minute, and then gets the last answer only', async () => {
    await floods(29);
    const before = awa.screen().length;
    await awa.says('mot 30.');
    expect(awa.last()).toBe(SLOW_DOWN);
    for (let n = 31; n <= 60; n++) await awa.says(`mot ${n}.`);
    expect(awa.screen().slice(before)).toEqual([SLOW_DOWN]);
    await pass(restOfMinute() - 1);
    expect(awa.screen()).toHaveLength(before + 1);
    await pass(1);
    expect(awa.screen()).toHaveLength(before + 2);
    await awa.says('merci');
    expect(awa.screen().length).toBe(before + 3);
  });

  test('loses nothing of what is said', async () => {
    await floods(60);
    const said = await inCase();
    for (let n = 1; n <= 60; n++) expect(said).toContain(`mot ${n}.`);
  });

  test('lets an SOS pass at once, whatever waits before it', async () => {
    const kadi = await house.officer('Kadi');
    await floods(45);
    const before = awa.screen().length;
    await awa.says('SOS');
    expect(awa.screen().slice(before).join('\n')).toContain(reference);
    await pass(seconds(1));
    expect(kadi.screen().join('\n')).toMatch(/redemande : 2e fois/);
  });

  test('of a person without a case lets their first SOS pass at once', async () => {
    await awa.says('/start');
    await awa.presses('Français');
    await awa.presses('Non, pas en ce moment');
    await types(40);
    expect(awa.last()).toBe(SLOW_DOWN);
    const before = awa.screen().length;
    await awa.says('SOS');
    expect(awa.screen().slice(before).join('\n')).toMatch(/Nous avons reçu votre SOS/);
  });

  test('delays no one else', async () => {
    await floods(45);
    const binta = house.person('Binta');
    await binta.says('SOS');
    expect(binta.last()).toContain('Où êtes-vous ?');
  });

  test('is told again in the next minute in which there is one', async () => {
    await floods(45);
    await pass(restOfMinute());
    await types(45, 'encore');
    expect(awa.screen().filter((text) => text === SLOW_DOWN)).toHaveLength(2);
  });
});

describe('a reporter whom an officer has muted', () => {
  let kadi: Phone;
  beforeEach(async () => {
    kadi = await house.officer('Kadi');
    await awa.says('SOS');
    reference = referenceOn(awa);
    await house.cycle();
    await kadi.presses('Je prends');
    await house.cycle();
  });

  async function mutes(): Promise<void> {
    await kadi.presses('Mettre en sourdine');
    await kadi.says('Insultes répétées');
    expect(kadi.last()).toBe(
      `La personne de ${reference} est en sourdine.\n` +
        "Son SOS passe encore, une fois par heure. L'alerte reste ouverte.",
    );
    // Not the minute in which the SOS was counted.
    await pass(minutes(1));
  }

  test('is told, once a minute, that only an SOS is read; nothing else they say is kept', async () => {
    await mutes();
    const before = awa.screen().length;
    await awa.says('première insulte');
    await awa.says('deuxième insulte');
    await pass(minutes(1));
    await awa.says('troisième insulte');
    expect(awa.screen().slice(before)).toEqual([MUTED, MUTED]);
    expect(await inCase()).not.toContain('insulte');
  });

  test('is heard with an SOS, and with what they say for ten minutes after it', async () => {
    await mutes();
    await awa.says('SOS');
    await house.cycle();
    expect(kadi.screen().join('\n')).toMatch(/redemande : 2e fois/);
    await pass(minutes(9));
    await awa.says('Kati, derrière le marché');
    expect(await inCase()).toContain('Kati, derrière le marché');
    await pass(minutes(1));
    await awa.says('une insulte');
    expect(awa.last()).toBe(MUTED);
    expect(await inCase()).not.toContain('une insulte');
  });

  test('is heard with the next SOS after an hour, not before', async () => {
    await mutes();
    await awa.says('SOS');
    await pass(minutes(59));
    await awa.says('SOS');
    expect(awa.last()).toBe(MUTED);
    await pass(minutes(1));
    await awa.says('au secours');
    await house.cycle();
    expect(kadi.screen().join('\n')).toMatch(/redemande : 3e fois/);
  });

  test('whose alert was closed raises it anew with an SOS', async () => {
    await mutes();
    await kadi.presses('Clore');
    await kadi.presses('Fausse alerte');
    await awa.says('SOS');
    expect(await house.database.sql`select state from alerts`).toMatchObject([{ state: 'open' }]);
  });

  test('is heard again when the officer lifts it', async () => {
    await mutes();
    await kadi.presses('Lever la sourdine');
    expect(kadi.last()).toBe(`La personne de ${reference} n'est plus en sourdine.`);
    await awa.says('Kati, derrière le marché');
    expect(await inCase()).toContain('Kati, derrière le marché');
  });

  test('stays with an open alert: muting closes nothing', async () => {
    await mutes();
    expect(await house.database.sql`select state, next_step_at is null as idle from alerts`).toMatchObject([
      { state: 'taken', idle: false },
    ]);
  });

  test('is not muted if the officer thinks better of it', async () => {
    await kadi.presses('Mettre en sourdine');
    await kadi.presses('Annuler');
    await kadi.says('Insultes répétées');
    await awa.says('Kati, derrière le marché');
    expect(await inCase()).toContain('Kati, derrière le marché');
  });

  test('has the reason, and who decided, kept: the reason under the server key, the decision in the log of the alert', async () => {
    await mutes();
    const [row] = await house.database.sql`select id, muted_by, muted_reason_sealed as sealed from contacts
      where muted_at is not null`;
    const reason = house.ctx.keyring.open('mute-reason', row?.id, row?.sealed);
    expect(new TextDecoder().decode(reason)).toBe('Insultes répétées');
    expect(Buffer.from(row?.sealed).includes('Insultes')).toBe(false);
    await kadi.presses('Lever la sourdine');
    const log = await house.database
      .sql`select what, officer_id from alert_log where what like '%muted' order by id`;
    expect(log).toMatchObject([
      { what: 'muted', officer_id: row?.muted_by },
      { what: 'unmuted', officer_id: row?.muted_by },
    ]);
    expect(
      await house.database.sql`select 1 from contacts where muted_reason_sealed is not null`,
    ).toHaveLength(0);
  });

  test('cannot be muted by an officer who does not have the alert', async () => {
    const issa = await house.officer('Issa');
    await issa.does({ kind: 'button', data: `o:mute:${reference}` });
    await issa.says('Insultes répétées');
    expect(await house.database.sql`select 1 from contacts where muted_at is not null`).toHaveLength(0);
  });
});

describe('a message without end', () => {
  const CUT = /^Votre message est très long\. Nous avons gardé le début/;
  const long = (length: number) => `Ils sont là. ${'é'.repeat(length - 14)}😀 la fin`;

  test('is kept up to 24,000 characters; the person and the case are told that there was more', async () => {
    await awa.says('SOS');
    reference = referenceOn(awa);
    await awa.says(long(24_000));
    expect(awa.screen().filter((text) => CUT.test(text))).toHaveLength(1);
    const { items } = await house.read(reference);
    const said = JSON.stringify(items);
    expect(said).toContain('Ils sont là.');
    expect(said).not.toMatch(/la fin|\\ud83d/);
    expect(said.length).toBeLessThan(26_000);
    expect(items.filter(({ payload }) => payload.what === 'text_cut')).toHaveLength(1);
    await awa.says(long(2_000_000));
    expect((await inCase()).length).toBeLessThan(52_000);
  });

  test('is heard all the same: an officer, a person who writes for the first time, and words under a file', async () => {
    const kadi = await house.officer('Kadi');
    await kadi.says(long(30_000));
    await awa.says(`SOS ${long(30_000)}`);
    reference = referenceOn(awa);
    expect(reference).toMatch(/^[A-Z]+-\d+$/);
    for (const phone of [kadi, awa]) expect(phone.screen().some((text) => CUT.test(text))).toBe(true);
    const file = {
      kind: 'photo',
      ref: 'x',
      name: 'n'.repeat(100_000),
      mediaType: 't'.repeat(9_000),
    } as const;
    const content = { kind: 'file', file, caption: long(30_000) } as const;
    const binta = house.person('Binta');
    await house.receive({ channel: house.phones.channel.kind, id: 'long', address: 'Binta', content });
    await house.deliver();
    expect(binta.screen().some((text) => CUT.test(text))).toBe(true);
    const [{ held } = { held: 0 }] = await house.database.sql<
      { held: number }[]
    >`select max(length(source_sealed)) as held from evidence`;
    expect(held).toBeLessThan(4_000);
  });

  test('that just fits is kept whole, and nothing is said', async () => {
    await awa.says('SOS');
    reference = referenceOn(awa);
    await awa.says('a'.repeat(24_000));
    expect(await inCase()).toContain('a'.repeat(24_000));
    expect(awa.screen().some((text) => CUT.test(text))).toBe(false);
  });
});
