import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseTeamRecipient, parseTeamSecret } from '../../src/crypto/case-key.ts';
import { parseKeyring } from '../../src/crypto/keyring.ts';
import { parseSigningKeys } from '../../src/crypto/signing-keys.ts';
import { operator } from './lakana.ts';

let they: Awaited<ReturnType<typeof operator>>;
beforeAll(async () => {
  they = await operator();
});
afterAll(() => they.leaves());

const modeOf = async (name: string) => (await stat(join(they.folder, name))).mode & 0o777;
const read = (name: string) => readFile(join(they.folder, name), 'utf8');

test('the server key is made where the settings say, for its owner only, and never overwritten', async () => {
  await writeFile(join(they.folder, '.env'), 'SERVER_KEY_FILE=server.key\n');
  const { json, code } = await they.asks('keys', 'init-server');
  expect(code).toBe(0);
  expect(await modeOf('server.key')).toBe(0o600);
  const first = await read('server.key');
  expect(parseKeyring(first)).toMatchObject({ currentKeyId: json.keyId, isTrial: false });
  const again = await they.lakana('keys', 'init-server');
  expect(again).toMatchObject({ code: 1, out: '' });
  expect(again.err).toMatch(/^✗ .*server\.key: is there already, and is not overwritten\n$/);
  expect(await read('server.key')).toBe(first);
});

test('after a rotation the file has a new key and opens what the old one sealed', async () => {
  await they.lakana('keys', 'init-server', '--out', 'rotating.key');
  const before = parseKeyring(await read('rotating.key'));
  const sealed = before.seal('test', 'x', Uint8Array.of(7));
  const { json } = await they.asks('keys', 'rotate-server', '--file', 'rotating.key');
  const after = parseKeyring(await read('rotating.key'));
  expect(after.currentKeyId).toBe(json.keyId);
  expect(after.currentKeyId).not.toBe(before.currentKeyId);
  expect(after.open('test', 'x', sealed)).toEqual(Uint8Array.of(7));
  expect(await modeOf('rotating.key')).toBe(0o600);
});

test('a server key is not put beside the data', async () => {
  const said = await they.lakana('keys', 'init-server', '--out', 'data/server.key');
  expect(said.code).toBe(1);
  expect(said.err).toContain('DATA_DIR');
});

test('beside a database that is there already, the new key says that it does not open it', async () => {
  const { out, code } = await they.lakana('keys', 'init-server', '--out', 'fresh.key');
  expect({ code, out }).toEqual({ code: 0, out: expect.not.stringContaining('database') });
  // What a live service leaves behind, also where its PostgreSQL is elsewhere.
  await mkdir(join(they.folder, 'data'));
  await writeFile(join(they.folder, 'data/server.key.pub'), '');
  const said = await they.lakana('keys', 'init-server', '--out', 'second.key');
  expect(said.code).toBe(0);
  expect(said.out).toMatch(/^! There is a database already \(.*\/data\)\..*own key only/m);
});

test('the team key prints its public half only, and writes both halves', async () => {
  const said = await they.lakana('keys', 'init-team', '--out', 'team.key');
  const recipient = parseTeamRecipient(await read('team.key.pub'));
  const secret = parseTeamSecret(await read('team.key'));
  expect(said.out).toContain(recipient);
  expect(said.out + said.err).not.toContain(secret);
  expect(await modeOf('team.key')).toBe(0o600);
});

test('the public half of the server key is written beside it, and says after a rotation which key came first', async () => {
  const made = await they.asks('keys', 'init-server', '--out', 'public.key');
  const first = parseSigningKeys(await read('public.key.pub'));
  expect(first).toEqual(parseKeyring(await read('public.key')).signer.publicKeys);
  expect(await read('public.key.pub')).toContain(made.json.fingerprint);
  expect(await read('public.key')).not.toContain(first[0]?.publicKey);
  await they.asks('keys', 'rotate-server', '--file', 'public.key');
  const [newest, oldest] = parseSigningKeys(await read('public.key.pub'));
  expect(oldest).toEqual(first[0]);
  const { json } = await they.asks('keys', 'server-public', '--file', 'public.key', '--out', 'elsewhere.pub');
  expect(parseSigningKeys(await read('elsewhere.pub'))[0]).toEqual(newest);
  expect(json.keyId).toBe(newest?.keyId);
});
