import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf, destinationOf, identify, leavesPhone } from '../../../src/channels/whatsapp/people.ts';
import type { SessionStore } from '../../../src/channels/whatsapp/session-store.ts';
import { memoryStore } from './memory-store.ts';

const LID = '100@lid';
const NUMBER = '22370@s.whatsapp.net';

describe('a person on WhatsApp', () => {
  test('is one person, by whichever name they come first, as long as both were once seen together', async () => {
    const forms = fc.constantFrom({ lid: LID }, { number: NUMBER }, { lid: LID, number: NUMBER });
    await fc.assert(
      fc.asyncProperty(fc.array(forms), async (later) => {
        for (const first of [{ number: NUMBER }, { lid: LID }, { lid: LID, number: NUMBER }]) {
          const store = memoryStore();
          const address = await addressOf(store, first);
          expect(await addressOf(store, { lid: LID, number: NUMBER })).toBe(address);
          for (const jids of later) expect(await addressOf(store, jids)).toBe(address);
          expect(await destinationOf(store, address)).toBe(LID);
        }
      }),
    );
  });

  test('who has another person’s old number is not that person, and gets nothing that was meant for them', async () => {
    const store = memoryStore();
    const before = await addressOf(store, { number: NUMBER });
    await addressOf(store, { lid: LID, number: NUMBER });
    const after = await addressOf(store, { lid: '200@lid', number: NUMBER });
    expect(after).toBe('200@lid');
    expect(await addressOf(store, { number: NUMBER })).toBe('200@lid');
    expect(await addressOf(store, { lid: LID })).toBe(before);
    expect(await destinationOf(store, before)).toBe(LID);
  });

  test('who changes the number stays the same person', () => {
    const known = { address: LID, lid: LID };
    expect(identify({ lid: LID, number: '22371@s.whatsapp.net' }, known, undefined)).toEqual(known);
  });

  test('who writes from another phone is another person, and the old address reaches no one', async () => {
    const store = memoryStore();
    const jids = { lid: LID, number: NUMBER };
    const first = await addressOf(store, jids, 'a key');
    expect(await addressOf(store, jids, 'a key')).toBe(first);
    expect(await destinationOf(store, first)).toBe(LID);
    const second = await addressOf(store, jids, 'another key');
    expect(second).not.toBe(first);
    expect(await destinationOf(store, first)).toBeUndefined();
    expect(await destinationOf(store, second)).toBe(LID);
    // What tells no key (a call, a linked computer) is of the phone that was seen last; what comes late is of its own.
    expect(await addressOf(store, { lid: LID })).toBe(second);
    expect(await addressOf(store, jids, 'a key')).toBe(first);
    expect(await addressOf(store, jids, 'another key')).toBe(second);
    expect(await destinationOf(store, first)).toBeUndefined();
  });

  describe('whose account WhatsApp says is on another phone', () => {
    const jids = { lid: LID, number: NUMBER };
    const leaves = async (store: SessionStore, left: string[] = [], heardAt = Date.now()) => {
      await leavesPhone(store, { lid: LID }, async (address) => void left.push(address), heardAt);
      return left;
    };

    test('gets nothing there from that moment on, and the service hears it once', async () => {
      const store = memoryStore();
      const first = await addressOf(store, jids, 'a key');
      expect(await leaves(store, await leaves(store))).toEqual([first]);
      expect(await destinationOf(store, first)).toBeUndefined();
      // A call from there tells no key.
      expect(await addressOf(store, jids)).toBe(first);
      expect(await destinationOf(store, first)).toBeUndefined();
      const second = await addressOf(store, jids, 'another key');
      expect(second).not.toBe(first);
      expect(await destinationOf(store, first)).toBeUndefined();
      expect(await destinationOf(store, second)).toBe(LID);
    });

    test('and who wrote from there before WhatsApp said it, is answered there all the same', async () => {
      const store = memoryStore();
      await addressOf(store, jids, 'a key');
      const second = await addressOf(store, jids, 'another key');
      expect(await leaves(store)).toEqual([]);
      expect(await destinationOf(store, second)).toBe(LID);
      // Much later it is news of a third phone.
      expect(await leaves(store, [], Date.now() + 3_600_000)).toEqual([second]);
      expect(await destinationOf(store, second)).toBeUndefined();
    });

    test('is another person also when the key of the first phone was never told', async () => {
      const store = memoryStore();
      const first = await addressOf(store, jids);
      await leaves(store);
      const second = await addressOf(store, jids, 'a key');
      expect(second).not.toBe(first);
      expect(await destinationOf(store, first)).toBeUndefined();
    });

    test('and who goes on writing from the old one after all, is answered there', async () => {
      const store = memoryStore();
      const first = await addressOf(store, jids, 'a key');
      await leaves(store);
      expect(await addressOf(store, jids, 'a key')).toBe(first);
      expect(await destinationOf(store, first)).toBe(LID);
    });

    test('is noted again if the service could not be told, and is no one if they never wrote', async () => {
      const store = memoryStore();
      expect(await leaves(store)).toEqual([]);
      const first = await addressOf(store, jids, 'a key');
      const fails = leavesPhone(store, jids, () => Promise.reject(new Error('no database')), Date.now());
      await expect(fails).rejects.toThrow();
      expect(await destinationOf(store, first)).toBe(LID);
      expect(await leaves(store)).toEqual([first]);
    });
  });

  test('who was first known without a key is not locked out by their first one', async () => {
    const store = memoryStore();
    const first = await addressOf(store, { number: NUMBER });
    expect(await addressOf(store, { lid: LID, number: NUMBER }, 'a key')).toBe(first);
    expect(await destinationOf(store, first)).toBe(LID);
  });
});
