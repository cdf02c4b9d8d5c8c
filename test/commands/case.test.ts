import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sealAnswers, sealIntoCase } from '../../src/app/alerts/case-record.ts';
import type { Context } from '../../src/app/ground/context.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { createDraft, openCase } from '../../src/app/records/case-opening.ts';
import { evidenceHeader } from '../../src/cases/evidence-seal.ts';
import { bundleHash, readLine, writeLine } from '../../src/commands/case-bundle.ts';
import type { BoundRecipient } from '../../src/crypto/case-binding.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { signLink } from '../../src/crypto/chain.ts';
import { generateKeyringFile, type Keyring, parseKeyring } from '../../src/crypto/keyring.ts';
import { sealStream } from '../../src/crypto/seal-stream.ts';
import { findCase } from '../../src/db/cases.ts';
import { insertEvidence, putChunk, updateEvidence } from '../../src/db/evidence.ts';
import { claimMode } from '../../src/db/service-state.ts';
import { type CaseId, type EvidenceId, newId } from '../../src/kernel/ids.ts';
import { trialKeys } from '../../src/service/trial.ts';
import { testContext } from '../app/context.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { fixedClock } from '../fixed-clock.ts';
import { operator } from './lakana.ts';

const AT = new Date('2026-04-02T10:00:00Z');
const VOICE = Buffer.alloc(700_000, 'voix de la personne ');

let database: TestDatabase;
let they: Awaited<ReturnType<typeof operator>>;
let ctx: Context;
let reference: string;
let trueKeyFile: string;

beforeAll(async () => {
  database = await createTestDatabase();
  they = await operator({ DATABASE_URL: database.url });
  const keys = await trialKeys(join(they.folder, 'data'));
  trueKeyFile = keys.serverKey;
  const keyring = parseKeyring(keys.serverKey);
  ctx = await testContext({ db: database.db, keyring, recipient: keys.recipient, clock: fixedClock(AT) });
  await claimMode(database.db, 'trial', AT);
  reference = await reportOf('On a frappé à ma porte\u001b[2J cette nuit');
});
afterAll(async () => {
  await they.leaves();
  await database.close();
});

/** A sent report with a voice note. */
async function reportOf(story: string): Promise<string> {
  const evidence = newId<EvidenceId>();
  const [id, made] = await transact(ctx, async (at) => {
    const caseId = await createDraft(at, 'telegram');
    const facts = { level: 'urgent' as const, region: 'mopti', isSubmitted: true, isUnfinished: false };
    const name = await openCase(at, caseId, facts);
    await sealAnswers(at, caseId, 'report', [
      { step: 'danger', answer: { kind: 'choice', value: 'now' } },
      {
        step: 'account',
        answer: {
          kind: 'account',
          done: true,
          parts: [
            { kind: 'text', text: story },
            { kind: 'file', evidence, media: 'voice' },
          ],
        },
      },
    ]);
    return [caseId, name] as const;
  });
  await voiceNote(id, evidence);
  return made;
}

async function voiceNote(caseId: CaseId, id: EvidenceId): Promise<void> {
  const row = await findCase(database.db, caseId);
  const sealed = await sealStream(
    (row?.recipient ?? '') as BoundRecipient,
    evidenceHeader(caseId, id),
    new Blob([VOICE]).stream(),
  );
  const bytes = Buffer.from(await new Response(sealed).arrayBuffer());
  const hash = createHash('sha256').update(bytes).digest();
  await transact(ctx, async (at) => {
    const { tx } = at;
    await insertEvidence(tx, {
      id,
      caseId,
      state: 'received',
      media: 'voice',
      createdAt: AT,
    });
    for (let n = 0; n * 256_000 < bytes.length; n++)
      await putChunk(tx, id, n, bytes.subarray(n * 256_000, (n + 1) * 256_000));
    await updateEvidence(tx, id, { state: 'saved', hash, size: bytes.length });
    const about = {
      evidence: id,
      media: 'voice',
      mediaType: 'audio/ogg',
      name: '../../etc/passwd',
      size: bytes.length,
      differs: { type: { said: 'audio/ogg', found: 'unknown' }, size: { said: 5, came: bytes.length } },
    };
    await sealIntoCase(at, caseId, 'evidence', { ...about, sha256: hash.toString('hex') });
  });
}

const identity = () => join(they.folder, 'data/trial-keys/team.key');
const serverKey = () => join(they.folder, 'data/trial-keys/server.key');
const publicHalf = () => join(they.folder, 'server.key.pub');
/** How a case is opened where the team's key and the public half of the server's are. */
const opening = (file: string) =>
  ['case', 'open', file, '--identity', identity(), '--signed-by', publicHalf()] as const;

test('cases are listed without a word of what was said', async () => {
  const said = await they.lakana('case', 'list');
  expect(said.out).toContain(`${reference}  urgent  new  sent  mopti`);
  const { json } = await they.asks('case', 'list');
  expect(json.cases).toMatchObject([{ reference, level: 'urgent', items: 2 }]);
});

