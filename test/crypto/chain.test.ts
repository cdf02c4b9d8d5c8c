import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChainItem, nextLink, signLink, verifyChain } from '../../src/crypto/chain.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { createVerifier } from '../../src/crypto/signer.ts';
import { fixedKeyring, flipped, hex, unhex, utf8 } from './given.ts';

const CASE = '7d9f2f0e-0000-4000-8000-000000000001';
const keyring = fixedKeyring();
const verifier = createVerifier(keyring.signer.publicKeys);

type Content = { kind: string; ciphertext: Uint8Array };

function chainOf(contents: readonly Content[], caseId = CASE, signing = keyring): ChainItem[] {
  let previous: Uint8Array | null = null;
  return contents.map(({ kind, ciphertext }, place) => {
    const link = nextLink({ previous, caseId, place, kind, ciphertext });
    previous = link;
    return { place, kind, ciphertext, link, signature: signLink(signing, link) };
  });
}

const end = (items: readonly ChainItem[]) => ({ head: items.at(-1)?.link ?? null, length: items.length });
const renumbered = (items: readonly ChainItem[]) => items.map((item, place) => ({ ...item, place }));
const isWhole = (items: readonly ChainItem[], expected = end(items), caseId = CASE): boolean =>
  verifyChain({ caseId, items, verifier, expected }).ok;

/** Ciphertexts differ as real ones do: a place in the list is put in front. */
const contents = fc
  .array(fc.record({ kind: fc.constantFrom('report', 'answers', 'note'), ciphertext: fc.uint8Array() }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((list) => list.map((item, n) => ({ ...item, ciphertext: Uint8Array.from([n, ...item.ciphertext]) })));

describe('the chain of a case', () => {
  it('is whole as it was written, also when it is empty', () => {
    fc.assert(
      fc.property(contents, (list) => {
        expect(isWhole(chainOf(list))).toBe(true);
      }),
    );
    expect(isWhole([])).toBe(true);
  });

  it('shows an item that was dropped at any place, with or without renumbering the rest', () => {
    fc.assert(
      fc.property(contents, fc.nat(), (list, n) => {
        const items = chainOf(list);
        const rest = items.filter((_, place) => place !== n % items.length);
        expect(isWhole(rest, end(items))).toBe(false);
        expect(isWhole(renumbered(rest), end(items))).toBe(false);
      }),
    );
  });

  it('shows an end that was cut off, by the length alone and by the head alone', () => {
    fc.assert(
      fc.property(contents, fc.nat(), (list, n) => {
        const items = chainOf(list);
        const cut = items.slice(0, n % items.length);
        const { head, length } = end(items);
        const check = (expected: { head?: Uint8Array | null; length?: number }) =>
          verifyChain({ caseId: CASE, items: cut, verifier, expected });
        expect(check({ length })).toMatchObject({ ok: false, problem: 'wrong_length' });
        expect(check({ head })).toMatchObject({ ok: false, problem: 'wrong_head' });
        expect(verifyChain({ caseId: CASE, items: cut, verifier }).ok).toBe(true);
      }),
    );
  });

  it('shows two items that changed places', () => {
    fc.assert(
      fc.property(contents, fc.nat(), fc.nat(), (list, one, other) => {
        const items = chainOf(list);
        const a = one % items.length;
        const b = other % items.length;
        fc.pre(a !== b);
        const swapped = items.slice();
        [swapped[a], swapped[b]] = [items[b] as ChainItem, items[a] as ChainItem];
        expect(isWhole(swapped, end(items))).toBe(false);
        expect(isWhole(renumbered(swapped), end(items))).toBe(false);
      }),
    );
  });

  it('shows an item that was added, also one that its writer linked but could not sign', () => {
    const stranger = parseKeyring(generateKeyringFile());
    fc.assert(
      fc.property(contents, (list) => {
        const items = chainOf(list);
        const last = items.at(-1) as ChainItem;
        const place = items.length;
        const added = { kind: 'note', ciphertext: utf8('added') };
        const link = nextLink({ previous: last.link, caseId: CASE, place, ...added });
        const forged = [...items, { ...added, place, link, signature: signLink(stranger, link) }];
        expect(isWhole(forged)).toBe(false);
        expect(isWhole([...items, { ...last, place }])).toBe(false);
      }),
    );
  });

  it('shows any change to a ciphertext, kind, link or signature', () => {
    fc.assert(
      fc.property(
        contents,
        fc.nat(),
        fc.constantFrom('ciphertext', 'link', 'signature', 'kind'),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, n, field, at) => {
          const items = chainOf(list);
          const place = n % items.length;
          const item = items[place] as ChainItem;
          const change =
            field === 'kind' ? { kind: `${item.kind}x` } : { [field]: flipped(item[field], at, 3) };
          const changed = items.with(place, { ...item, ...change });
          expect(isWhole(changed, end(items))).toBe(false);
        },
      ),
    );
  });

  it('does not pass for the chain of another case', () => {
    const items = chainOf([{ kind: 'report', ciphertext: utf8('x') }]);
    expect(isWhole(items, end(items), '7d9f2f0e-0000-4000-8000-000000000002')).toBe(false);
  });

  it('goes on over a rotation of the server key', () => {
    const items = chainOf([{ kind: 'report', ciphertext: utf8('x') }]);
    const first = items[0] as ChainItem;
    const unknown = verifyChain({
      caseId: CASE,
      items,
      verifier: createVerifier(keyring.signer.publicKeys.slice(1)),
    });
    expect(unknown).toEqual({ ok: false, problem: 'wrong_signature', place: 0 });
    expect(hex(first.signature).slice(0, 8)).toBe(keyring.currentKeyId);
  });

  it('begins at place 0 and leaves none out, even if the server itself signed it so', () => {
    const [item] = chainOf([{ kind: 'report', ciphertext: utf8('x') }]) as [ChainItem];
    const link = nextLink({ ...item, previous: null, caseId: CASE, place: 1 });
    const items = [{ ...item, place: 1, link, signature: signLink(keyring, link) }];
    expect(verifyChain({ caseId: CASE, items, verifier })).toEqual({
      ok: false,
      problem: 'out_of_place',
      place: 0,
    });
  });

  it('has no two items with the same encoding: lengths stand before the parts', () => {
    const item = { previous: null, caseId: 'ab', place: 1, kind: 'c', ciphertext: utf8('x') };
    expect(nextLink(item)).not.toEqual(nextLink({ ...item, caseId: 'a', kind: 'bc' }));
    expect(nextLink(item)).not.toEqual(nextLink({ ...item, caseId: 'ab1', place: 1, kind: 'c' }));
  });

  it('has the links and the signature that another implementation works out', () => {
    const items = chainOf([
      { kind: 'report', ciphertext: utf8('first') },
      { kind: 'answers', ciphertext: utf8('second') },
    ]);
    expect(items.map((item) => hex(item.link))).toEqual([
      '24ad3cb94e042d48cf8b60e7ade666bfa27bb0a4f4520ee6b8418e8a3cb3cd94',
      '5620fd14d898f8cc21b05af5d56006fe1a9f4df2f9c50f18e0bbd7e2c9298200',
    ]);
    expect(items[1]?.signature).toEqual(
      unhex(
        '0000000bcb8d7d3fd8e2c909d6d60280672b392994222fcbbd59bb8ee4e204aa16d8826ebe53e32565edb985cd7cb7758a46c10119f04200ea843c5c733ae2c7bb701f0d',
      ),
    );
  });
});
