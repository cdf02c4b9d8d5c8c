/**
 * docs/operating/install.md, typed block by block, in its order, on a Debian that is thrown away: from the archive of a release to a
 * passed exercise. What is left out: what comes from Debian's servers (`apt-get`), and systemd itself, in whose place the test starts
 * what the unit says, as whom and where it says so.
 */
import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { PROJECT } from '../../src/kernel/project.ts';
import { talkWith } from '../commands/typing.ts';
import { freePort } from '../end-to-end/officers-room.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/telegram.ts';
import { blocksOf, type DebianRoot, openDebianRoot } from './debian-root.ts';

const run = promisify(execFile);
const PAGE = 'docs/operating/install.md';

let out = '';
let debian: DebianRoot;
let telegram: FakeTelegram;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'lakana-release-'));
  [telegram, debian] = await Promise.all([
    startFakeTelegram(),
    openDebianRoot(),
    run(process.execPath, ['release/run.ts', out], { cwd: PROJECT }),
  ]);
}, 600_000);
afterAll(async () => {
  await telegram.close();
  await debian.close();
  await rm(out, { recursive: true, force: true });
});

test('an empty Debian gets from the archive of a release to a passed exercise by what the page says', async () => {
  const blocks = (await blocksOf(PAGE)).filter(({ lines }) => !lines.startsWith('apt-get'));
  expect(blocks.map(({ section }) => section)).toEqual(['2', '3', '5', '6', '6']);
  const [unpack, places, goLive, unit, journal] = blocks.map(({ lines }) => lines) as [
    string,
    string,
    string,
    string,
    string,
  ];
  await mkdir(join(debian.path, 'root/release'));
  for (const name of await readdir(out))
    await copyFile(join(out, name), join(debian.path, 'root/release', name));
  expect(await debian.types(unpack, '/root/release')).toMatch(/^lakana-.*\.tar\.gz: OK$/m);
  await debian.types(places);
  expect(await debian.types('stat -c "%U %a" /etc/lakana /var/lib/lakana /opt/lakana')).toBe(
    'lakana 700\nlakana 700\nroot 755\n',
  );
  const { recipient } = await createTeamKey();
  for (const name of ['team', 'backup'])
    await writeFile(join(debian.path, `etc/lakana/${name}.key.pub`), `${recipient}\n`);
  // Where the disk of the backups is mounted.
  await mkdir(join(debian.path, 'mnt/backup'));
  // Where the test's own Telegram is: no operator has this line.
  await writeFile(join(debian.path, 'opt/lakana/.env'), `TELEGRAM_API_ROOT=${telegram.root}\n`);

  const [, command = ''] = /^(\.\/lakana go-live)$/m.exec(goLive) ?? [];
  const talk = talkWith(debian.starts(command.split(' '), '/opt/lakana'));
  let service: ChildProcess | undefined;
  try {
    await talk.answers('telegram: are people to write there?', 'yes');
    await talk.answers('TELEGRAM_BOT_TOKEN', telegram.token);
    await talk.answers('whatsapp: are people to write there?', 'no');
    await talk.answers('Folder for data', '');
    await talk.answers('PostgreSQL of your own', 'no');
    await talk.answers('File for the server’s key', '');
    await talk.answers('Is the copy where it belongs?', 'yes');
    await talk.answers('Path of team.key.pub', '');
    await talk.answers('Port on this machine', String(await freePort()));
    await talk.answers('Address of the officers’ room', 'https://lakana.example.org');
    await talk.answers('run on this machine?', 'yes');
    await talk.answers('Is a backup to be made each night?', 'yes');
    await talk.answers('Path of backup.key.pub', '');
    await talk.answers('Where do they go?', '/mnt/backup/lakana');
    await talk.answers('Keep it all the same', 'yes');
    await talk.reads('Start the service, in another terminal');
    const ours = [
      '/opt/lakana/.env',
      '/etc/lakana/server.key',
      '/etc/lakana/server.key.pub',
      '/etc/lakana/team.key.pub',
      '/etc/lakana/backup.key.pub',
    ];
    expect(await debian.types(`stat -c "%U %a" ${ours.join(' ')}`)).toBe(
      'lakana 600\nlakana 600\nlakana 644\nroot 644\nroot 644\n',
    );

    await debian.types(unit);
    expect(await debian.told()).toEqual(['daemon-reload', 'enable --now lakana']);
    await debian.types(journal);
    expect(await readFile(join(debian.path, 'etc/systemd/journald.conf.d/lakana.conf'), 'utf8')).toBe(
      '[Journal]\nSystemMaxUse=500M\nMaxRetentionSec=5week\n',
    );
    const written = await readFile(join(debian.path, 'etc/systemd/system/lakana.service'), 'utf8');
    const says = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(written)?.[1] ?? '';
    service = debian.starts(says('ExecStart').split(' '), says('WorkingDirectory'), says('User'));
    let banner = '';
    service.stdout?.on('data', (chunk) => {
      banner += String(chunk);
    });
    await expect.poll(() => banner, { timeout: 120_000 }).toContain('Lakana is ready (live)');

    await talk.answers('Enter: look again', '');
    await talk.reads('✓ lakana-');
    await talk.answers('Name of the first officer', 'Kadi T.');
    const [, code = ''] = /Code: (\S+)/.exec(await talk.reads('When Kadi T. has sent it to the bot')) ?? [];
    const kadi = telegram.person('Kadi');
    await kadi.says(`/start ${code}`);
    await kadi.presses('Je suis de garde');
    await kadi.seesText('Vous êtes de garde');
    await talk.answers('Enter: look again', '');
    await talk.answers('Begin the exercise now?', 'yes');
    await kadi.presses('Je prends');
    await talk.reads(' passed.');
    expect(await talk.ended).toBe(0);
    const doctor = await debian.types('runuser -u lakana -- ./lakana doctor || true', '/opt/lakana');
    expect(doctor).toContain('✓ pages: as they are published with this version');
    expect(doctor).not.toMatch(/^✗/m);
    expect(doctor).not.toContain('chmod');
    // What go-live made as root there is the service's, which goes on with it at night.
    expect(await debian.types('find /mnt/backup/lakana ! -user lakana')).toBe('');
    const list = await debian.types('runuser -u lakana -- ./lakana backup list', '/opt/lakana');
    expect(list).toMatch(/^lakana-\S+\.backup .* rehearsed$/m);
    // The program's folder is as it was unpacked, and root's.
    expect(await debian.types('find /opt/lakana ! -user root')).toBe('/opt/lakana/.env\n');
    expect((await stat(join(debian.path, 'var/lib/lakana'))).mode & 0o777).toBe(0o700);
  } finally {
    talk.leaves();
    if (service) {
      service.kill('SIGTERM');
      await once(service, 'close');
    }
  }
});
