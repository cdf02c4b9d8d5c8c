import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BoundRecipient } from '../../src/crypto/case-binding.ts';
import {
  createCaseKey,
  createTeamKey,
  isTeamRecipient,
  openCaseSecret,
  openSealed,
  parseTeamRecipient,
  parseTeamSecret,
  sealToCase,
  wrapCaseSecret,
} from '../../src/crypto/case-key.ts';
import { fingerprint } from '../../src/crypto/fingerprint.ts';
import { openStream, sealStream } from '../../src/crypto/seal-stream.ts';
import type { SealHeader } from '../../src/crypto/sealed-frame.ts';
import { LakanaError } from '../../src/kernel/errors.ts';
import frozen from './frozen-seals.json' with { type: 'json' };
import { codeOf, codeOfRejection, counting, flipped, utf8 } from './given.ts';

type Wrap = { group: string; wrapped: Uint8Array };
const CASE = '7d9f2f0e-0000-4000-8000-000000000001';
const report: SealHeader = { type: 'report', version: 1, caseId: CASE, place: 0 };
const runs = { numRuns: 25 };

let team: { secret: string; recipient: string };
let region: { secret: string; recipient: string };
let recipient: BoundRecipient;
let secret: string;
let teamWrap: Wrap;
let regionWrap: Wrap;

beforeAll(async () => {
  team = await createTeamKey();
  region = await createTeamKey();
  const key = await createCaseKey(
    [
      { group: 'team', recipient: team.recipient },
      { group: 'mopti', recipient: region.recipient },
    ],
    CASE,
  );
  recipient = key.recipient;
  [teamWrap, regionWrap] = key.wraps as [Wrap, Wrap];
  secret = await openCaseSecret(team.secret, CASE, teamWrap.wrapped);
});

describe('a case key', () => {
  it('is returned as its public half and the wraps: the secret half stays nowhere else', async () => {
    const key = await createCaseKey([{ group: 'team', recipient: team.recipient }], CASE);
    expect(Object.keys(key)).toEqual(['recipient', 'wraps']);
    expect(JSON.stringify(key)).not.toContain('SECRET');
    expect(key.wraps.map((wrap) => Object.keys(wrap))).toEqual([['group', 'wrapped']]);
  });

  it('is the same for each group it is wrapped to, and each opens only its own wrap', async () => {
    expect(await openCaseSecret(region.secret, CASE, regionWrap.wrapped, 'mopti')).toBe(secret);
    expect(await codeOfRejection(openCaseSecret(team.secret, CASE, regionWrap.wrapped, 'mopti'))).toBe(
      'not_a_recipient',
    );
    expect(await codeOfRejection(openCaseSecret(region.secret, CASE, teamWrap.wrapped))).toBe(
      'not_a_recipient',
    );
  });

  it('does not open from a wrap that was put to another case or under another group', async () => {
    const elsewhere = '7d9f2f0e-0000-4000-8000-000000000002';
    expect(await codeOfRejection(openCaseSecret(team.secret, elsewhere, teamWrap.wrapped))).toBe(
      'seal_header_mismatch',
    );
    expect(await codeOfRejection(openCaseSecret(team.secret, CASE, teamWrap.wrapped, 'mopti'))).toBe(
      'seal_header_mismatch',
    );
  });

  it('can be given to one more group later by a member who can open the case', async () => {
    const later = await createTeamKey();
    const wrapped = await wrapCaseSecret({ group: 'kayes', recipient: later.recipient }, CASE, secret);
    expect(await openCaseSecret(later.secret, CASE, wrapped, 'kayes')).toBe(secret);
  });

  it('does not open from a report that poses as a wrap, nor a report from a wrap', async () => {
    const posing = await sealToCase(team.recipient as BoundRecipient, report, utf8(secret));
    expect(await codeOfRejection(openCaseSecret(team.secret, CASE, posing))).toBe('seal_header_mismatch');
    expect(await codeOfRejection(openSealed(team.secret, report, teamWrap.wrapped))).toBe(
      'seal_header_mismatch',
    );
  });

  it('is not made for no one', async () => {
    expect(await codeOfRejection(createCaseKey([], CASE))).toBe('no_recipient');
  });
});

