/** The unit by which systemd starts the service, and who may be told to write it where. */
import { realpathSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unitOf, wrongPlace } from '../../src/commands/unit.ts';
import { PROJECT } from '../../src/kernel/project.ts';
import { operator } from './lakana.ts';

const parts = { folder: '/opt/lakana', user: 'lakana', dataDir: '/var/lib/lakana' };

describe('the unit', () => {
  test('runs the tool as an ordinary user who may write into DATA_DIR alone', () => {
    const lines = unitOf(parts).split('\n');
    for (const line of [
      'User=lakana',
      'WorkingDirectory=/opt/lakana',
      'ExecStart=/opt/lakana/lakana start',
      'StateDirectory=lakana',
      'ProtectSystem=strict',
      'NoNewPrivileges=yes',
      'CapabilityBoundingSet=',
      'Restart=always',
      'Type=notify',
      'WatchdogSec=60',
      'KillMode=mixed',
      'LimitCORE=0',
    ])
      expect(lines).toContain(line);
    expect(lines.filter((line) => line.startsWith('ReadWritePaths'))).toEqual([]);
    const elsewhere = unitOf({ ...parts, dataDir: '/srv/data', writable: ['/mnt/backup'] });
    expect(elsewhere).toContain('\nReadWritePaths=/srv/data\n');
    expect(elsewhere).toContain('\nReadWritePaths=-/mnt/backup\n');
    expect(elsewhere).not.toContain('StateDirectory');
  });

  test.each(['/home/awa/lakana', '/root/lakana', '/tmp/lakana', '/opt/la kana', '/opt/%h'])(
    'is not for %s, which it could not see or say',
    (folder) => {
      expect(wrongPlace({ ...parts, folder })).toContain(`${folder}: `);
      expect(wrongPlace({ ...parts, dataDir: folder })).toContain(`${folder}: `);
      expect(wrongPlace(parts)).toBeUndefined();
    },
  );
});

describe('an operator', () => {
  let they: Awaited<ReturnType<typeof operator>>;
  beforeAll(async () => {
    they = await operator({ DATA_DIR: '/var/lib/lakana' });
  });
  afterAll(() => they.leaves());
  const installs = (...more: string[]) =>
    they.lakana('service', 'install', '--folder', '/opt/lakana', ...more);

  test('sees the unit before it is written, of this folder and these settings', async () => {
    const { code, out } = await installs('--print', '--user', 'awa');
    expect(code).toBe(0);
    expect(out).toContain('\nWorkingDirectory=/opt/lakana\n');
    const { json } = await they.asks('service', 'install', '--print');
    expect(json.unit).toContain(`\nWorkingDirectory=${realpathSync(PROJECT)}\n`);
    expect(out).toContain('\nUser=awa\nGroup=awa\n');
    expect(out).toContain('\nStateDirectory=lakana\n');
    expect(await readdir(they.folder)).toEqual([]);
  });

  test('whose backups go into a folder has that one writable too; one elsewhere by the network asks for none', async () => {
    const unit = async (target: string) => {
      they.settings.BACKUP_TARGET = target;
      const { out } = await installs('--print');
      delete they.settings.BACKUP_TARGET;
      return out;
    };
    expect(await unit('/mnt/usb')).toContain('\nReadWritePaths=-/mnt/usb\n');
    expect(await unit('s3://bucket/lakana')).not.toContain('ReadWritePaths');
  });

  test('has it written where they say, and again over their own one, but over no one else’s', async () => {
    const file = join(they.folder, 'lakana.service');
    const first = await installs('--out', file);
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toMatch(/^✓ Written: .*\n {2}systemctl daemon-reload/);
    expect((await stat(file)).mode & 0o777).toBe(0o644);
    expect((await installs('--out', file)).out).toMatch(/^✓ Unchanged: /);
    expect((await installs('--out', file, '--user', 'other')).out).toMatch(/^✓ Written anew: /);
    await writeFile(file, '[Service]\n');
    const said = await installs('--out', file);
    expect([said.code, said.err]).toEqual([
      1,
      `✗ ${file} was written by somebody else: move it away, then say this again\n`,
    ]);
    expect(await readFile(file, 'utf8')).toBe('[Service]\n');
  });

  test('hears in one line that it cannot be written there, or not for this user', async () => {
    const folder = join(they.folder, 'folder');
    await mkdir(folder);
    expect((await installs('--out', folder)).err).toBe(`✗ ${folder}: is a directory\n`);
    expect((await installs('--user', 'root')).err).toBe(
      '✗ give an ordinary user: root could change the program\n',
    );
    expect((await installs('--user', 'a;b')).code).toBe(1);
    await chmod(folder, 0o700);
  });

  test('who starts it by another way than the tool is told that way', async () => {
    expect(await they.lakana('start')).toMatchObject({
      code: 1,
      err: '✗ say ./lakana start, and nothing behind it\n',
    });
  });
});
