import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IncomingContent } from '../../../src/channels/channel.ts';
import { readUpdate } from '../../../src/channels/telegram/update.ts';

type Sample = { update: { update_id: number } & Record<string, unknown>; means: IncomingContent | null };

const FOLDER = new URL('./samples/', import.meta.url);
const SELF = { botId: '700000', username: 'lakana_test_bot' };

/** Real payloads of the Bot API with invented people, and what each of them means to the service. */
const samples = readdirSync(FOLDER).map((file) => {
  const sample = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Sample;
  return { name: file.replace('.json', '').replaceAll('-', ' '), ...sample };
});
const sample = (name: string) => samples.find((each) => each.name === name)?.update;

describe('what Telegram delivers', () => {
  test.each(samples)('is understood: $name', ({ update, means }) => {
    const read = readUpdate(update, SELF);
    expect(read?.updateId).toBe(update.update_id);
    expect(read?.message?.content ?? null).toEqual(means);
  });

  test('says where to answer, when it was sent, in which language, and which message it was', () => {
    expect(readUpdate(sample('text'), SELF)).toEqual({
      updateId: 700000002,
      chat: '41001',
      message: {
        channel: 'telegram',
        id: '700000:700000002',
        address: '41001',
        messageRef: '12',
        sentAt: new Date('2026-03-01T08:00:00Z'),
        languageHint: 'fr',
        content: { kind: 'text', text: 'Ils sont devant la porte' },
      },
    });
  });

  test('has an id of its own for every bot, so that a new bot’s first messages are not taken for old ones', () => {
    const ids = ['700000', '800000'].map((botId) => readUpdate(sample('text'), { botId })?.message?.id);
    expect(new Set(ids).size).toBe(2);
  });

  test('carries what answers a pressed button, also one that the service has no use for', () => {
    expect(readUpdate(sample('button'), SELF)).toMatchObject({
      callbackId: '176093877',
      message: { messageRef: '20' },
    });
    expect(readUpdate(sample('group button'), SELF)).toMatchObject({
      callbackId: '176093880',
      message: null,
    });
  });

  test('from a bot, or from itself, is no message of a person', () => {
    const message = { message_id: 1, chat: { id: 5, type: 'private' }, text: 'SOS' };
    for (const from of [
      { id: 9, is_bot: true },
      { id: 700000, is_bot: false },
    ])
      expect(readUpdate({ update_id: 1, message: { ...message, from } }, SELF)?.message).toBeNull();
  });
});

describe('an update of a shape no one has seen', () => {
  test('is answered as "not understood" if it says where it came from', () => {
    const update = { update_id: 9, message: { chat: { id: 41001, type: 7 }, text: { deep: 1 } } };
    expect(readUpdate(update, SELF)?.message).toMatchObject({
      address: '41001',
      content: { kind: 'unsupported' },
    });
    const broken = { update_id: 9, callback_query: { from: { id: 41001 } } };
    expect(readUpdate(broken, SELF)?.message).toMatchObject({
      address: '41001',
      content: { kind: 'unsupported', what: 'unknown' },
    });
  });

  test('never stops the queue: whatever is in it, only a missing update_id makes it unreadable', () => {
    const anything = fc.dictionary(
      fc.constantFrom(
        'message',
        'edited_message',
        'callback_query',
        'my_chat_member',
        'message_reaction',
        'x',
      ),
      fc.anything({ maxDepth: 4 }),
    );
    fc.assert(
      fc.property(anything, fc.nat(), (parts, update_id) => {
        expect(readUpdate({ ...parts, update_id }, SELF)?.updateId).toBe(update_id);
      }),
    );
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        readUpdate(raw, SELF);
      }),
    );
    expect(readUpdate({ message: {} }, SELF)).toBeNull();
  });

  test('keeps the person’s words when some other part of the message is odd', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 4_096 }),
        fc.constantFrom('voice', 'location', 'photo', 'from', 'date', 'reply_to_message', 'message_id'),
        fc.anything({ maxDepth: 2 }),
        (text, key, oddity) => {
          fc.pre(!(key === 'from' && typeof oddity === 'object' && oddity !== null));
          const message = { chat: { id: 41001, type: 'private' }, [key]: oddity, text };
          expect(readUpdate({ update_id: 1, message }, SELF)?.message?.content).toEqual({
            kind: 'text',
            text,
          });
        },
      ),
    );
  });
});
