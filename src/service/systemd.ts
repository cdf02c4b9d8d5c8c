/**
 * What systemd is told by a service that it started (sd_notify): that it is ready, that it lives, that it ends. Node opens no
 * datagram sockets of files, so systemd's own program speaks (docs/decisions/sd-notify.md).
 *
 * Invariant: whatever goes wrong here holds up nothing; without systemd nothing is said.
 */
import { execFile } from 'node:child_process';

export type Systemd = { ready(): void; stopping(): void };

type Environment = Record<string, string | undefined>;

/** Signs of life that systemd hears before it would act. */
const TIMES = 3;
const WITHIN_MS = 10_000;

/**
 * Whom the guardian tells. Gives a sign of life from now on, as long as this process's loop turns: the guardian watches the
 * service, and systemd the guardian. Takes what systemd said out of `env`, so that no child takes it for its own.
 */
export function systemdOf(env: Environment): Systemd {
  const { NOTIFY_SOCKET, WATCHDOG_USEC, PATH } = env;
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name];
  if (!NOTIFY_SOCKET) return { ready: () => {}, stopping: () => {} };
  const tell = (...words: string[]): void =>
    void execFile(
      'systemd-notify',
      words,
      { env: { PATH, NOTIFY_SOCKET }, timeout: WITHIN_MS, killSignal: 'SIGKILL' },
      () => {},
    );
  const every = Number(WATCHDOG_USEC) / 1_000 / TIMES;
  if (every > 0) setInterval(() => tell('WATCHDOG=1'), every).unref();
  return { ready: () => tell('READY=1'), stopping: () => tell('STOPPING=1') };
}
