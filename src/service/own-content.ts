import { resolve } from 'node:path';
import type { FlowContent } from '../app/ground/load-flows.ts';
import { readSetting } from '../config.ts';
import { MESSENGERS } from '../messengers/list.ts';
import { readContent } from './content.ts';

/** The installation's own folder (`CONTENT_DIR`); undefined: none is set. */
export async function ownContent(): Promise<string | undefined> {
  const own = await readSetting('CONTENT_DIR');
  return own ? resolve(own) : undefined;
}

/** What the program says by itself. */
export const PROGRAM = { defaultLanguage: 'fr', everyMessenger: MESSENGERS } as const;

/** The questions and texts of this installation, in every language there is a folder for, switched on or not. */
export async function projectFlows(): Promise<FlowContent> {
  const own = await ownContent();
  return readContent({ ...PROGRAM, ...(own ? { contentDir: own } : {}) });
}
