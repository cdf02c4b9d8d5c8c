/** Hours that a reporter agreed to: what waits for them, and what becomes of it. It is ten to two when each story begins. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transact } from '../../src/app/ground/transaction.ts';
import { mayPush } from '../../src/app/records/unasked.ts';
import type { ContactId } from '../../src/kernel/ids.ts';
import { hours, minutes, seconds } from '../../src/kernel/time.ts';
import { type House, openHouse, referenceOn } from './house.ts';
import type { Phone } from './messenger.ts';

let house: House;
let awa: Phone;
let kadi: Phone;
let reference: string;
/** What stood on the phone before an officer did anything. */
let before: number;

beforeEach(async () => {
  house = await openHouse();
  house.clock.advance(hours(24) - minutes(10));
  kadi = await house.officer('Kadi');
  awa = house.person('Awa');
  await awa.says('SOS');
  reference = referenceOn(awa);
  await awa.says('À Kati');
  await awa.presses('Seulement à certaines heures');
  await awa.presses("L'après-midi, 14 h à 18 h");
  await awa.presses('Terminé');
  await house.cycle();
  before = awa.screen().length;
});
afterEach(() => house.close());

const pass = async (ms: number) => {
  house.clock.advance(ms);
  await house.deliver();
};
/** What came to the phone since. */
const came = () => awa.screen().slice(before);

describe('what an officer does outside the hours', () => {
  it('waits until they begin, to the second, and the officer is told when', async () => {
    await kadi.presses('Je prends');
    expect(kadi.last()).toContain('Lui écrire seulement à ces heures : 14 h à 18 h.');
    expect(kadi.last()).toContain('Ce que vous envoyez maintenant part à 14:00.');
    await kadi.presses('un appel va suivre');
    expect(kadi.last()).toContain(`${reference} : « un appel va suivre » attend.`);
    expect(kadi.last()).toContain('cela part à 14:00');
    await pass(minutes(10) - seconds(1));
    expect(came()).toEqual([]);
    await pass(seconds(1));
    expect(came()).toEqual(['13:50 – bien reçu', '13:50 – un appel va suivre']);
    expect(kadi.last()).toContain(`${reference} : envoyé à 14:00 « un appel va suivre »`);
    await kadi.presses('pouvez-vous parler');
    expect(came().at(-1)).toContain('14:00 – pouvez-vous parler maintenant ?');
  });

  it('is not opened by the phone: a person who writes from it is answered, and what waits goes on waiting', async () => {
    await kadi.presses('Je prends');
    await kadi.presses('un appel va suivre');
    await awa.says('statut');
    expect(came().join('\n')).toContain("s'en occupe depuis 13:50");
    await awa.says('SOS');
    expect(came().join('\n')).toContain('nouveau SOS');
    expect(came().join('\n')).not.toMatch(/bien reçu$|appel va suivre/m);
  });

  it('does not leave if they want no message any more when the hours begin, and the officer is told', async () => {
    await kadi.presses('Je prends');
    await kadi.presses('un appel va suivre');
    await awa.presses('Pas maintenant');
    await awa.says('SOS');
    await awa.says('Toujours à Kati');
    await awa.presses("Non, n'écrivez pas");
    expect(kadi.screen().join('\n')).toContain(
      `${reference} : ne plus écrire à la personne ici : elle a dit non.`,
    );
    before = awa.screen().length;
    await pass(minutes(10));
    expect(came()).toEqual([]);
    expect(kadi.screen().join('\n')).toContain(
      `« un appel va suivre » n'est pas parti : la personne ne veut plus de message ici.`,
    );
  });

  it('does not leave if the alert is closed by then; that it is closed does', async () => {
    await kadi.presses('Je prends');
    await kadi.presses('un appel va suivre');
    await kadi.presses('Clore');
    await kadi.presses('Danger passé');
    expect(came()).toEqual([]);
    await pass(minutes(10));
    expect(came()).toEqual(['13:50 – terminé ici. Si besoin, écrivez.']);
    expect(kadi.screen().join('\n')).toContain(
      "« un appel va suivre » n'est pas parti : l'alerte est close.",
    );
  });

  it('does not leave if the person was muted since', async () => {
    await kadi.presses('Je prends');
    await kadi.presses('un appel va suivre');
    await pass(seconds(1));
    await kadi.presses('Mettre en sourdine');
    await kadi.says('insultes');
    await pass(minutes(10));
    expect(came()).toEqual([]);
    expect(kadi.screen().join('\n')).toContain('la personne a été mise en sourdine');
  });

  it('does not leave once the link to the person is erased', async () => {
    await kadi.presses('Je prends');
    await kadi.presses('un appel va suivre');
    await house.database.sql`update alerts set reporter_sealed = null, epoch_id = null`;
    await pass(minutes(10));
    expect(came()).toEqual([]);
    expect(kadi.screen().join('\n')).toContain('le lien vers la personne est effacé');
  });

  it('of news that waited only the last is said', async () => {
    await kadi.presses('Je prends');
    await kadi.presses("Je rends l'alerte");
    await house.cycle();
    await kadi.presses('Je prends');
    await pass(minutes(10));
    expect(came()).toEqual(['13:50 – bien reçu']);
  });
});

describe('what could not be sent within the hours', () => {
  it('does not go out after them, and leaves when they begin again', async () => {
    await pass(hours(4) + minutes(9));
    await house.cycle();
    await kadi.presses('Je prends');
    house.phones.failing.set('Awa', { ok: false, reason: 'unreachable', code: 'ECONNREFUSED' });
    await kadi.presses('un appel va suivre');
    for (let tries = 0; tries < 5; tries++) await pass(seconds(15));
    house.phones.failing.delete('Awa');
    before = awa.screen().length;
    await pass(minutes(2));
    expect(came()).toEqual([]);
    expect(kadi.last()).toContain('cela part à 26/11 14:00');
    // No process works on it for so long: it is another's turn, but what was written stands.
    await pass(hours(20));
    expect(came()).toEqual(['17:59 – un appel va suivre']);
  });
});

describe('what the service says by itself', () => {
  it('is an answer soon after a file was sent; hours later it waits for no one and is not said outside the hours', async () => {
    house.phones.upload('soon', new Uint8Array(10));
    house.phones.upload('late', new Uint8Array(10));
    await awa.sends('voice', 'soon');
    await house.fetch();
    await pass(seconds(2));
    expect(came()).toContain('Enregistré : 1 fichier.');
    await pass(hours(4) + minutes(5));
    await awa.sends('voice', 'late');
    await pass(minutes(6));
    before = awa.screen().length;
    await house.fetch();
    expect(came()).toEqual([]);
  });

  it('is nothing where they want no message, nor where we did not understand whether they do', async () => {
    const binta = house.person('Binta');
    house.clock.advance(seconds(1));
    await binta.says('SOS');
    await binta.says('À Gao');
    const mayBePushed = async () => {
      const [row] = await house.database.sql<{ id: ContactId }[]>`
        select id from contacts order by created_at desc limit 1`;
      return transact(house.ctx, (at) => mayPush(at, row?.id as ContactId));
    };
    expect(await mayBePushed()).toBe(true);
    await binta.says('je ne sais pas');
    expect(await mayBePushed()).toBe(false);
    await binta.says('retour');
    await binta.presses("Non, n'écrivez pas");
    expect(await mayBePushed()).toBe(false);
    await binta.says('retour');
    await binta.presses('Oui');
    expect(await mayBePushed()).toBe(true);
  });
});