describe('what is sealed to a case', () => {
  it('opens with the secret key, and a second case cannot read it', async () => {
    const other = await createCaseKey([{ group: 'team', recipient: team.recipient }], 'other');
    const [wrap] = other.wraps as [Wrap];
    const otherSecret = await openCaseSecret(team.secret, 'other', wrap.wrapped);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        const sealed = await sealToCase(recipient, report, bytes);
        expect(await openSealed(secret, report, sealed)).toEqual(bytes);
        expect(await codeOfRejection(openSealed(otherSecret, report, sealed))).toBe('not_a_recipient');
        expect(await codeOfRejection(openSealed(team.secret, report, sealed))).toBe('not_a_recipient');
      }),
      runs,
    );
  });

  it.each([
    ['another case', { ...report, caseId: '7d9f2f0e-0000-4000-8000-000000000002' }],
    ['another place', { ...report, place: 1 }],
    ['another kind', { ...report, type: 'note' }],
    ['another version', { ...report, version: 2 }],
    ['fields that run into each other', { ...report, type: 'report","version":1,"caseId":"x' }],
  ])('does not open for %s', async (_, expected) => {
    const sealed = await sealToCase(recipient, report, utf8('bonjour'));
    expect(await codeOfRejection(openSealed(secret, expected, sealed))).toBe('seal_header_mismatch');
  });

  it('does not open once any bit has changed', async () => {
    const sealed = await sealToCase(recipient, report, utf8('bonjour'));
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(7), async (at, bit) => {
        const code = await codeOfRejection(openSealed(secret, report, flipped(sealed, at, bit)));
        expect(['cannot_open', 'not_a_recipient']).toContain(code);
      }),
      { numRuns: 100 },
    );
  });

  it('does not tell a short answer from a longer one by its length', async () => {
    const lengths = await Promise.all(
      ['oui', 'ils sont venus la nuit'].map((text) => sealToCase(recipient, report, utf8(text))),
    );
    expect(lengths[0]?.length).toBe(lengths[1]?.length);
  });
});

describe('a file sealed as a stream', () => {
  const photo: SealHeader = { type: 'evidence', version: 1, caseId: CASE, place: 4 };
  const chunks = (parts: readonly Uint8Array[]): ReadableStream<Uint8Array> => ReadableStream.from(parts);
  const all = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array> =>
    new Uint8Array(await new Response(stream).arrayBuffer());

  it('of 5 MB in odd chunks comes back whole, and never stands whole in memory', async () => {
    const part = counting(0, 12_345);
    const parts = Array.from({ length: 425 }, () => part);
    let given = 0;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = parts[given++];
        if (next) controller.enqueue(next);
        else controller.close();
      },
    });
    const opened = await openStream(secret, photo, await sealStream(recipient, photo, source));
    const reader = opened.getReader();
    const first = await reader.read();
    expect(given).toBeLessThan(80);
    let length = first.value?.length ?? 0;
    let sum = first.value?.reduce((a, b) => a + b, 0) ?? 0;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      length += next.value.length;
      sum += next.value.reduce((a, b) => a + b, 0);
    }
    expect(length).toBe(425 * 12_345);
    expect(sum).toBe(425 * part.reduce((a, b) => a + b, 0));
  });

  it('comes back however it is cut into chunks, also when it is empty', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 999 }),
        async (parts, size) => {
          const sealed = await all(await sealStream(recipient, photo, chunks(parts)));
          const cut = Array.from({ length: Math.ceil(sealed.length / size) }, (_, n) =>
            sealed.subarray(n * size, (n + 1) * size),
          );
          const whole = await all(await openStream(secret, photo, chunks(cut)));
          expect(Buffer.compare(whole, Buffer.concat(parts))).toBe(0);
        },
      ),
      runs,
    );
  });

  it('hands out nothing for another place, kind or case', async () => {
    const sealed = await all(await sealStream(recipient, photo, chunks([utf8('une photo')])));
    for (const expected of [
      { ...photo, place: 5 },
      { ...photo, type: 'report' },
      { ...photo, caseId: 'x' },
    ]) {
      expect(await codeOfRejection(openStream(secret, expected, chunks([sealed])))).toBe(
        'seal_header_mismatch',
      );
    }
    expect(await codeOfRejection(openSealed(secret, photo, sealed))).toBe('seal_header_mismatch');
  });

  it('fails when it is cut off or changed anywhere', async () => {
    const sealed = await all(await sealStream(recipient, photo, chunks([new Uint8Array(200_000)])));
    const open = async (bytes: Uint8Array) => all(await openStream(secret, photo, chunks([bytes])));
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(7), async (at, bit) => {
        const codes = ['cannot_open', 'not_a_recipient', 'seal_header_mismatch'];
        expect(codes).toContain(await codeOfRejection(open(flipped(sealed, at, bit))));
        const end = Math.floor(at * (sealed.length - 1));
        expect(codes).toContain(await codeOfRejection(open(sealed.subarray(0, end))));
      }),
      runs,
    );
  });

  it('passes on that the download broke off', async () => {
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(utf8('half')),
      pull: () => Promise.reject(new LakanaError('download_failed', 'broke off')),
    });
    const sealed = await sealStream(recipient, photo, broken);
    expect(await codeOfRejection(all(sealed))).toBe('download_failed');
  });
});

