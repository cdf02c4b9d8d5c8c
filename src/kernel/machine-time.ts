import { uptime } from 'node:os';

/**
 * Milliseconds since this machine was started, its sleep included; it never jumps. `performance.now` stands still while a machine
 * sleeps, and what another process was told would end does not.
 */
export const machineTime = (): number => uptime() * 1_000;
