/** The small process that keeps the service running, with small programs in the service's place. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const GUARDIAN = join(import.meta.dirname, 'quick-guardian.ts');

let folder: string;
let guardian: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-guardian-'));
});
afterEach(async () => {
  guardian?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** What the program has noted, a line each. */
const noted = async (): Promise<string[]> =>
  (await readFile(join(folder, 'notes'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
const notes = (line: string) => expect.poll(noted, { timeout: 30_000, interval: 20 }).toContain(line);

/** Starts a program under the guardian. In it: `note(line)`, `say(message)`, and `found`, what the guardian knows. */
async function start(
  program: string,
  more: Record<string, string> = {},
): Promise<{ child: ChildProcess; code: Promise<number | null> }> {
  const file = join(folder, 'program.mjs');
  await writeFile(
    file,
    `import { appendFileSync } from 'node:fs';
    import { once } from 'node:events';
    const note = (line) => appendFileSync(${JSON.stringify(join(folder, 'notes'))}, line + '\\n');
    // Asleep, so that the other tests have the processor.
    const standsStill = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    const say = (message) => process.send([message]);
    process.once('disconnect', () => { note('alone'); process.exit(1); });
    say({ is: 'asks' });
    const [found] = await once(process, 'message');
    setInterval(() => process.connected && say({ is: 'beat' }), 200);
    ${program}`,
  );
  const child = spawn(process.execPath, [GUARDIAN, file], {
    stdio: 'ignore',
    env: { ...process.env, ...more },
  });
  guardian = child;
  return { child, code: once(child, 'exit').then(([code]) => code) };
}

describe('the guardian', () => {
  it('starts a service again that stands still or ends, and tells it what it was doing then', async () => {
    const { child, code } = await start(`
      say({ is: 'ready' });
      if (found.falls.length === 0) { say({ is: 'begins', key: 'a' }); say({ is: 'begins', key: 'b' }); say({ is: 'ends', key: 'b' }); standsStill(); }
      if (found.falls.length === 1) { say({ is: 'begins', key: 'a' }); process.abort(); }
      note(found.falls.map(({ kind }) => kind).join() + JSON.stringify(found.suspects));
      process.once('SIGTERM', () => process.exit(0));
    `);
    await notes('frozen,ended[{"key":"a","times":2}]');
    child.kill('SIGTERM');
    expect(await code).toBe(0);
  });

  it('counts work that is no message until it was done once; what nothing could run beside is alone to blame', async () => {
    await start(`
      const begins = (key, isSole) => say({ is: 'begins', key, isSole });
      say({ is: 'counted' });
      if (found.falls.length < 2) { begins('work:a'); begins('work:b'); process.abort(); }
      note(found.falls.length + JSON.stringify(found.suspects.map(({ key, times }) => key + times)));
      if (found.falls.length === 2) { say({ is: 'ends', key: 'work:a' }); begins('work:a'); begins('work:c', true); standsStill(); }
    `);
    await notes('2["work:a2","work:b2"]');
    await notes('3["work:b2","work:c1"]');
  });

  it('tells systemd that the service is ready, that it lives, and that it stops; the service is told nothing of it', async () => {
    await writeFile(
      join(folder, 'systemd-notify'),
      `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${folder}/notes\n`,
    );
    await chmod(join(folder, 'systemd-notify'), 0o755);
    const { child, code } = await start(
      `
      note('told ' + (process.env.NOTIFY_SOCKET ?? 'nothing') + (process.env.WATCHDOG_USEC ?? ''));
      say({ is: 'ready' });
      process.once('SIGTERM', () => process.exit(0));
    `,
      { PATH: `${folder}:${process.env.PATH}`, NOTIFY_SOCKET: '/run/it', WATCHDOG_USEC: '300000' },
    );
    await notes('told nothing');
    await notes('/run/it READY=1');
    await notes('/run/it WATCHDOG=1');
    child.kill('SIGTERM');
    expect(await code).toBe(0);
    await notes('/run/it STOPPING=1');
  });

  it('blames no message that had just begun when an operator killed the service from outside', async () => {
    await start(`
      say({ is: 'begins', key: 'a' });
      if (found.falls.length === 0) setImmediate(() => process.kill(process.pid, 'SIGKILL'));
      else note('fell ' + found.falls.length + JSON.stringify(found.suspects));
    `);
    await notes('fell 1[]');
  });

  it('stops it once, however often it is told, and waits until it is done', async () => {
    const { child, code } = await start(`
      for (const signal of ['SIGTERM', 'SIGINT'])
        process.on(signal, () => { note('told'); setTimeout(() => { note('done'); process.exit(0); }, 300); });
      say({ is: 'ready' });
      note('ready');
    `);
    await notes('ready');
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM'] as const) child.kill(signal);
    expect(await code).toBe(0);
    expect(await noted()).toEqual(['ready', 'told', 'done']);
  });

  it('does not try a start again that was refused, and ends with its code', async () => {
    const { code } = await start(`note('tried'); process.send([{ is: 'refuses' }], () => process.exit(1));`);
    expect(await code).toBe(1);
    expect(await noted()).toEqual(['tried']);
  });

  it('tries a refused start again once it has run: the device with the key may come back', async () => {
    const { child, code } = await start(`
      const { existsSync, writeFileSync } = await import('node:fs');
      const ran = ${JSON.stringify(join(folder, 'ran'))};
      if (!existsSync(ran)) { writeFileSync(ran, ''); say({ is: 'ready' }); standsStill(); }
      if (!existsSync(ran + '.refused')) {
        note('refused');
        writeFileSync(ran + '.refused', '');
        process.send([{ is: 'refuses' }], () => process.exit(1));
      } else {
        say({ is: 'ready' });
        process.once('SIGTERM', () => process.exit(0));
        note('runs again after ' + found.falls.length);
      }
    `);
    await notes('runs again after 1');
    expect(await noted()).toEqual(['refused', 'runs again after 1']);
    child.kill('SIGTERM');
    expect(await code).toBe(0);
  });

  it('is not survived by the service when it is killed itself', async () => {
    const { child } = await start(`note('ready');`);
    await notes('ready');
    child.kill('SIGKILL');
    await notes('alone');
  });
});
