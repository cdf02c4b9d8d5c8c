/** Messages that no phone should send, through the real adapters into the real intake; 100,000 of them in test/slow. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncomingMessage } from '../../src/channels/channel.ts';
import { readUpdate } from '../../src/channels/telegram/update.ts';
import { readPlain } from '../../src/channels/whatsapp/content.ts';
import { type House, openHouse } from '../app/house.ts';
import { Person } from '../conversation/person.ts';
import { arrive, poll, SELF, sendAll } from './lines.ts';
import { encoded, type Malformed, telegramUpdates, whatsappMessages } from './mutations.ts';

const MANY = 200;
/** One of so many people writes to the real intake, which takes its time. */
const TO_INTAKE = 5;
const SEED = Number(process.env.LAKANA_SEED ?? 15);

let house: House;
beforeAll(async () => {
  house = await openHouse({ floodPerMinute: 1_000 });
});
afterAll(() => house.close());

const isOfHouse = (address: string) => Number.parseInt(address, 10) % TO_INTAKE === 0;

/** Whose messages came. */
const heard = new Set<string>();

/** The house has one messenger: what came by the other one is answered there. */
async function receive(message: IncomingMessage): Promise<void> {
  heard.add(message.address);
  if (isOfHouse(message.address)) await house.receive({ ...message, channel: 'telegram' });
}

const screenOf = (address: string) => house.phones.of(address, async () => undefined).screen();

/** The people who wrote words and heard nothing. */
const unanswered = (sent: readonly Malformed<unknown>[]) =>
  sent.flatMap(({ person, words }) => {
    const isAnswered = isOfHouse(person) ? screenOf(person).length > 0 : heard.has(person);
    return words !== undefined && !isAnswered ? [[person, words.slice(0, 40)]] : [];
  });

const notHandled = () => house.database.sql`select state, error from inbox where state <> 'handled'`;

describe('a stranger’s phone', () => {
  it('cannot stop the polling, hold up anybody else or go unanswered with updates of Telegram that are not as they should be', async () => {
    const calm = Array.from({ length: 5 }, (_, n) => 51_000 + n * TO_INTAKE);
    const sent = [...telegramUpdates(SEED, MANY)];
    const updates = sent.map(({ raw }) => raw);
    for (const [n, id] of calm.entries()) {
      const at = Math.min((n + 1) * 40, MANY) - 1;
      const message = { message_id: 1, chat: { id, type: 'private' }, text: 'SOS' };
      updates[at] = { update_id: at + 1, message };
      sent[at] = { raw: updates[at], person: String(id), words: 'SOS' };
    }
    await poll(updates, receive);
    await sendAll(house);
    expect(unanswered(sent)).toEqual([]);
    expect(sent.filter(({ words }) => words !== undefined).length).toBeGreaterThan(MANY / 5);
    expect(await notHandled()).toEqual([]);
  });

  it('cannot hold up anybody else or go unanswered with messages of WhatsApp that are not as they should be', async () => {
    const sent = [...whatsappMessages(SEED, MANY)];
    const sos = Buffer.concat([encoded({ conversation: 'SOS' }), Buffer.from([1])]);
    for (const at of [30, 60, 90, 120, 150])
      sent[at] = { raw: sos, person: `${51_000 + at}@lid`, words: 'SOS' };
    await arrive(sent, receive);
    await sendAll(house);
    expect(unanswered(sent)).toEqual([]);
    expect(sent.filter(({ words }) => words !== undefined).length).toBeGreaterThan(MANY / 5);
    expect(await notHandled()).toEqual([]);
  });

  it('cannot lose its later words by a place that is nowhere, on WhatsApp', () => {
    const person = new Person();
    for (const degrees of [Number.NaN, Number.POSITIVE_INFINITY, 1e300, -90.1]) {
      const at = { degreesLatitude: degrees, degreesLongitude: -8 };
      for (const message of [{ locationMessage: at }, { liveLocationMessage: { ...at, timeOffset: 5 } }]) {
        const { content } = readPlain(Buffer.concat([encoded(message), Buffer.from([1])]));
        if (content?.kind === 'location' || content?.kind === 'unsupported') person.does(content);
        expect(person.writes('SOS').says.length).toBeGreaterThan(0);
        expect(content).toEqual({ kind: 'unsupported', what: 'unknown' });
      }
    }
  });

  it('is told that it cannot be read when what it sent by WhatsApp is no message, and keeps no one from being heard', async () => {
    const got: IncomingMessage[] = [];
    const junk = Array.from({ length: 201 }, () => ({ raw: Buffer.from([0x0a, 0xff, 1]), person: '1@lid' }));
    const sos = Buffer.concat([encoded({ conversation: 'SOS' }), Buffer.from([1])]);
    await arrive([...junk, { raw: sos, person: '2@lid' }], async (message) => void got.push(message));
    expect(got).toHaveLength(202);
    expect(got[0]?.content).toEqual({ kind: 'unsupported', what: 'unreadable' });
    expect(got.find(({ address }) => address === '2@lid')?.content).toEqual({ kind: 'text', text: 'SOS' });
  });

  it('is heard with the words that it has put beside something that is no message of its kind', () => {
    const said = (message: object) => readPlain(Buffer.concat([encoded(message), Buffer.from([1])])).content;
    const text = { kind: 'text', text: 'SOS' };
    expect(said({ conversation: '', extendedTextMessage: { text: 'SOS' } })).toEqual(text);
    expect(said({ conversation: 'SOS', protocolMessage: { type: 3 } })).toEqual(text);
    expect(said({ conversation: 'SOS', reactionMessage: { text: '' } })).toEqual(text);
    const message = (more: object) => ({
      update_id: 1,
      message: { chat: { id: 41001, type: 'private' }, ...more },
    });
    const read = (raw: unknown) => readUpdate(raw, SELF)?.message?.content;
    expect(read(message({ caption: 'SOS', paid_media: { star_count: 1 } }))).toEqual(text);
    expect(read(message({ caption: 'SOS', photo: [{}] }))).toEqual(text);
    expect(read(message({ text: 'SOS', chat: { id: 41001, type: 'a kind to come' } }))).toEqual(text);
  });

  it('cannot end the polling by an update that is not foreseen: who sent it gets an answer', async () => {
    const fault = {
      chat: { id: 41001, type: 'private' },
      get text() {
        throw new RangeError('a fault of ours');
      },
    };
    const got: IncomingMessage[] = [];
    const after = { message_id: 2, chat: { id: 41002, type: 'private' }, text: 'SOS' };
    const updates = [
      { update_id: 1, message: fault },
      { update_id: 2, message: after },
    ];
    await poll(updates, async (message) => void got.push(message));
    expect(got.map(({ address, content }) => [address, content.kind])).toEqual([
      ['41001', 'unsupported'],
      ['41002', 'text'],
    ]);
  });

  it('cannot have a message parked by a size that is no whole number or a time that no clock shows', async () => {
    const file = { file_id: 'x', file_size: 20_000.5 };
    const chat = { id: 61_000, type: 'private' };
    const raw = { update_id: 900, message: { chat, date: 1e300, caption: 'devant chez moi', voice: file } };
    const read = readUpdate(raw, SELF)?.message;
    expect(read).toMatchObject({ content: { file: { size: 20_001 } } });
    expect(read).not.toHaveProperty('sentAt');
    if (read) await receive(read);
    await sendAll(house);
    expect(screenOf('61000').length).toBeGreaterThan(0);
  });
});
