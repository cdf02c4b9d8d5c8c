/** What an intruder who can write to the database can and cannot make the officers' room show. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CaseTrouble,
  createCaseCheck,
  type ItemVerdict,
  type Seen,
} from '../../src/crypto/case-check.ts';
import { type ChainItem, nextLink, signLink } from '../../src/crypto/chain.ts';
import { addKey, generateKeyringFile, type Keyring, parseKeyring } from '../../src/crypto/keyring.ts';
import { createVerify } from '../../src/crypto/verifier.ts';
import { type Memory, rememberSeen, seenOf } from '../../src/web/console/remembered.ts';
import { acceptServerKeys, serverKeys } from '../../src/web/console/server-keys.ts';
import { fixedKeyring, flipped, utf8 } from '../crypto/given.ts';

const CASE = '7d9f2f0e-0000-4000-8000-000000000001';
const OTHER_CASE = '7d9f2f0e-0000-4000-8000-000000000002';
const server = fixedKeyring();
const intruder = parseKeyring(generateKeyringFile());
const verify = createVerify(server.signer.publicKeys);

/** What stands in the database of a case. */
type Stored = { items: ChainItem[]; length: number; head: Uint8Array | null };

function written(
  words: readonly string[],
  { caseId = CASE, by = server, after = [] as ChainItem[] } = {},
): Stored {
  const items = [...after];
  for (const word of words) items.push(nextItem(items, word, { caseId, by }));
  return stored(items);
}

function nextItem(
  before: readonly ChainItem[],
  word: string,
  { caseId = CASE, by = server as Keyring, place = before.length } = {},
): ChainItem {
  const item = { place, kind: 'answers', ciphertext: utf8(`${place} ${word}`) };
  const link = nextLink({ previous: before.at(-1)?.link ?? null, caseId, ...item });
  return { ...item, link, signature: signLink(by, link) };
}

const stored = (items: ChainItem[]): Stored => ({
  items,
  length: items.length,
  head: items.at(-1)?.link ?? null,
});

/** As the room reads it: by place, as the database gives rows. */
async function read(
  { items, length, head }: Stored,
  {
    remembered,
    boundFrom = 0,
    isBegunAnew = false,
  }: { remembered?: Seen; boundFrom?: number; isBegunAnew?: boolean } = {},
): Promise<{ verdicts: ItemVerdict[]; troubles: CaseTrouble[]; seen: Seen | undefined }> {
  const check = createCaseCheck({ caseId: CASE, boundFrom, verify });
  const verdicts: ItemVerdict[] = [];
  for (const item of items.toSorted((a, b) => a.place - b.place)) verdicts.push(await check.item(item));
  const troubles = check.end({ length, head, remembered, isBegunAnew });
  return { verdicts, troubles, seen: check.seen() };
}

async function seenBy(case_: Stored): Promise<Seen> {
  const { seen } = await read(case_);
  if (!seen) throw new Error('the case is not whole');
  return seen;
}

const words = fc.array(fc.string({ maxLength: 10 }), { minLength: 2, maxLength: 6 });
const bytes = fc.double({ min: 0, max: 1, noNaN: true });

