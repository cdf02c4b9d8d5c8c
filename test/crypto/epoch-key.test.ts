import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createEpochKey,
  openJson,
  sealJson,
  unwrapEpochKey,
  wrapEpochKey,
} from '../../src/crypto/epoch-key.ts';
import { addKey, generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { pad, unpad } from '../../src/crypto/padding.ts';
import { LakanaError } from '../../src/kernel/errors.ts';
import { codeOf, counting, flipped, hex, unhex } from './given.ts';

describe("a value under the day's key", () => {
  it('comes back as it was, for the same context only', () => {
    const key = createEpochKey();
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), fc.string(), (value, context, other) => {
        const box = sealJson(key, context, value);
        expect(JSON.stringify(openJson(key, context, box))).toBe(JSON.stringify(value));
        if (Buffer.from(context).compare(Buffer.from(other)) !== 0) {
          expect(codeOf(() => openJson(key, other, box))).toBe('cannot_open');
        }
      }),
    );
  });

  it('does not open once any bit has changed', () => {
    const key = createEpochKey();
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(7), (at, bit) => {
        const box = sealJson(key, 'conversation/1', { text: 'à Mopti' });
        expect(codeOf(() => openJson(key, 'conversation/1', flipped(box, at, bit)))).toBe('cannot_open');
      }),
    );
  });

  it('does not tell a short answer from a longer one by its length', () => {
    const key = createEpochKey();
    const yes = sealJson(key, 'c', { text: 'oui' });
    const more = sealJson(key, 'c', { text: 'ils sont venus la nuit et ils ont pris mon frère' });
    expect(yes.length).toBe(more.length);
  });

  it('is unreadable for ever once the key is destroyed, also for the holder of the server key', () => {
    const keyring = parseKeyring(generateKeyringFile());
    const destroyed = createEpochKey();
    const box = sealJson(destroyed, 'conversation/1', { text: 'canary' });
    const wrapped = wrapEpochKey(keyring, 'today', createEpochKey());
    destroyed.fill(0);
    expect(codeOf(() => openJson(destroyed, 'conversation/1', box))).toBe('cannot_open');
    expect(codeOf(() => openJson(unwrapEpochKey(keyring, 'today', wrapped), 'conversation/1', box))).toBe(
      'cannot_open',
    );
    expect(codeOf(() => keyring.open('epoch-key', 'today', box))).toBe('unknown_key');
  });

  it('that is not JSON is refused without quoting it', () => {
    const circular: Record<string, unknown> = {};
    circular.canary = circular;
    for (const value of [undefined, circular, { canary: 1n }, () => 'canary']) {
      let thrown: unknown;
      try {
        sealJson(createEpochKey(), 'c', value);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(LakanaError);
      expect((thrown as LakanaError).code).toBe('not_json');
      expect(`${(thrown as LakanaError).message}${(thrown as LakanaError).cause}`).not.toContain('canary');
    }
  });

  it('opens in the format it had on the first day', () => {
    const box =
      '01000102030405060708090a0b3a056c6a0cae30c5ba66a2f89a8fa3d5e9ab587b4e31ad53ee20e89641b1695e4070c401bb420b7fb018789f41abd7f0291f0a3dd6441b24338387b551654ee6c673faacf6ad37cfd233d8b21f168a66f9d1eaf245ad0537e826fd170e7c3a568f82e5ef03f8796e1facbacd073f4d44bd8a5a04a1ea8c8c6a1d31827161e04f751e54133885fcf6e035d36eda031213398cc90b8b627f645d755319d368bcfceea59de69172c5b421f35e262641fd733e6e6921d059d3068a524e3f86c72e8757ef995a1c1ef0eee7c88300f6166a12ca15441d92f9697d792c7fa6b078e1c786cf37fe1854ec63fb727acb50bac05ddfb3ea8bd3be0eed4ac274d4983a7138c3dc3cc8c85fad996bd28798ff7b6c85';
    expect(openJson(counting(64, 32), 'conversation/1', unhex(box))).toEqual({ text: 'bonjour' });
  });
});

describe("the day's key", () => {
  it('comes out of its row for its own day only, also after the server key was rotated', () => {
    const file = generateKeyringFile();
    const key = createEpochKey();
    const wrapped = wrapEpochKey(parseKeyring(file), 'monday', key);
    const unwrapped = unwrapEpochKey(parseKeyring(addKey(file)), 'monday', wrapped).export();
    expect(new Uint8Array(unwrapped)).toEqual(key);
    expect(codeOf(() => unwrapEpochKey(parseKeyring(file), 'tuesday', wrapped))).toBe('cannot_open');
    expect(codeOf(() => unwrapEpochKey(parseKeyring(generateKeyringFile()), 'monday', wrapped))).toBe(
      'unknown_key',
    );
  });

  it('is another one each day', () => {
    expect(new Set(Array.from({ length: 100 }, () => hex(createEpochKey()))).size).toBe(100);
  });
});

describe('padding', () => {
  it('gives back every length, in blocks of 256', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1100 }), (bytes) => {
        expect(pad(bytes).length % 256).toBe(0);
        expect(unpad(pad(bytes))).toEqual(bytes);
      }),
    );
  });

  it('with a wrong length is refused', () => {
    const padded = pad(counting(0, 10));
    padded[2] = 1;
    expect(codeOf(() => unpad(padded))).toBe('cannot_open');
    expect(codeOf(() => unpad(counting(0, 3)))).toBe('cannot_open');
  });
});
