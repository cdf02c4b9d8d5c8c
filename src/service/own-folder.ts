/**
 * Which folder a start belongs to. `.env` and `./data` are those of the folder that one stands in: from any other one a live
 * service would start as an empty trial, without a word.
 */
import { realpathSync } from 'node:fs';
import { PROJECT } from '../kernel/project.ts';
import { TOOL } from '../kernel/tool.ts';

const HERE = realpathSync(PROJECT);

/** One line for an operator's command if `folder` is not Lakana's own: it would read another `.env`, or none. */
export const commandRefusalIn = (folder: string): string | undefined =>
  elsewhere(folder, `✗ Lakana's commands run in its own folder only: cd ${HERE}, then ${TOOL}\n`);

/** The same for the start. */
export const refusalIn = (folder: string): string | undefined =>
  elsewhere(
    folder,
    `Lakana starts in its own folder only, where .env is: cd ${HERE}, then npm start (systemd: WorkingDirectory=${HERE})\n`,
  );

const elsewhere = (folder: string, line: string): string | undefined =>
  realpathSync(folder) === HERE ? undefined : line;
