#!/usr/bin/env node
/** The operator's commands: `npx lakana …`. */
import { Command } from 'commander';
import { addAlertCommands } from './commands/alert.ts';
import { addCaseCommands } from './commands/case.ts';
import { addConsoleCommands } from './commands/console.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addFlowsCommands } from './commands/flows.ts';
import { addKeysCommands } from './commands/keys.ts';
import { addOfficerCommands } from './commands/officer.ts';
import { addOfficerContactCommands } from './commands/officer-contact.ts';
import { addRotaCommands } from './commands/rota.ts';
import { addWhatsappCommands } from './commands/whatsapp.ts';

const program = new Command('lakana')
  .description('A line between human rights defenders and those who protect them')
  .showHelpAfterError('(--help says what there is)');
addDoctorCommand(program);
addKeysCommands(program);
addOfficerContactCommands(addOfficerCommands(program));
addRotaCommands(program);
addAlertCommands(program);
addCaseCommands(program);
addConsoleCommands(program);
addFlowsCommands(program);
addWhatsappCommands(program);

// `lakana case list | head`: whoever reads no further is no error.
process.stdout.on('error', () => process.exit());
await program.parseAsync();
// Baileys leaves timers behind that would keep a finished command alive.
process.exit();
