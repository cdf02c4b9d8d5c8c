import type { Command } from 'commander';
import { LakanaError } from '../kernel/errors.ts';
import { TOOL } from '../kernel/tool.ts';
import { addCommand } from './command.ts';

/** `start`. */
export function addServiceCommands(program: Command): void {
  // The tool itself starts it, with what Node is to be told; this says so to whoever comes another way.
  addCommand(program, 'start', 'start the service, in this terminal; npm start does the same', () => {
    throw new LakanaError('start_by_the_tool', `say ${TOOL} start, and nothing behind it`);
  });
}
