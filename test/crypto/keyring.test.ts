import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addKey, generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { createSigner, createVerifier } from '../../src/crypto/signer.ts';
import { LakanaError } from '../../src/kernel/errors.ts';
import { codeOf, counting, FIXED_FILE, fixedKeyring, flipped, hex, unhex, utf8 } from './given.ts';

const word = fc.string({ maxLength: 40 });

describe('the server key', () => {
  it('opens what it sealed, for the same purpose and context only', () => {
    const keyring = parseKeyring(generateKeyringFile());
    fc.assert(
      fc.property(word, word, word, word, fc.uint8Array(), (purpose, other, context, elsewhere, bytes) => {
        const box = keyring.seal(purpose, context, bytes);
        expect(keyring.open(purpose, context, box)).toEqual(bytes);
        if (purpose !== other) expect(codeOf(() => keyring.open(other, context, box))).toBe('cannot_open');
        if (Buffer.from(context).compare(Buffer.from(elsewhere)) !== 0) {
          expect(codeOf(() => keyring.open(purpose, elsewhere, box))).toBe('cannot_open');
        }
      }),
    );
  });

  it('opens nothing that has changed by one bit', () => {
    const keyring = parseKeyring(generateKeyringFile());
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(7), (at, bit) => {
        const box = keyring.seal('address', 'contact/1', utf8('telegram:42'));
        const code = codeOf(() => keyring.open('address', 'contact/1', flipped(box, at, bit)));
        expect(['cannot_open', 'unknown_key']).toContain(code);
      }),
    );
  });

  it('says the same of a value each time, and nothing of it to another key or purpose', () => {
    const one = parseKeyring(generateKeyringFile());
    const other = parseKeyring(generateKeyringFile());
    fc.assert(
      fc.property(word, word, (value, different) => {
        expect(one.index('address', value)).toEqual(one.index('address', value));
        expect(hex(one.index('address', value))).not.toBe(hex(one.index('message', value)));
        expect(hex(one.index('address', value))).not.toBe(hex(other.index('address', value)));
        if (value !== different) {
          expect(hex(one.index('address', value))).not.toBe(hex(one.index('address', different)));
        }
      }),
    );
  });

  it('finds and opens after a rotation what stood there before, and seals with the new key', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.uint8Array(), (rotations, bytes) => {
        const before = generateKeyringFile();
        const old = parseKeyring(before);
        let file = before;
        for (let n = 0; n < rotations; n++) file = addKey(file);
        const rotated = parseKeyring(file);
        const box = old.seal('address', 'c', bytes);
        const code = old.pepper();

        expect(rotated.open('address', 'c', box)).toEqual(bytes);
        expect(rotated.indexes('address', 'x').map(hex)).toContain(hex(old.index('address', 'x')));
        expect(rotated.indexes('address', 'x')).toHaveLength(rotations + 1);
        expect(rotated.indexes('address', 'x')[0]).toEqual(rotated.index('address', 'x'));
        expect(rotated.pepper(code.keyId)).toEqual(code);
        expect(rotated.signer.verify('d', utf8('m'), old.signer.sign('d', utf8('m')))).toBe(true);

        expect(rotated.currentKeyId).not.toBe(old.currentKeyId);
        expect(hex(rotated.seal('address', 'c', bytes)).slice(2, 10)).toBe(rotated.currentKeyId);
        expect(codeOf(() => old.open('address', 'c', rotated.seal('address', 'c', bytes)))).toBe(
          'unknown_key',
        );
        expect(codeOf(() => old.pepper(rotated.pepper().keyId))).toBe('unknown_key');
      }),
      { numRuns: 20 },
    );
  });

  it('keeps the mark of trial mode through a rotation', () => {
    expect(parseKeyring(generateKeyringFile()).isTrial).toBe(false);
    expect(parseKeyring(addKey(generateKeyringFile({ trial: true }))).isTrial).toBe(true);
  });

  it('can be given as text with other white space, as an environment variable holds it', () => {
    const file = generateKeyringFile();
    const oneLine = parseKeyring(JSON.stringify(JSON.parse(file)));
    expect(oneLine.index('a', 'b')).toEqual(parseKeyring(file).index('a', 'b'));
  });

  it('does not hand out its pepper to be changed', () => {
    const keyring = fixedKeyring();
    keyring.pepper().bytes.fill(0);
    expect(hex(keyring.pepper().bytes)).toMatch(/^c28231b0/);
  });
});

