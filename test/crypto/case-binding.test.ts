import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boundRecipient,
  boundRecipientBy,
  isContinuation,
  signCaseKey,
  signContinuation,
} from '../../src/crypto/case-binding.ts';
import { fingerprint } from '../../src/crypto/fingerprint.ts';
import { parseRoot, rootOf } from '../../src/crypto/heads-root.ts';
import { addKey, generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { isSignedMember, isSignedMemberBy, signMember } from '../../src/crypto/member-binding.ts';
import { createVerifier } from '../../src/crypto/signer.ts';
import { vouchedKeys } from '../../src/crypto/signing-keys.ts';
import { createVerify } from '../../src/crypto/verifier.ts';
import frozen from './frozen-seals.json' with { type: 'json' };
import { fixedKeyring, flipped, hex, unhex } from './given.ts';

const keyring = fixedKeyring();
const verifier = createVerifier(keyring.signer.publicKeys);
const binding = { caseId: frozen.caseId, recipient: frozen.teamRecipient, boundFrom: 0 };

describe('the key of a case', () => {
  it('is the one that the server signed, and after a rotation of the signing key still is', () => {
    const old = generateKeyringFile();
    const signature = signCaseKey(parseKeyring(old).signer, binding);
    expect(boundRecipient(parseKeyring(addKey(old)).signer, { ...binding, signature })).toBe(
      frozen.teamRecipient,
    );
    expect(boundRecipient(parseKeyring(generateKeyringFile()).signer, { ...binding, signature })).toBe(
      undefined,
    );
  });

  it('is no one’s without a signature, with one bit of it changed, for another case, key or number of items', () => {
    const signature = signCaseKey(keyring.signer, binding);
    const isBound = (other: Partial<typeof binding>, word: Uint8Array | null = signature) =>
      boundRecipient(verifier, { ...binding, ...other, signature: word }) !== undefined;
    expect(isBound({})).toBe(true);
    expect(isBound({}, null)).toBe(false);
    expect(isBound({ caseId: '7d9f2f0e-0000-4000-8000-000000000002' })).toBe(false);
    expect(isBound({ recipient: `${frozen.teamRecipient}q` })).toBe(false);
    expect(isBound({ boundFrom: 1 })).toBe(false);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(7), (at, bit) => {
        expect(isBound({}, flipped(signature, at, bit))).toBe(false);
      }),
    );
  });

  it('does not pass for a continuation, nor a continuation for another or for a key', () => {
    const going = { caseId: 'one', replaces: 'two' };
    const signature = signContinuation(keyring.signer, going);
    expect(isContinuation(verifier, going, signature)).toBe(true);
    expect(isContinuation(verifier, { caseId: 'two', replaces: 'one' }, signature)).toBe(false);
    expect(isContinuation(verifier, going, signCaseKey(keyring.signer, binding))).toBe(false);
    expect(isContinuation(verifier, going, null)).toBe(false);
  });

  it('was signed like this for ever: the bytes do not change from one version to the next', async () => {
    expect(hex(signCaseKey(keyring.signer, binding))).toBe(frozen.caseKeySignature);
    const read = { ...binding, signature: unhex(frozen.caseKeySignature) };
    expect(boundRecipient(verifier, read)).toBe(frozen.teamRecipient);
    // A browser reads it by its own cryptography.
    const verify = createVerify(keyring.signer.publicKeys);
    expect(await boundRecipientBy(verify, read)).toBe(frozen.teamRecipient);
    expect(await boundRecipientBy(verify, { ...read, boundFrom: 1 })).toBe(undefined);
    expect(await boundRecipientBy(verify, { ...read, signature: null })).toBe(undefined);
  });
});

