import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt, OVERHEAD_BYTES } from '../../src/crypto/aead.ts';
import { deriveKey, keyedHash } from '../../src/crypto/derive.ts';
import { codeOf, counting, flipped, hex, unhex, utf8 } from './given.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const bytes = fc.uint8Array({ maxLength: 600 });

describe('an AES-256-GCM box', () => {
  it('opens to the plaintext of the published test case 16 of McGrew and Viega', () => {
    const published = {
      key: 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308',
      nonce: 'cafebabefacedbaddecaf888',
      context: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
      ciphertext:
        '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662',
      tag: '76fc6ece0f4e1768cddf8853bb2d551b',
    };
    const box = unhex(`01${published.nonce}${published.ciphertext}${published.tag}`);
    expect(hex(decrypt(unhex(published.key), unhex(published.context), box))).toBe(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    );
  });

  it('opens to what was put in, and is longer by a fixed number of bytes', () => {
    fc.assert(
      fc.property(key, bytes, bytes, (k, context, plain) => {
        const box = encrypt(k, context, plain);
        expect(box.length).toBe(plain.length + OVERHEAD_BYTES);
        expect(decrypt(k, context, box)).toEqual(plain);
      }),
    );
  });

  it('does not open once any bit has changed', () => {
    fc.assert(
      fc.property(key, bytes, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(7), (k, plain, at, bit) => {
        const box = encrypt(k, utf8('context'), plain);
        expect(codeOf(() => decrypt(k, utf8('context'), flipped(box, at, bit)))).toBe('cannot_open');
      }),
    );
  });

  it('does not open when it was cut off anywhere', () => {
    const box = encrypt(counting(0, 32), utf8('c'), utf8('plain'));
    for (let length = 0; length < box.length; length++) {
      expect(codeOf(() => decrypt(counting(0, 32), utf8('c'), box.subarray(0, length)))).toBe('cannot_open');
    }
  });

  it('does not open for another context or another key', () => {
    fc.assert(
      fc.property(key, key, bytes, bytes, (one, other, here, there) => {
        const box = encrypt(one, here, utf8('plain'));
        if (hex(here) !== hex(there)) expect(codeOf(() => decrypt(one, there, box))).toBe('cannot_open');
        if (hex(one) !== hex(other)) expect(codeOf(() => decrypt(other, here, box))).toBe('cannot_open');
      }),
    );
  });

  it('never uses a nonce twice for the same bytes', () => {
    const boxes = Array.from({ length: 500 }, () => hex(encrypt(counting(0, 32), utf8(''), utf8('same'))));
    expect(new Set(boxes.map((box) => box.slice(2, 26))).size).toBe(500);
  });

  it('refuses a key of another length', () => {
    expect(codeOf(() => encrypt(counting(0, 16), utf8(''), utf8('')))).toBe('bad_key');
  });
});

describe('keys out of keys', () => {
  it('are those of RFC 5869, cases 1 and 3', () => {
    const ikm = new Uint8Array(22).fill(0x0b);
    expect(hex(deriveKey(ikm, counting(0, 13), counting(0xf0, 10), 42))).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    );
    expect(hex(deriveKey(ikm, '', '', 42))).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    );
  });

  it('hash as RFC 4231 says, cases 1 and 2', () => {
    expect(hex(keyedHash(new Uint8Array(20).fill(0x0b), 'Hi There'))).toBe(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    );
    expect(hex(keyedHash(utf8('Jefe'), 'what do ya want for nothing?'))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});
