/**
 * Whether another process of this machine is dead: asked by a process that waits for something that it held.
 *
 * An identity is boot, namespace, number and start time. Of a process of another machine, another container or an
 * earlier boot nothing is known, and so nothing is claimed. Only Linux tells all of it.
 */
import { readFileSync, readlinkSync } from 'node:fs';

/** This process, in words that another one on the same machine can check; null where the system does not tell. */
export function ownIdentity(): string | null {
  const machine = machineIdentity();
  const start = machine && startOf(process.pid);
  return start ? `${machine} ${process.pid} ${start}` : null;
}

/** True only if `identity` was a process of this machine, in this boot and namespace, and has ended since. */
export function hasEnded(identity: string): boolean {
  const [boot, namespace, pid, start] = identity.split(' ');
  if (!start || `${boot} ${namespace}` !== machineIdentity()) return false;
  const now = startOf(Number(pid));
  return now !== null && now !== start;
}

function machineIdentity(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}

/** Start of a process in clock ticks since the boot; `ended` if there is none or only its entry is left. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything, also brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : (fields[19] ?? null);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'ended' : null;
  }
}