describe('signing keys', () => {
  const verifyBy = (key: { keyId: string; publicKey: string }) => createVerify([key]);
  const rotated = (times: number) => {
    let file = generateKeyringFile();
    for (let n = 0; n < times; n++) file = addKey(file);
    return parseKeyring(file).signingKeys;
  };

  it('are newest first, each signed by the one before it; a reader who trusts the oldest trusts them all', async () => {
    const keys = rotated(3);
    expect(keys.map(({ signedBy }) => signedBy)).toEqual([
      ...keys.slice(1).map(({ keyId }) => keyId),
      undefined,
    ]);
    const oldest = keys.at(-1)?.fingerprint;
    expect(await vouchedKeys(keys, (key) => key.fingerprint === oldest, verifyBy)).toEqual(keys);
  });

  it('that came before the trusted one count no more, and those of another server never', async () => {
    const [newest, second, ...rest] = rotated(3);
    const trusted = second?.fingerprint;
    const all = [newest, second, ...rest].flatMap((key) => key ?? []);
    const isTrusted = (key: { fingerprint: string }) => key.fingerprint === trusted;
    expect(await vouchedKeys(all, isTrusted, verifyBy)).toEqual([newest, second]);
    const [stranger] = rotated(1);
    const slippedIn = [stranger, second, ...rest].flatMap((key) => key ?? []);
    expect(await vouchedKeys(slippedIn, isTrusted, verifyBy)).toEqual([]);
    // The fingerprint is of the key, not what a list says that it is.
    const posing = all.map((key) => ({ ...key, fingerprint: trusted ?? '' }));
    expect((await vouchedKeys(posing, isTrusted, verifyBy)).map(({ keyId }) => keyId)).toEqual([
      newest?.keyId,
      second?.keyId,
    ]);
  });

  it('were signed like this for ever', () => {
    const [newest, oldest] = keyring.signingKeys;
    expect(hex(newest?.signature ?? new Uint8Array())).toBe(frozen.signingKeySignature);
    expect(oldest?.fingerprint).toBe(fingerprint(oldest?.publicKey ?? ''));
  });
});

describe('a member', () => {
  const member = { id: 'm', recipient: frozen.teamRecipient, role: 'officer', officerId: null };
  const signature = unhex(frozen.memberSignature);

  it('is who the server signed, key, role and officer, for ever, also as a browser checks it', async () => {
    const verify = createVerify(keyring.signer.publicKeys);
    expect(hex(signMember(keyring.signer, member))).toBe(frozen.memberSignature);
    expect(await isSignedMemberBy(verify, member, signature)).toBe(true);
    expect(await isSignedMemberBy(verify, member, null)).toBe(false);
    const others = [{ id: 'n' }, { recipient: 'age1pq1own' }, { role: 'administrator' }, { officerId: 'o' }];
    for (const other of others)
      expect(isSignedMember(verifier, { ...member, ...other }, signature)).toBe(false);
  });
});

describe('the code over all heads', () => {
  const at = new Date('2026-11-29T08:00:00.000Z');
  const cases = [
    { id: 'b', length: 2, head: 'bb' },
    { id: 'a', length: 0, head: null },
  ];
  const heads = { at, cases, audit: { seq: 7, head: 'ff' } };

  it('is the same for ever, whatever the order, and another one for any other heads', () => {
    const root = rootOf(heads);
    expect(root).toBe(frozen.headsRoot);
    expect(rootOf({ ...heads, cases: cases.toReversed() })).toBe(root);
    const [first, second] = cases;
    const others = [
      { ...heads, at: new Date(at.getTime() + 1) },
      { ...heads, audit: null },
      { ...heads, audit: { seq: 8, head: 'ff' } },
      { ...heads, cases: first ? [first] : [] },
      { ...heads, cases: first && second ? [{ ...first, head: 'bc' }, second] : [] },
    ];
    for (const other of others) expect(rootOf(other)).not.toBe(root);
    expect(parseRoot(root.toUpperCase().replaceAll(' ', '-'))).toBe(root);
    expect(parseRoot(`\u200E${root.replaceAll(' ', '\u2011')}\u00A0`)).toBe(root);
    expect(parseRoot('123')).toBe(undefined);
  });
});
