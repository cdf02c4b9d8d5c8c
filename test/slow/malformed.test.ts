/**
 * 100,000 messages that are not as they should be, half of them on each messenger, to 2,000 people each who go on with
 * their conversations through all of it; every 200th also goes through the real intake, each from a phone of its own.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncomingContent, IncomingMessage } from '../../src/channels/channel.ts';
import { readUpdate } from '../../src/channels/telegram/update.ts';
import { readPlain } from '../../src/channels/whatsapp/content.ts';
import type { Input } from '../../src/conversation/values/input.ts';
import { type House, openHouse } from '../app/house.ts';
import { arrive, SELF, sendAll } from '../attack/lines.ts';
import {
  asSentBy,
  encoded,
  type Malformed,
  telegramSamples,
  telegramUpdates,
  whatsappMessages,
  whatsappSamples,
} from '../attack/mutations.ts';
import { Person } from '../conversation/person.ts';

const OF_EACH = Number(process.env.LAKANA_MALFORMED ?? 50_000);
const SEED = Number(process.env.LAKANA_SEED ?? 7);
const TO_INTAKE = 200;
/** Milliseconds that this thread has computed for: what else runs on the machine is not counted. */
function busy(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** Milliseconds beyond an ordinary message. */
const MOST = 50;
/** What took long is done again so often: clearing memory may fall to anybody. */
const AGAIN = 5;

let house: House;
beforeAll(async () => {
  house = await openHouse({ floodPerMinute: 1_000 });
});
afterAll(() => house.close());

type Read = () => IncomingContent | null | undefined;

/** What intake makes of a message, where no database is needed for it. */
function inputOf(content: IncomingContent): Input {
  switch (content.kind) {
    case 'file':
      return {
        kind: 'file',
        evidence: 'file-1',
        media: content.file.kind,
        ...(content.caption ? { caption: content.caption } : {}),
        ...(content.edited ? { edited: true } : {}),
      };
    case 'deleted':
      return { kind: 'deleted', message: content.messageRef };
    case 'group':
      return { kind: 'unsupported', what: 'group' };
    default:
      return content;
  }
}

/** People, each in the middle of something: reading, the step and what then stands on the screen are one piece of work. */
function crowd() {
  const people = new Map<string, Person>();
  return (who: string, read: Read) => {
    const person = people.get(who) ?? new Person({ hint: 'fr' });
    const before = { state: person.state, now: person.now, cases: [...person.cases] };
    const begins = busy();
    const content = read();
    if (content) {
      person.does(inputOf(content));
      void person.screen;
    }
    const took = busy() - begins;
    people.set(who, person);
    return {
      content,
      took,
      /** Puts it back to where it was before. */
      undo: () => void Object.assign(person, before),
    };
  };
}

type Does = ReturnType<typeof crowd>;

/** What took longer than `enough` is done again from where it began: the shortest counts. */
function shortest(does: Does, who: string, read: Read, enough = 0): ReturnType<Does> {
  let result = does(who, read);
  let { took } = result;
  for (let again = 0; again < AGAIN && took > enough; again += 1) {
    result.undo();
    result = does(who, read);
    took = Math.min(took, result.took);
  }
  return { ...result, took };
}

/** The longest of each of five rounds of ordinary messages, and of these the middle one. */
function ordinary(all: readonly Read[]): number {
  const does = crowd();
  const longest = Array.from({ length: 5 }, () => {
    const took = all.flatMap((read) =>
      Array.from({ length: 2 }, (_, who) => shortest(does, `${who}`, read).took),
    );
    return Math.max(...took);
  });
  return longest.toSorted((one, other) => one - other)[2] ?? 0;
}

/** Takes all of them in; returns what of it should not be so. */
function takeAll<T>(
  all: Iterable<Malformed<T>>,
  contentOf: (raw: T) => IncomingContent | null | undefined,
  usual: number,
) {
  const does = crowd();
  const found = { count: 0, messages: 0, withWords: 0, longest: 0, faults: [] as string[] };
  for (const { raw, person, words } of all) {
    found.count += 1;
    const read = () => contentOf(raw);
    let result: ReturnType<Does>;
    try {
      result = shortest(does, person, read, usual + MOST);
      const { took } = result;
      found.longest = Math.max(found.longest, took);
      if (took > usual + MOST) found.faults.push(`${found.count} took ${took} ms: ${result.content?.kind}`);
    } catch (error) {
      found.faults.push(`${found.count} threw ${String(error).slice(0, 300)}`);
      continue;
    }
    const { content } = result;
    if (content) found.messages += 1;
    if (words === undefined) continue;
    found.withWords += 1;
    if (!content) found.faults.push(`${found.count} was not answered`);
  }
  return found;
}

/** The figures, for the person who runs this. */
function tell(messenger: string, usual: number, { faults, ...figures }: ReturnType<typeof takeAll>): void {
  const all = { usual, ...figures, faults: faults.length };
  process.stdout.write(`${messenger}: ${JSON.stringify(all)}\n`);
}

/** One of so many, without holding all of them. */
function some<T>(all: Iterable<Malformed<T>>): Malformed<T>[] {
  const found: Malformed<T>[] = [];
  let n = 0;
  for (const each of all) {
    if (n % TO_INTAKE === 0) found.push(each);
    n += 1;
  }
  return found;
}

/** Through the real intake, each from a phone of its own. */
async function toIntake(messages: readonly { message: IncomingMessage; hasWords: boolean }[]): Promise<void> {
  for (const [n, { message }] of messages.entries())
    await house.receive({
      ...message,
      channel: 'telegram',
      address: `${message.channel}-${n}`,
      id: `${message.channel}/${n}`,
    });
  await sendAll(house);
  const silent = messages.filter(({ message, hasWords }, n) => {
    const screen = house.phones.of(`${message.channel}-${n}`, async () => undefined).screen();
    return hasWords && screen.length === 0;
  });
  expect(silent).toEqual([]);
  expect(await house.database.sql`select state, error from inbox where state <> 'handled'`).toEqual([]);
}

const onTelegram = (raw: unknown) => readUpdate(raw, SELF)?.message;

describe(`${OF_EACH} malformed messages`, () => {
  it('of Telegram end nothing, hold nothing up, and who wrote words is answered', async () => {
    const usual = ordinary(
      telegramSamples.map((sample) => {
        const update = asSentBy(sample, 41_001, 1);
        return () => onTelegram(update)?.content;
      }),
    );
    const found = takeAll(telegramUpdates(SEED, OF_EACH), (raw) => onTelegram(raw)?.content, usual);
    tell('Telegram', usual, found);
    expect(found.faults).toEqual([]);
    expect(found.withWords).toBeGreaterThan(OF_EACH / 5);
    const picked = some(telegramUpdates(SEED, OF_EACH)).flatMap(({ raw, words }) => {
      const message = onTelegram(raw);
      return message ? [{ message, hasWords: words !== undefined }] : [];
    });
    await toIntake(picked);
  });

  it('of WhatsApp end nothing, hold nothing up, and who wrote words is answered', async () => {
    const usual = ordinary(
      whatsappSamples.map((sample) => {
        const plain = Buffer.concat([encoded(sample), Buffer.from([1])]);
        return () => readPlain(plain).content;
      }),
    );
    const found = takeAll(whatsappMessages(SEED, OF_EACH), (raw) => readPlain(raw).content, usual);
    tell('WhatsApp', usual, found);
    expect(found.faults).toEqual([]);
    expect(found.withWords).toBeGreaterThan(OF_EACH / 5);
    const came: IncomingMessage[] = [];
    const sent = some(whatsappMessages(SEED, OF_EACH)).map((each, n) => ({
      ...each,
      person: `${n + 1}@lid`,
    }));
    await arrive(sent, async (message) => void came.push(message));
    const wordsOf = new Map(sent.map(({ person, words }) => [person, words]));
    const silent = [...wordsOf].filter(([person, words]) => words && !came.some((m) => m.address === person));
    expect(silent).toEqual([]);
    await toIntake(
      came.map((message) => ({ message, hasWords: wordsOf.get(message.address) !== undefined })),
    );
  });
});
