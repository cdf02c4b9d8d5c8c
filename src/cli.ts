#!/usr/bin/env node
/** The operator's commands: `npx lakana …`. */
import { Command } from 'commander';
import { addFlowsCommands } from './commands/flows.ts';
import { addKeysCommands } from './commands/keys.ts';
import { addOfficerCommands } from './commands/officer.ts';

const program = new Command('lakana').description(
  'A line between human rights defenders and those who protect them',
);
addKeysCommands(program);
addOfficerCommands(program);
addFlowsCommands(program);
await program.parseAsync();
