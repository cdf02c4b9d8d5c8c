/**
 * An office's machine for the pages of docs/operating: a Debian that is thrown away, with the program in /opt/lakana, its user, and a
 * `systemctl` that starts and stops it as the unit would. Needs root.
 */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { PROJECT } from '../../src/kernel/project.ts';
import { TOOL } from '../../src/kernel/tool.ts';
import { freePort } from '../end-to-end/officers-room.ts';
import { startFakeTelegram } from '../fakes/telegram/telegram.ts';
import { startFakeWhatsApp } from '../fakes/whatsapp/whatsapp.ts';
import { type DebianRoot, openDebianRoot } from './debian-root.ts';

const run = promisify(execFile);

/** Starts what the unit says, as whom it says so, and waits until it runs; its output is in /root/service.log. */
const SYSTEMCTL = `#!/bin/sh
set -eu
stop() {
  [ -f /root/service.pid ] || return 0
  kill -TERM "$(cat /root/service.pid)" 2>/dev/null || true
  while kill -0 "$(cat /root/service.pid)" 2>/dev/null; do sleep 0.1; done
  rm -f /root/service.pid
}
start() {
  cd /opt/lakana
  : > /root/service.log
  setsid --fork runuser -u lakana -- sh -c 'echo $$ > /tmp/lakana.pid; exec node_modules/.bin/node src/main.ts' >> /root/service.log 2>&1 < /dev/null
  while ! grep -q '"event":"service_started"' /root/service.log; do
    sleep 0.2
    if [ -s /tmp/lakana.pid ] && ! kill -0 "$(cat /tmp/lakana.pid)" 2>/dev/null; then cat /root/service.log >&2; exit 1; fi
  done
  cp /tmp/lakana.pid /root/service.pid
}
case "$1" in
  stop) stop ;;
  start) start ;;
  restart) stop; start ;;
esac
`;
/** Programs that work on the machine below this one, or on systemd: they do nothing, and note it. */
const NOTED = ['timedatectl', 'journalctl', 'apt-get'];

export type Office = Awaited<ReturnType<typeof openOffice>>;

export async function openOffice() {
  const [telegram, whatsapp, team, backup] = await Promise.all([
    startFakeTelegram(),
    startFakeWhatsApp(),
    createTeamKey(),
    createTeamKey(),
  ]);
  const debian = await openDebianRoot();
  const layer = await mkdtemp(join(tmpdir(), 'lakana-program-'));
  const at = (path: string) => join(debian.path, path);
  await putProgram(debian, layer);
  await writeFile(at('usr/local/sbin/systemctl'), SYSTEMCTL);
  for (const name of NOTED) {
    await writeFile(at(`usr/local/sbin/${name}`), `#!/bin/sh\necho "${name} $*" >> /root/noted\n`);
    await chmod(at(`usr/local/sbin/${name}`), 0o755);
  }
  await debian.types(
    'useradd --system --user-group --home-dir /var/lib/lakana --shell /usr/sbin/nologin lakana\n' +
      'install --directory --owner lakana --group lakana --mode 700 /etc/lakana /var/lib/lakana /var/backups/lakana\n' +
      'mkdir -p /media/stick && chmod 755 /media/stick',
  );
  await writeFile(at('etc/lakana/team.key.pub'), `${team.recipient}\n`);
  await writeFile(at('etc/lakana/backup.key.pub'), `${backup.recipient}\n`);
  await writeFile(at('media/stick/backup.key'), `${backup.secret}\n`);
  const trial = { DATA_DIR: '/var/lib/lakana', PORT: String(await freePort()), LOG_LEVEL: 'info' };
  const live = {
    ...trial,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.root,
    SERVER_KEY_FILE: '/etc/lakana/server.key',
    TEAM_RECIPIENT_FILE: '/etc/lakana/team.key.pub',
    PUBLIC_URL: 'https://lakana.example.org',
    BACKUP_RECIPIENT_FILE: '/etc/lakana/backup.key.pub',
    BACKUP_TARGET: '/var/backups/lakana',
  };
  const settings = { trial, live, whatsapp: { ...live, WHATSAPP: 'on', WHATSAPP_SOCKET_URL: whatsapp.url } };
  // What stands for WhatsApp is believed by every program of ours that is started so.
  const believes =
    `export FAKE_WHATSAPP=${whatsapp.root}\n` +
    'export NODE_OPTIONS="--import /opt/lakana/test/fakes/whatsapp/trust.ts"\n';
  return {
    telegram,
    whatsapp,
    types: debian.types,
    /** What its settings are, in place of those before. */
    async has(which: keyof typeof settings): Promise<void> {
      const lines = Object.entries(settings[which]).map(([name, value]) => `${name}=${value}\n`);
      await writeFile(at('opt/lakana/.env'), lines.join(''));
      await debian.types('chown lakana:lakana /opt/lakana/.env && chmod 600 /opt/lakana/.env');
    },
    /** The operator's tool, as the service's user. */
    lakana: (words: string) => debian.types(['runuser -u lakana --', TOOL, words].join(' '), '/opt/lakana'),
    /** The same where WhatsApp is a fake one. `scans`: what the handset does with each code that `whatsapp pair` shows. */
    async typesWithHandset(lines: string, scans: (qr: string) => Promise<void>): Promise<string> {
      const shown = at('root/codes');
      await rm(shown, { force: true });
      const typed = lines.replaceAll(/(whatsapp pair.*)$/gm, '$1 --json | tee /root/codes');
      const scanned = new Set<string>();
      const look = setInterval(async () => {
        const text = await readFile(shown, 'utf8').catch(() => '');
        for (const [, qr] of text.matchAll(/^\{"qr":"(.+)"\}$/gm))
          if (qr && !scanned.has(qr)) {
            scanned.add(qr);
            void scans(qr).catch(() => undefined);
          }
      }, 200);
      try {
        return await debian.types(believes + typed);
      } finally {
        clearInterval(look);
      }
    },
    /** What the programs were told that do nothing here. */
    noted: () => readFile(at('root/noted'), 'utf8').catch(() => ''),
    async close(): Promise<void> {
      await debian.types('systemctl stop').catch(() => undefined);
      // What the service started for itself.
      await debian.types('pkill -INT -u lakana -x postgres; sleep 2').catch(() => undefined);
      await run('umount', ['--lazy', at('opt/lakana')]).catch(() => undefined);
      await debian.close();
      await telegram.close();
      await whatsapp.close();
      await rm(layer, { recursive: true, force: true });
    },
  };
}

/** This program in /opt/lakana; what is written there is thrown away. */
async function putProgram(debian: DebianRoot, layer: string): Promise<void> {
  const [upper, work] = [join(layer, 'upper'), join(layer, 'work')];
  for (const each of [upper, work, join(debian.path, 'opt/lakana')]) await mkdir(each, { recursive: true });
  await chmod(upper, 0o755);
  const layers = `lowerdir=${PROJECT},upperdir=${upper},workdir=${work}`;
  await run('mount', ['-t', 'overlay', 'overlay', '-o', layers, join(debian.path, 'opt/lakana')]);
}
