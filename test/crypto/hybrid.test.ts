/** The machine's own crypto beside the library, which is the judge: neither may notice who made a key or a file. */
import { bech32 } from '@scure/base';
import { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { decrypterFor, encrypterFor, opening, recipientOf } from '../../src/crypto/age.ts';
import * as byLibrary from '../../src/crypto/hybrid-by-library.ts';
import { hybridOfMachine } from '../../src/crypto/hybrid-of-machine.ts';
import frozen from './frozen-seals.json' with { type: 'json' };
import { codeOf, codeOfRejection, counting, flipped, utf8 } from './given.ts';

const runs = { numRuns: 25 };
const machine = hybridOfMachine as byLibrary.Hybrid;
const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(identityOf);

let secret: string;
let recipient: string;

beforeAll(async () => {
  secret = await generateHybridIdentity();
  recipient = await identityToRecipient(secret);
});

function identityOf(seed: Uint8Array): string {
  return bech32.encodeFromBytes('AGE-SECRET-KEY-PQ-', seed).toUpperCase();
}
const recipientWith = (bytes: Uint8Array): string => bech32.encode('age1pq', bech32.toWords(bytes), false);

function librarySeals(to: string): Encrypter {
  const encrypter = new Encrypter();
  encrypter.addRecipient(to);
  return encrypter;
}
function libraryOpens(identity: string): Decrypter {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter;
}

describe('the machine', () => {
  it('computes hybrid keys itself in the Node that this service runs on; a browser leaves it to the library', () => {
    expect(hybridOfMachine).toBeDefined();
    expect(byLibrary.hybridOfMachine).toBeUndefined();
  });

  it('finds the public half that the library finds, for every secret key', async () => {
    await fc.assert(
      fc.asyncProperty(key, async (each) => {
        expect(machine.recipientOf(each)).toBe(await identityToRecipient(each));
      }),
      runs,
    );
    expect(machine.recipientOf(frozen.teamSecret)).toBe(frozen.teamRecipient);
    expect(await recipientOf(frozen.teamSecret)).toBe(frozen.teamRecipient);
  });

  it('opens what the library sealed, today and long ago', async () => {
    await fc.assert(
      fc.asyncProperty(key, fc.uint8Array({ maxLength: 3_000 }), async (each, bytes) => {
        const sealed = await librarySeals(await identityToRecipient(each)).encrypt(bytes);
        expect(await decrypterFor(each).decrypt(sealed)).toEqual(bytes);
      }),
      runs,
    );
    const old = await libraryOpens(frozen.teamSecret).decrypt(Buffer.from(frozen.wrapped, 'base64'));
    const again = await decrypterFor(frozen.teamSecret).decrypt(Buffer.from(frozen.wrapped, 'base64'));
    expect(again).toEqual(old);
  });

  it('seals what the library opens', async () => {
    await fc.assert(
      fc.asyncProperty(key, fc.uint8Array({ maxLength: 3_000 }), async (each, bytes) => {
        const sealed = await encrypterFor(await identityToRecipient(each)).encrypt(bytes);
        expect(await libraryOpens(each).decrypt(sealed)).toEqual(bytes);
      }),
      runs,
    );
  });

  it('seals the same words differently each time', async () => {
    const sealed = await Promise.all([1, 2].map(() => encrypterFor(recipient).encrypt(utf8('bonjour'))));
    const shares = sealed.map((each) => new TextDecoder().decode(each).split('\n')[1]);
    expect(shares[0]).toMatch(/^-> mlkem768x25519 [A-Za-z0-9+/]{1494}$/);
    expect(shares[0]?.slice(17, 1_450)).not.toBe(shares[1]?.slice(17, 1_450));
    expect(shares[0]?.slice(-40)).not.toBe(shares[1]?.slice(-40));
  });

  it('refuses what was changed or sealed to another key just as the library does', async () => {
    const sealed = await librarySeals(recipient).encrypt(utf8('bonjour'));
    const other = await generateHybridIdentity();
    for (const of of [libraryOpens, decrypterFor])
      expect(await codeOfRejection(opening(() => of(other).decrypt(sealed)))).toBe('not_a_recipient');
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(7), async (at, bit) => {
        const changed = flipped(sealed, at, bit);
        const codes = [libraryOpens, decrypterFor].map((of) =>
          codeOfRejection(opening(() => of(secret).decrypt(changed))),
        );
        const [library, ours] = await Promise.all(codes);
        expect(ours).toBe(library);
        expect(['cannot_open', 'not_a_recipient']).toContain(ours);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['one byte too few', counting(0, 1_215)],
    ['one byte too many', counting(0, 1_217)],
    ['nothing', new Uint8Array(0)],
  ])('takes no public key of %s', (_, bytes) => {
    expect(codeOf(() => encrypterFor(recipientWith(bytes)))).toBe('bad_recipient');
  });

  it('takes no key with a wrong letter, and no secret key of another length', async () => {
    const last = recipient.at(-1) === 'q' ? 'p' : 'q';
    expect(codeOf(() => encrypterFor(recipient.slice(0, -1) + last))).toBe('bad_recipient');
    const wrong = secret.slice(0, -1) + (secret.at(-1) === 'Q' ? 'P' : 'Q');
    for (const each of [wrong, identityOf(counting(0, 31)), identityOf(counting(0, 33))]) {
      expect(codeOf(() => decrypterFor(each))).toBe('bad_identity');
      expect(await codeOfRejection(recipientOf(each))).toBe('bad_identity');
    }
  });

  it('seals to no key of which a half is worthless', async () => {
    const raw = Uint8Array.from(
      bech32.fromWords(bech32.decode(recipient as `age1pq1${string}`, false).words),
    );
    const withoutCurve = recipientWith(raw.slice().fill(0, 1_184));
    await expect(librarySeals(withoutCurve).encrypt(utf8('bonjour'))).rejects.toThrow();
    await expect(encrypterFor(withoutCurve).encrypt(utf8('bonjour'))).rejects.toThrow();
    // Numbers that no key of ML-KEM has: here the machine is stricter than the library (@noble/post-quantum 0.5).
    const beyondModulus = recipientWith(raw.slice().fill(0xff, 0, 3));
    await expect(encrypterFor(beyondModulus).encrypt(utf8('bonjour'))).rejects.toThrow();
  });

  it('says nothing of a key in an error', async () => {
    const raw = recipientWith(counting(0, 1_216).fill(0xff, 0, 3));
    const error = await encrypterFor(raw)
      .encrypt(utf8('bonjour'))
      .then(
        () => undefined,
        (reason: unknown) => String(reason),
      );
    expect(error).toBeDefined();
    expect(error).not.toContain(raw.slice(0, 40));
  });
});
