/** The systemd unit of a live service: an ordinary user, a system that it may only read, and nothing that it does not need. */
import { dirname, resolve } from 'node:path';

export type UnitParts = {
  /** Lakana's folder; absolute, as the others. */
  folder: string;
  user: string;
  dataDir: string;
  /** What it may write to besides. */
  writable?: readonly string[];
};

/** By it a unit is known that may be written over. */
export const WRITTEN_BY =
  '# Written by ./lakana service install: what you change goes beside it, by systemctl edit.';

const STATE = '/var/lib';

/** What cannot be in a unit: folders that it is kept from seeing, or whose names systemd would read as something else. */
export function wrongPlace({ folder, dataDir, writable = [] }: UnitParts): string | undefined {
  for (const path of [folder, dataDir, ...writable]) {
    if (/^\/(home|root|run\/user|tmp|var\/tmp)(\/|$)/.test(path))
      return `${path}: the unit sees no homes and no temporary folders: the program goes to /opt/lakana, data to /var/lib/lakana`;
    if (!/^\/[\w./@+-]*$/.test(path))
      return `${path}: give a path without spaces and signs, like /var/lib/lakana`;
  }
  return undefined;
}

/** The unit as systemd reads it. */
export function unitOf(parts: UnitParts): string {
  const { folder, user, dataDir, writable = [] } = parts;
  const isState = dirname(dataDir) === STATE;
  const state = isState
    ? [`StateDirectory=${dataDir.slice(STATE.length + 1)}`, 'StateDirectoryMode=0700']
    : [`ReadWritePaths=${dataDir}`];
  return `${[
    WRITTEN_BY,
    '[Unit]',
    'Description=Lakana, a line between human rights defenders and those who protect them',
    `Documentation=file:${resolve(folder, 'docs/operating/install.md')}`,
    'Wants=network-online.target',
    'After=network-online.target postgresql.service',
    '# People must be heard: however often it fell, it is started again.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=notify',
    '# The guardian speaks through systemd-notify, a process of its own.',
    'NotifyAccess=all',
    'WatchdogSec=60',
    `User=${user}`,
    `Group=${user}`,
    `WorkingDirectory=${folder}`,
    `ExecStart=${folder}/lakana start`,
    'Restart=always',
    'RestartSec=5',
    '# A first start makes a database, one after an upgrade changes it.',
    'TimeoutStartSec=15min',
    '# Only the guardian is told to stop, and stops the others in order; PostgreSQL is one of them.',
    'KillMode=mixed',
    'TimeoutStopSec=45',
    '# If memory runs out the guardian starts the service again by itself.',
    'OOMPolicy=continue',
    'SyslogIdentifier=lakana',
    'Environment=NODE_ENV=production',
    '',
    ...state,
    ...writable.map((path) => `ReadWritePaths=-${path}`),
    'UMask=0077',
    '# What lies in memory is never written down.',
    'LimitCORE=0',
    'ProtectSystem=strict',
    'ProtectHome=yes',
    'PrivateTmp=yes',
    'PrivateDevices=yes',
    'NoNewPrivileges=yes',
    'CapabilityBoundingSet=',
    'AmbientCapabilities=',
    'ProtectKernelTunables=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelLogs=yes',
    'ProtectControlGroups=yes',
    'ProtectClock=yes',
    'ProtectHostname=yes',
    'ProtectProc=invisible',
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'LockPersonality=yes',
    'RemoveIPC=yes',
    '# Netlink: which addresses this machine has.',
    'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
    'SystemCallArchitectures=native',
    'SystemCallFilter=@system-service',
    'SystemCallFilter=~@privileged',
    'SystemCallErrorNumber=EPERM',
    '# No MemoryDenyWriteExecute: Node compiles while it runs.',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ].join('\n')}\n`;
}
