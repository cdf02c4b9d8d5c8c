/** One line of `doctor`. `warn`: works, but the operator should look. `fail`: does not work. */
export type Check = { name: string; state: 'ok' | 'warn' | 'fail'; detail: string; mend?: string };

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
