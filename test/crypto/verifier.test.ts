import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVerifier } from '../../src/crypto/signer.ts';
import { checkBuiltIn, checkByProgram, createVerify } from '../../src/crypto/verifier.ts';
import { codeOf, fixedKeyring, flipped, unhex, utf8 } from './given.ts';

const { signer } = fixedKeyring();

/** The browser's own cryptography, the program where that knows no Ed25519, and the server's. */
const ways = {
  'its own cryptography': createVerify(signer.publicKeys, checkBuiltIn),
  'a program': createVerify(signer.publicKeys, checkByProgram),
  'whichever there is': createVerify(signer.publicKeys),
};

describe.each(Object.entries(ways))('a browser that checks signatures by %s', (_name, verify) => {
  it('says of each what the server says of it: as signed, with any bit turned, for another use, cut short', async () => {
    const server = createVerifier(signer.publicKeys);
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 80 }),
        fc.constantFrom('as_signed', 'bit', 'message', 'domain', 'short'),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (message, change, at) => {
          const signature = signer.sign('lakana/test', message);
          const given = change === 'bit' ? flipped(signature, at, 2) : signature;
          const checked = [
            change === 'domain' ? 'lakana/tes' : 'lakana/test',
            change === 'message' ? Uint8Array.from([...message, 1]) : message,
            change === 'short' ? given.subarray(1) : given,
          ] as const;
          expect(await verify(...checked)).toBe(change === 'as_signed');
          expect(server.verify(...checked)).toBe(change === 'as_signed');
        },
      ),
      { numRuns: 40 },
    );
  });

  it('accepts the signature that never changes', async () => {
    const link = unhex('5620fd14d898f8cc21b05af5d56006fe1a9f4df2f9c50f18e0bbd7e2c9298200');
    const signature = unhex(
      '0000000bcb8d7d3fd8e2c909d6d60280672b392994222fcbbd59bb8ee4e204aa16d8826ebe53e32565edb985cd7cb7758a46c10119f04200ea843c5c733ae2c7bb701f0d',
    );
    expect(await verify('lakana/case-chain/v1', link, signature)).toBe(true);
  });
});

describe('a public key', () => {
  it('that is none is refused, whatever is in its place', () => {
    for (const publicKey of ['', 'AAAA', '%'.repeat(44), `${'A'.repeat(42)}==`, utf8('x').toString()])
      expect(codeOf(() => createVerify([{ keyId: '0000000a', publicKey }]))).toBe('bad_key');
  });
});