describe('a team key', () => {
  it('is known by its public half', async () => {
    const classic = await identityToRecipient(await generateX25519Identity());
    expect(isTeamRecipient(team.recipient)).toBe(true);
    for (const text of [
      '',
      'age1',
      classic,
      team.secret,
      `${team.recipient} `,
      team.recipient.slice(0, -1),
    ]) {
      expect(isTeamRecipient(text)).toBe(false);
    }
    expect(isTeamRecipient(`${team.recipient.slice(0, -1)}b`)).toBe(false);
  });

  it('is read out of a file with remarks', () => {
    expect(parseTeamRecipient(`# équipe\r\n${team.recipient}\r\n\n`)).toBe(team.recipient);
    expect(parseTeamSecret(`# à garder hors ligne\n${team.secret}\n`)).toBe(team.secret);
    expect(codeOf(() => parseTeamRecipient(`${team.recipient}\n${region.recipient}`))).toBe('bad_recipient');
    expect(codeOf(() => parseTeamRecipient(team.secret))).toBe('bad_recipient');
    expect(codeOf(() => parseTeamSecret(team.recipient))).toBe('bad_identity');
  });

  it('has a fingerprint of eight groups that can be read aloud', () => {
    expect(fingerprint(team.recipient)).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
    expect(fingerprint(team.recipient)).toBe(fingerprint(`${team.recipient}\n`));
    expect(fingerprint(team.recipient)).not.toBe(fingerprint(region.recipient));
    expect(fingerprint(frozen.teamRecipient)).toBe(frozen.fingerprint);
  });

  it('that is damaged is refused without a word of it', async () => {
    const damaged = `${team.secret.slice(0, -1)}${team.secret.endsWith('Q') ? 'P' : 'Q'}`;
    const attempts = [
      openCaseSecret(damaged, CASE, teamWrap.wrapped),
      openSealed(damaged, report, teamWrap.wrapped),
      openStream(damaged, report, new ReadableStream()),
      sealStream(team.secret as BoundRecipient, report, new ReadableStream()),
      (async () => sealToCase(team.secret as BoundRecipient, report, utf8('x')))(),
    ];
    for (const attempt of attempts) {
      const error = await attempt.then(
        () => undefined,
        (thrown: unknown) => thrown as LakanaError,
      );
      expect(['bad_identity', 'bad_recipient']).toContain(error?.code);
      expect(error?.cause).toBeUndefined();
      expect(`${error?.message}${error?.stack}`).not.toContain(team.secret.slice(20, 40));
    }
  });
});

describe('seals of the first day', () => {
  const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
  const header = { version: 1, caseId: frozen.caseId };

  it('still open', async () => {
    const key = await openCaseSecret(frozen.teamSecret, frozen.caseId, bytes(frozen.wrapped));
    const whole = await openSealed(key, { ...header, type: 'report', place: 0 }, bytes(frozen.whole));
    expect(whole).toEqual(utf8('bonjour'));
    const file = await openStream(
      key,
      { ...header, type: 'evidence', place: 1 },
      new Blob([bytes(frozen.stream)]).stream(),
    );
    expect(await new Response(file).text()).toBe('une photo');
  });
});

describe('opening in a browser', () => {
  it('needs nothing of Node: neither this file nor what it imports', () => {
    const seen = new Set<string>();
    const walk = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const source = readFileSync(file, 'utf8');
      // What is imported as a type only is gone when it runs.
      const loaded = source.replace(/^(?:import|export) type [^;]*;$/gm, '');
      for (const [, name] of loaded.matchAll(/from '([^']+)'/g)) {
        expect(`${file}: ${name}`).not.toMatch(/: (node:|crypto$|fs$)/);
        if (name?.startsWith('.')) walk(join(dirname(file), name));
      }
      expect(source).not.toMatch(/\b(Buffer|process)\b/);
    };
    walk(new URL('../../src/crypto/case-key.ts', import.meta.url).pathname);
    expect(seen.size).toBeGreaterThan(4);
  });
});
