import type { CheckState } from '../kernel/vocabulary.ts';

/**
 * One line of `doctor`. `warn`: works, but the operator should look. `fail`: does not work. `unseen`: cannot be seen from
 * where it is asked; the mend says from where it can.
 */
export type Check = { name: string; state: CheckState; detail: string; mend?: string };

export const ok = (name: string, detail: string): Check => ({ name, state: 'ok', detail });
export const warn = (name: string, detail: string, mend: string): Check => ({
  name,
  state: 'warn',
  detail,
  mend,
});
export const fail = (name: string, detail: string, mend: string): Check => ({
  name,
  state: 'fail',
  detail,
  mend,
});
export const unseen = (name: string, detail: string, mend: string): Check => ({
  name,
  state: 'unseen',
  detail,
  mend,
});
