import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `npm start` gives to Node, as it stands in `lakana`: flags, and the program. */
export const startFlags = (): string[] => {
  const tool = readFileSync(join(import.meta.dirname, '../lakana'), 'utf8');
  const [, flags = ''] = /exec "\$node" (.* src\/main\.ts)/.exec(tool) ?? [];
  if (flags === '') throw new Error('lakana says no longer how the service is started');
  return flags.split(' ');
};