describe('a case that is exported', () => {
  let bundle: string;
  let print: string;
  beforeAll(async () => {
    const { json, code } = await they.asks('case', 'export', reference.toLowerCase());
    // Each look of the operator is noted, before anything is shown.
    const looks = await database.sql`select member_id from audit_log where what = 'case_exported'`;
    expect(looks).toEqual([{ member_id: null }]);
    expect(code).toBe(0);
    bundle = json.file;
    const written = await they.asks('keys', 'server-public', '--file', serverKey(), '--out', publicHalf());
    print = written.json.fingerprint;
  });

  test('is a file for its owner only in which nothing can be read', async () => {
    expect((await stat(bundle)).mode & 0o777).toBe(0o600);
    const content = await readFile(bundle, 'utf8');
    // Five letters come about by chance in a megabyte of base64, one time in a thousand; a space or an accent never do.
    expect(content).not.toMatch(/a frappé|à ma porte|voix de la/);
    for (const line of content.trim().split('\n')) {
      const parts: Record<string, unknown> = JSON.parse(line);
      expect(parts).toHaveProperty('kind');
      const inside = Object.values(parts).map((part) => Buffer.from(String(part), 'base64').toString());
      expect(inside.join()).not.toMatch(/a frappé|à ma porte|voix de la/);
    }
  });

  test('opens with the team key alone: no database, no settings', async () => {
    const team = await operator();
    const said = await team.lakana(...opening(bundle));
    expect(said.err).toBe('');
    expect(said.code).toBe(0);
    expect(said.out).toContain(`✓ signed by the server's key ${print}`);
    expect(said.out).toContain('✓ complete and unchanged since it was signed');
    expect(said.out).toContain('✓ reference, level, times and files as the server exported them');
    expect(said.out).not.toMatch(/✗|^! /m);
    expect(said.out).toContain('Danger maintenant\n    Oui, maintenant');
    expect(said.out).toContain('On a frappé à ma porte');
    expect(said.out).not.toContain('\u001b');
    expect(said.out).toMatch(
      /✓ voice .*, 700000 bytes\n {4}! sent as audio\/ogg, begins like: unknown\n {4}! the phone said 5 bytes, \d+ came\n/,
    );
    expect(await readdir(team.folder)).toEqual([]);
    await team.leaves();
  });

  test('gives its files back, named by us and not by the sender', async () => {
    const { json } = await they.asks(...opening(bundle), '--out', 'files');
    const names = await readdir(join(they.folder, 'files'));
    expect(names).toEqual([expect.stringMatching(/^01-voice-[0-9a-f]{4}\.ogg$/)]);
    expect(json.files).toMatchObject([{ isWhole: true, bytes: VOICE.length }]);
    expect((await readFile(join(they.folder, 'files', names[0] ?? ''))).equals(VOICE)).toBe(true);
  });

  test('is proved by the fingerprint of the key too, as people write it; without either it says that nothing is proved', async () => {
    const open = (...more: string[]) => they.asks('case', 'open', bundle, '--identity', identity(), ...more);
    const proved = await open('--signed-by', print.toUpperCase());
    expect(proved).toMatchObject({ code: 0, json: { origin: { is: 'proved' }, isHeaderProved: true } });
    const unnamed = await they.lakana('case', 'open', bundle, '--identity', identity());
    expect(unnamed.code).toBe(1);
    expect(unnamed.out).toContain('✗ ORIGIN UNPROVED');
    expect(unnamed.out).toContain(print);
    expect(unnamed.out).toContain('On a frappé à ma porte');
  });

  test('that an intruder made, or signed again, with a server key of their own is not the server’s', async () => {
    const own = parseKeyring(generateKeyringFile());
    const said = await openChanged((lines) => signedAgain(lines, own));
    expect(said.code).toBe(1);
    expect(said.out).toContain('✗ NOT SIGNED BY THE SERVER');
    expect(said.out).not.toContain('✓ complete');
    // Nor if they name the true key as well, beside theirs.
    const beside = await openChanged((lines) => signedAgain(lines, own, parseKeyring(trueKeyFile)));
    expect(beside.code).toBe(1);
    expect(beside.out).toMatch(/NOT SIGNED BY THE SERVER|NOT AS THE SERVER WROTE IT/);
  });

  test.each([
    ['the level', (line: string) => line.replace('"level":"urgent"', '"level":"low"')],
    ['the reference', (line: string) => line.replace(/"reference":"....-....",/, '"reference":"TAKO-4827",')],
    ['a time', (line: string) => line.replace('"openedAt":"2026-04', '"openedAt":"2025-04')],
    ['the version', (line: string) => line.replace('"version":2', '"version":1')],
  ])('whose header was changed (%s) says that the header is unproved', async (_what, change) => {
    const said = await openChanged(([first = '', ...rest]) => [change(first), ...rest]);
    expect(said.code).toBe(1);
    expect(said.out).toContain('times, region) is UNPROVED');
  });

  test('whose key is not the one that the server signed for it says so, and which items are from before', async () => {
    const swapped = await openChanged(([first = '', ...rest]) => [
      first.replace(/"recipientSignature":"..../, '"recipientSignature":"AAAA'),
      ...rest,
    ]);
    expect(swapped.code).toBe(1);
    expect(swapped.out).toContain('KEY IS NOT THE ONE');
    await database.sql`update cases set recipient_signature = null`;
    await database.sql`alter table audit_log disable trigger all`;
    await database.sql`delete from audit_log`;
    await rm(join(they.folder, 'data', 'signed-once'));
    // The next command is the first start with keys that are signed.
    await they.lakana('case', 'export', reference, '--out', 'from-before');
    const said = await they.lakana(...opening('from-before'));
    expect(said.code).toBe(0);
    expect(said.out).toContain("! items 0 to 1 are from before the case's key was signed");
  });

  test('does not open with another key, and says so', async () => {
    const { secret } = await createTeamKey();
    await writeFile(join(they.folder, 'other.key'), secret);
    const said = await they.lakana('case', 'open', bundle, '--identity', 'other.key');
    expect(said).toMatchObject({ code: 1, out: '' });
    expect(said.err).toMatch(/^✗ this key does not open the case.*\n$/);
  });

  test.each([
    ['an item is missing', (lines: string[]) => lines.filter((line) => !line.includes('"place":1,'))],
    ['two items changed places', (lines: string[]) => lines.map((line) => swapPlaces(line))],
    [
      'a signature is another one',
      (lines: string[]) => lines.map((line) => line.replace(/"signature":"..../, '"signature":"AAAA')),
    ],
  ])('shows that %s', async (_what, change) => {
    const said = await openChanged(change);
    expect(said.code).toBe(1);
    expect(said.out + said.err).toMatch(/NOT AS THE SERVER WROTE IT|damaged|ends too early/);
  });

  test('shows that a file in it was exchanged', async () => {
    const said = await openChanged((lines) =>
      lines.map((line) =>
        line.includes('"kind":"piece"') && line.includes('"n":1,')
          ? line.replace(/"ciphertext":"..../, '"ciphertext":"AAAA')
          : line,
      ),
    );
    expect(said.out).toContain('damaged or exchanged');
  });

  test('shows that its end was cut off', async () => {
    const said = await openChanged((lines) => lines.slice(0, -1));
    expect(said).toMatchObject({ code: 1, err: '✗ the file ends too early: export the case again\n' });
  });

  test('is not overwritten by the next export', async () => {
    const said = await they.lakana('case', 'export', reference, '--out', bundle);
    expect(said.code).toBe(1);
    expect(said.err).toContain('is there already');
  });

  async function openChanged(change: (lines: string[]) => string[]) {
    const lines = (await readFile(bundle, 'utf8')).trim().split('\n');
    await writeFile(join(they.folder, 'changed'), `${change(lines).join('\n')}\n`);
    return they.lakana(...opening('changed'));
  }
});

/** The whole bundle as its forger would sign it: each item anew, then everything. */
function signedAgain(lines: string[], own: Keyring, beside?: Keyring): string[] {
  const hash = bundleHash();
  return lines.map((text) => {
    const line = readLine(text, text.includes('"kind":"case"') ? 1 : 2);
    if (line.kind === 'case') line.signingKeys = [...own.signingKeys, ...(beside?.signingKeys ?? [])];
    if (line.kind === 'item') line.signature = signLink(own, line.link);
    if (line.kind === 'end') line.signature = hash.sign(own.signer);
    const written = writeLine(line);
    hash.add(written);
    return written.trimEnd();
  });
}

function swapPlaces(line: string): string {
  if (!line.includes('"kind":"item"')) return line;
  return line.replace(/"place":(\d)/, (_all, place: string) => `"place":${1 - Number(place)}`);
}

test('a case goes through a pipe too', async () => {
  const said = await they.lakana('case', 'export', reference);
  expect(said.code).toBe(0);
  expect(said.out.trim().split('\n').at(-1)).toMatch(/^\{"kind":"end","items":2,"files":1,"signature":"/);
});

test('what is no bundle is named as such', async () => {
  await writeFile(join(they.folder, 'notes.txt'), 'not a case\n');
  const said = await they.lakana('case', 'open', 'notes.txt', '--identity', identity());
  expect(said).toMatchObject({ code: 1, out: '' });
  expect(said.err).toContain('this is no case that was exported by Lakana');
  const none = await they.lakana('case', 'open', 'nowhere', '--identity', identity());
  expect(none.err).toMatch(/^✗ .*nowhere: there is no such file/);
});