describe('a server key that cannot be read', () => {
  const secret = Buffer.from(counting(32, 32)).toString('base64');
  const broken = {
    empty: '',
    'not JSON': `{"secret": ${secret}`,
    'an age key': `AGE-SECRET-KEY-${secret}`,
    'another format': '{"kind":"other"}',
    'without keys': '{"lakana":"server-key","version":1,"keys":[]}',
    'a later version': FIXED_FILE.replace('"version":1', '"version":2'),
    'with a short secret': FIXED_FILE.replace(secret, secret.slice(4)),
    'with the same id twice': FIXED_FILE.replace('0000000a', '0000000b'),
    'with a field too many': FIXED_FILE.replace('"version":1', `"version":1,"${secret}":"${secret}"`),
  };

  it.each(Object.entries(broken))('%s: says so, without a word of its content', (_, text) => {
    let thrown: unknown;
    try {
      parseKeyring(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(LakanaError);
    const error = thrown as LakanaError;
    expect(error.code).toBe('server_key_unreadable');
    expect(error.cause).toBeUndefined();
    expect(`${error.message}${error.stack}`).not.toContain(secret.slice(4, 20));
    expect(codeOf(() => addKey(text))).toBe('server_key_unreadable');
  });
});

describe('formats that must never change (worked out with another implementation)', () => {
  it('opens a box', () => {
    const box =
      '010000000b01000102030405060708090a0b011da92c51b8cb9b8bd9f2fe7dae8ba8c5f7ced425180c405b8aeae64302c885';
    expect(fixedKeyring().open('address', 'contact/1', unhex(box))).toEqual(utf8('+223 00 00 00 00'));
  });

  it('finds a value under both keys', () => {
    expect(fixedKeyring().indexes('address', 'telegram:42').map(hex)).toEqual([
      '0000000bba7fefe368718855fa3520fb2258603846e904722013b51c65c0059f0eb81ef1',
      '0000000a0fd480b789621c1d8df41f7c7dc1fac1771072dedf635447da0d60d95378b2c4',
    ]);
  });

  it('has its peppers', () => {
    const keyring = fixedKeyring();
    expect(hex(keyring.pepper().bytes)).toBe(
      'c28231b056b409856d24414974f07c440a33d61b2106b3afbfd16ac07061f998',
    );
    expect(hex(keyring.pepper('0000000a').bytes)).toBe(
      '7dc108385e2c01563e3a9c9481d48b9d9be8d6a5357c8cbc6903808aac43d9eb',
    );
  });
});

describe('the signing key', () => {
  it('has the public half that RFC 8032 publishes for its first test', () => {
    const seed = unhex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
    const [key] = createSigner([{ keyId: '00000001', seed }]).publicKeys;
    expect(hex(Buffer.from(key?.publicKey ?? '', 'base64'))).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
  });

  it('signs for one domain: the domain, a zero byte, the message', () => {
    const { signer } = fixedKeyring();
    const signature = signer.sign('one', utf8('message'));
    const der = Buffer.concat([
      Buffer.from('302a300506032b6570032100', 'hex'),
      Buffer.from(signer.publicKeys[0]?.publicKey ?? '', 'base64'),
    ]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    expect(verify(null, utf8('one\0message'), key, signature.subarray(4))).toBe(true);
    expect(signer.verify('one', utf8('message'), signature)).toBe(true);
    expect(signer.verify('two', utf8('message'), signature)).toBe(false);
  });

  it('can be verified away from the server, with public keys only, and nothing else verifies', () => {
    const { signer } = parseKeyring(generateKeyringFile());
    const verifier = createVerifier(signer.publicKeys);
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(7),
        (message, at, bit) => {
          const signature = signer.sign('d', message);
          expect(verifier.verify('d', message, signature)).toBe(true);
          expect(verifier.verify('d', message, flipped(signature, at, bit))).toBe(false);
          expect(verifier.verify('d', message, signature.subarray(1))).toBe(false);
          expect(fixedKeyring().signer.verify('d', message, signature)).toBe(false);
        },
      ),
    );
  });
});
