import { resolve } from 'node:path';
import { readSetting } from '../config.ts';

/** The installation's own folder (`CONTENT_DIR`); undefined: none is set. */
export async function ownContent(): Promise<string | undefined> {
  const own = await readSetting('CONTENT_DIR');
  return own ? resolve(own) : undefined;
}