describe('an intruder who can write to the database', () => {
  it('finds a case that no one touched shown as whole, also while something is being added to it', async () => {
    await fc.assert(
      fc.asyncProperty(words, async (list) => {
        const whole = written(list);
        const { verdicts, troubles, seen } = await read(whole);
        expect({ troubles, isVouched: verdicts.every((each) => each === 'vouched') }).toEqual({
          troubles: [],
          isVouched: true,
        });
        // The row was read before the last item came, the items after it.
        const early = { ...written(list.slice(0, -1)), items: whole.items };
        expect((await read(early, seen ? { remembered: seen } : {})).troubles).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('cannot add or put in an item unseen: not by a copy, a foreign signature, or an item of another case', async () => {
    await fc.assert(
      fc.asyncProperty(
        words,
        fc.nat(),
        fc.constantFrom('copied', 'foreign_key', 'other_case', 'unsigned', 'borrowed'),
        fc.boolean(),
        async (list, n, how, isEnd) => {
          const { items } = written(list);
          const at = isEnd ? items.length : n % items.length;
          const before = items.slice(0, at);
          // Not the one that lies there: then it would be the next one that does not fit.
          const some = items.find(({ place }) => place !== at) as ChainItem;
          const forged: ChainItem = {
            copied: { ...some, place: at },
            foreign_key: nextItem(before, 'forged', { by: intruder }),
            other_case: nextItem(before, 'other', { caseId: OTHER_CASE }),
            unsigned: { ...nextItem(before, 'forged'), signature: new Uint8Array(68) },
            borrowed: { ...nextItem(before, 'forged'), signature: some.signature },
          }[how];
          const rest = items.slice(at).map((item) => ({ ...item, place: item.place + 1 }));
          const { verdicts, troubles } = await read(stored([...before, forged, ...rest]));
          expect(troubles).toContain('inserted');
          expect(verdicts[at]).toBe('not_ours');
          // What was really written before it is still vouched for.
          expect(verdicts.slice(0, at).every((each) => each === 'vouched')).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('cannot change an item unseen: its place, kind, sealed bytes, link or signature', async () => {
    await fc.assert(
      fc.asyncProperty(
        words,
        fc.nat(),
        fc.constantFrom('kind', 'ciphertext', 'link', 'signature'),
        bytes,
        async (list, n, field, at) => {
          const whole = written(list);
          const place = n % whole.items.length;
          const item = whole.items[place] as ChainItem;
          const change = field === 'kind' ? { kind: 'message' } : { [field]: flipped(item[field], at, 1) };
          const { verdicts, troubles } = await read({
            ...whole,
            items: whole.items.with(place, { ...item, ...change }),
          });
          expect(troubles).toContain('inserted');
          expect(verdicts[place]).toBe('not_ours');
        },
      ),
      { numRuns: 60 },
    );
  });

  it('cannot write one with links of their own all the way: what follows is not vouched for either', async () => {
    const whole = written(['un', 'deux', 'trois']);
    const [first, second, third] = whole.items as [ChainItem, ChainItem, ChainItem];
    const forged = nextItem([first], 'forged', { by: intruder });
    const { verdicts, troubles } = await read(stored([first, forged, third]));
    expect(verdicts).toEqual(['vouched', 'not_ours', 'adrift']);
    expect(troubles).toEqual(['inserted']);
    expect((await read(stored([first, second, third]))).troubles).toEqual([]);
  });

  it('cannot leave out an item unseen, in the middle or, by the head that the service noted, at the end', async () => {
    await fc.assert(
      fc.asyncProperty(words, fc.nat(), fc.boolean(), async (list, n, isRenumbered) => {
        const whole = written(list);
        const gone = n % whole.items.length;
        const rest = whole.items.filter((_, place) => place !== gone);
        const items = isRenumbered ? rest.map((item, place) => ({ ...item, place })) : rest;
        expect((await read({ ...whole, items })).troubles).not.toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('cannot let items change places unseen', async () => {
    await fc.assert(
      fc.asyncProperty(words, fc.nat(), fc.nat(), async (list, one, other) => {
        const whole = written(list);
        const [a, b] = [one % list.length, other % list.length];
        fc.pre(a !== b);
        const swapped = whole.items.map((item) =>
          item.place === a ? { ...item, place: b } : item.place === b ? { ...item, place: a } : item,
        );
        const { troubles, verdicts } = await read({ ...whole, items: swapped });
        expect(troubles).toContain('inserted');
        expect(verdicts[a]).not.toBe('vouched');
        expect(verdicts[b]).not.toBe('vouched');
      }),
      { numRuns: 40 },
    );
  });

  it('cannot set a case back, end and all, for a member who saw more of it: it is shown as cut back', async () => {
    await fc.assert(
      fc.asyncProperty(words, fc.nat(), fc.boolean(), async (list, n, isGrownAgain) => {
        const whole = written(list);
        const remembered = await seenBy(whole);
        const left = whole.items.slice(0, n % whole.items.length);
        const back = isGrownAgain
          ? written(
              list.map(() => 'autre'),
              { after: left },
            )
          : stored(left);
        expect((await read(back, { remembered })).troubles).toEqual(['cut_back']);
        // A browser that sees it for the first time knows nothing of it: SECURITY.md says so.
        expect((await read(back)).troubles).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('cannot pass a case that was set back for one whose person wanted nothing kept', async () => {
    const whole = written(['un', 'deux']);
    const bare = written(['wants nothing kept']);
    const said = { remembered: await seenBy(whole), isBegunAnew: true };
    expect((await read(bare, said)).troubles).toEqual([]);
    const grown = written(['plus'], { after: bare.items });
    expect((await read(bare, { remembered: await seenBy(grown), isBegunAnew: true })).troubles).toEqual([
      'cut_back',
    ]);
  });

  it('cannot have what lay there before the key was signed vouched for, and cannot calm anybody with it', async () => {
    const whole = written(['un', 'deux', 'trois']);
    expect((await read(whole, { boundFrom: 2 })).verdicts).toEqual(['before', 'before', 'vouched']);
    const forged = stored([...whole.items, nextItem(whole.items, 'forged', { by: intruder })]);
    const { verdicts, troubles } = await read(forged, { boundFrom: 1_000 });
    expect(verdicts.at(-1)).toBe('not_ours');
    expect(troubles).toEqual(['inserted']);
  });

  it('cannot put the whole of another case there', async () => {
    const { verdicts, troubles } = await read(written(['un', 'deux'], { caseId: OTHER_CASE }));
    expect(verdicts.some((each) => each === 'vouched' || each === 'before')).toBe(false);
    expect(troubles).toEqual(['inserted']);
  });
});

/** A browser's memory. */
function memory(): Memory & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
  };
}

/** As the server shows its keys. */
const shownBy = ({ signingKeys }: Keyring) =>
  signingKeys.map(({ signature, ...key }) => ({
    ...key,
    ...(signature ? { signature: Buffer.from(signature).toString('base64') } : {}),
  }));

describe('a server that signs with another key', () => {
  const old = generateKeyringFile();
  const before = parseKeyring(old);
  const after = parseKeyring(addKey(old));
  const message = utf8('link');

  it('is believed by a browser that knew the old key, if that one signed the new one', async () => {
    const browser = memory();
    expect(await serverKeys(shownBy(before), browser)).toMatchObject({ is: 'first' });
    expect(await serverKeys(shownBy(before), browser)).toMatchObject({ is: 'known' });
    const { is, verify: check, fingerprint } = await serverKeys(shownBy(after), browser);
    expect({ is, fingerprint }).toEqual({ is: 'known', fingerprint: shownBy(after)[0]?.fingerprint });
    expect(await check('x', message, after.signer.sign('x', message))).toBe(true);
    expect(await check('x', message, before.signer.sign('x', message))).toBe(true);
  });

  it('cannot pass for the one that a browser knew: what it signs counts for nothing, until a person accepts it', async () => {
    const lone = parseKeyring(generateKeyringFile());
    const [fresh] = shownBy(lone);
    const [known] = shownBy(before);
    if (!fresh || !known) throw new Error('no keys');
    const forged = Buffer.from(lone.signer.sign('lakana/signing-key/v1', message)).toString('base64');
    for (const shown of [
      [fresh],
      [{ ...fresh, signedBy: known.keyId, signature: forged }, known],
      [{ ...fresh, signedBy: known.keyId, signature: shownBy(after)[0]?.signature ?? '' }, known],
      [{ ...fresh, keyId: known.keyId }],
      [],
    ]) {
      const browser = memory();
      await serverKeys(shownBy(before), browser);
      const found = await serverKeys(shown, browser);
      expect(found.is).toBe('changed');
      expect(await found.verify('x', message, lone.signer.sign('x', message))).toBe(false);
      expect(await found.verify('x', message, before.signer.sign('x', message))).toBe(true);
      // Not even the next time.
      expect((await serverKeys(shown, browser)).is).toBe('changed');
      acceptServerKeys([fresh], browser);
      expect((await serverKeys([fresh], browser)).is).toBe('known');
    }
  });
});

describe('a thief of an officer’s phone', () => {
  it('finds nothing readable of a case in what the browser remembers, and not without end', () => {
    const browser = memory();
    const seen = { length: 3, first: 'a'.repeat(64), head: 'b'.repeat(64) };
    const ids = Array.from(
      { length: 2_100 },
      (_, n) => `7d9f2f0e-0000-4000-8000-${String(n).padStart(12, '0')}`,
    );
    rememberSeen(browser, new Map(ids.map((id) => [id, seen])));
    const kept = [...browser.kept.values()].join();
    expect(kept).not.toMatch(/7d9f2f0e|[A-Z]{4}-\d{4}/);
    expect(kept.length).toBeLessThan(600_000);
    expect(seenOf(browser, ids.at(-1) ?? '')).toEqual(seen);
    expect(seenOf(browser, ids[0] ?? '')).toBeUndefined();
  });

  it('cannot make the browser forget how far it saw a case by a look that began earlier', () => {
    const browser = memory();
    const seen = { length: 5, first: 'a'.repeat(64), head: 'b'.repeat(64) };
    rememberSeen(browser, new Map([[CASE, seen]]));
    rememberSeen(browser, new Map([[CASE, { ...seen, length: 3, head: 'c'.repeat(64) }]]));
    expect(seenOf(browser, CASE)).toEqual(seen);
  });
});
