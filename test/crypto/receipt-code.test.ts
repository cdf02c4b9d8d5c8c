import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addKey, generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import {
  formatReceiptCode,
  hashReceiptCode,
  newReceiptCode,
  parseReceiptCode,
  verifyReceiptCode,
} from '../../src/crypto/receipt-code.ts';
import { codeOfRejection, counting, fixedKeyring, hex, unhex } from './given.ts';

const code = fc.stringMatching(/^[0-9]{16}$/);

describe('a receipt code', () => {
  it('is 16 digits, each as likely as the others', () => {
    const counts = new Array<number>(10).fill(0);
    for (let n = 0; n < 2_000; n++) {
      const fresh = newReceiptCode();
      expect(fresh).toMatch(/^\d{16}$/);
      for (const digit of fresh) counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1;
    }
    // 3,200 of each are expected, with a deviation of 54: seven deviations happen once in 10^11 runs.
    for (const count of counts) expect(Math.abs(count - 3_200)).toBeLessThan(378);
  });

  it('is shown in groups of four, and read back from there', () => {
    expect(formatReceiptCode('1234567890123456')).toBe('1234 5678 9012 3456');
    fc.assert(
      fc.property(code, (digits) => {
        expect(parseReceiptCode(formatReceiptCode(digits))).toBe(digits);
      }),
    );
  });

  it.each([
    '1234567890123456',
    '  1234 5678 9012 3456 ',
    '1234-5678-9012-3456',
    '1234–5678—9012.3456',
    'Mon code est 1234 5678 9012 3456, merci',
    'code:1234 5678\n9012 3456',
    '1234\u00a05678\u202f9012\u200b3456',
    '12 34 56 78 90 12 34 56',
    '１２３４ ５６７８ ９０１２ ３４５６',
    '١٢٣٤ ٥٦٧٨ ٩٠١٢ ٣٤٥٦',
    '߁߂߃߄ ߅߆߇߈ ߉߀߁߂ ߃߄߅߆',
    '1234 5678 9012 3456 (je répète : 1234 5678 9012 3456)',
  ])('is found in %j', (text) => {
    expect(parseReceiptCode(text)).toBe('1234567890123456');
  });

  it.each([
    '',
    'SOS',
    '123456789012345',
    '12345678901234567',
    '1234 5678 ou 9012 3456',
    '1234 5678 9012 3456 ou 6543 2109 8765 4321',
    '+223 70 00 00 00',
  ])('is not found in %j', (text) => {
    expect(parseReceiptCode(text)).toBeUndefined();
  });

  it('is never made of text by accident, and never breaks on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(parseReceiptCode(text) ?? '0000000000000000').toMatch(/^\d{16}$/);
      }),
    );
  });
});

describe('what is kept of a receipt code', () => {
  it('knows the right code and no other', async () => {
    const keyring = parseKeyring(generateKeyringFile());
    const fresh = newReceiptCode();
    const stored = await hashReceiptCode(keyring, fresh);
    expect(await verifyReceiptCode(keyring, fresh, stored)).toBe(true);
    for (const place of [0, 7, 15]) {
      const wrong = `${fresh.slice(0, place)}${(Number(fresh[place]) + 1) % 10}${fresh.slice(place + 1)}`;
      expect(await verifyReceiptCode(keyring, wrong, stored)).toBe(false);
    }
    expect(await verifyReceiptCode(keyring, fresh, { ...stored, hash: stored.hash.subarray(1) })).toBe(false);
    expect(JSON.stringify({ ...stored, hash: hex(stored.hash), salt: hex(stored.salt) })).not.toContain(
      fresh,
    );
  });

  it('is another thing each time, also for the same code', async () => {
    const [one, other] = await Promise.all([
      hashReceiptCode(fixedKeyring(), '1234567890123456'),
      hashReceiptCode(fixedKeyring(), '1234567890123456'),
    ]);
    expect(hex(one.salt)).not.toBe(hex(other.salt));
    expect(hex(one.hash)).not.toBe(hex(other.hash));
  });

  it('is worth nothing without the server key of its time, which a rotation keeps', async () => {
    const file = generateKeyringFile();
    const stored = await hashReceiptCode(parseKeyring(file), '1234567890123456');
    expect(await verifyReceiptCode(parseKeyring(addKey(file)), '1234567890123456', stored)).toBe(true);
    expect(
      await codeOfRejection(
        verifyReceiptCode(parseKeyring(generateKeyringFile()), '1234567890123456', stored),
      ),
    ).toBe('unknown_key');
  });

  it('is scrypt with N = 2^15 over the peppered code, as another implementation works it out', async () => {
    const frozen = {
      '0000000b': '443fc88a084a5e901b745236dc20b450a56a80b3122807bb99e52e67c51236ed',
      '0000000a': '405abb639e7ded5d9302d1dc4898c1cf0bb290ab30a2aacc45e30b5f0e0f6553',
    };
    for (const [keyId, hash] of Object.entries(frozen)) {
      const stored = { keyId, salt: counting(0, 16), hash: unhex(hash) };
      expect(await verifyReceiptCode(fixedKeyring(), '1234567890123456', stored)).toBe(true);
    }
  });
});
