import { describe, expect, test } from 'vitest';
import { createFrameReader, framed, frameStart } from '../../src/backup/frames.ts';
import { parseHeader } from '../../src/backup/header.ts';
import { readLinks } from '../../src/backup/links.ts';
import { opened } from '../../src/backup/sealing.ts';
import { createIdentity } from '../../src/crypto/age.ts';

/** So much of a file was asked for. */
function endless(begin: string, more: string) {
  let asked = 0;
  async function* bytes(): AsyncGenerator<Uint8Array, void> {
    yield Buffer.from(begin);
    const piece = Buffer.from(more.repeat(65_536));
    for (; asked < 64_000_000; asked += piece.length) yield piece;
  }
  return { bytes: bytes(), asked: () => asked };
}

const HEADER = {
  lakana: 'backup',
  format: 1,
  version: '1.0.0',
  schema: { count: 1, hash: 'a'.repeat(64) },
  asOf: '2026-11-30T02:40:00.000Z',
  mode: 'live',
  serverKey: 'abcdef01',
  hasSessions: false,
  erased: 0,
  tables: [],
};
const header = (more: object) => Buffer.from(JSON.stringify({ ...HEADER, ...more }));

describe('a file that an intruder put in the place of a backup', () => {
  test.each(['\0', 'a', '\n-> X25519 a\n'])(
    'and whose header does not end is refused before it is in memory',
    async (more) => {
      const file = endless('age-encryption.org/v1\n', more);
      const open = async () => {
        for await (const _ of await opened(await createIdentity(), file.bytes));
      };
      await expect(open()).rejects.toMatchObject({ code: 'cannot_open' });
      expect(file.asked()).toBeLessThan(2_000_000);
    },
  );

  test('in that of the links, with a line that does not end, is refused before it is in memory', async () => {
    const file = endless('lakana-links/1 2026-11-30T02:40:00.000Z\n', 'A');
    const read = async () => {
      const keyring = { open: () => Buffer.from('{}') };
      for await (const _ of readLinks(keyring, HEADER.asOf, file.bytes));
    };
    await expect(read()).rejects.toMatchObject({ code: 'not_a_backup' });
    expect(file.asked()).toBeLessThan(4_000_000);
  });
});

describe('a backup of a newer Lakana', () => {
  test('is said to be newer, and by which version it was made, not to be damaged', () => {
    expect(parseHeader(header({}))).toEqual(HEADER);
    for (const more of [{ format: 2 }, { format: 2, mode: undefined }, { hasVoices: true }])
      expect(() => parseHeader(header({ ...more, version: '7.1.0' }))).toThrow(
        'this backup was made by a newer Lakana (7.1.0): install that version here',
      );
    for (const less of [
      { mode: 'none' },
      { format: undefined },
      { lakana: 'erased' },
      { mode: 'none', extra: 1 },
    ])
      expect(() => parseHeader(header(less))).toThrow('this is no backup of Lakana');
  });

  test('of another form altogether is said to be newer too', () => {
    const read = (start: string) => [...createFrameReader().take(Buffer.from(start))];
    expect(() => read('lakana-backup/2\n')).toThrow('made by a newer Lakana: install the newest version');
    expect(() => read('lakana-backup12\n')).toThrow('this is no backup of Lakana');
    expect([
      ...createFrameReader().take(Buffer.concat([frameStart(), ...framed('S', Buffer.from('x'))])),
    ]).toHaveLength(1);
  });
});
