/**
 * Which folder a start belongs to. `.env` and `./data` are those of the folder that one stands in: from any other one a live
 * service would start as an empty trial, without a word.
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TOOL } from '../kernel/tool.ts';

const PROJECT = realpathSync(fileURLToPath(new URL('../..', import.meta.url)));

/** The same for an operator's command: it would read another `.env`, or none. */
export function commandRefusalIn(folder: string): string | undefined {
  if (realpathSync(folder) === PROJECT) return undefined;
  return `✗ Lakana's commands run in its own folder only: cd ${PROJECT}, then ${TOOL}\n`;
}

/** One line if `folder` is not Lakana's own; undefined if it is. */
export function refusalIn(folder: string): string | undefined {
  if (realpathSync(folder) === PROJECT) return undefined;
  return `Lakana starts in its own folder only, where .env is: cd ${PROJECT}, then npm start (systemd: WorkingDirectory=${PROJECT})\n`;
}
