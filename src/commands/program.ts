/** Every command of the operator. Runs the one that was typed. */
import { Command } from 'commander';
import { addAlertCommands } from './alert.ts';
import { addAuditCommands } from './audit.ts';
import { addCaseCommands } from './case.ts';
import { addConsoleCommands } from './console.ts';
import { addDoctorCommand } from './doctor.ts';
import { addFlowsCommands } from './flows.ts';
import { addKeysCommands } from './keys.ts';
import { addOfficerCommands } from './officer.ts';
import { addOfficerContactCommands } from './officer-contact.ts';
import { addRotaCommands } from './rota.ts';
import { addWhatsappCommands } from './whatsapp.ts';

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
addAuditCommands(program);
addFlowsCommands(program);
addWhatsappCommands(program);

// `lakana case list | head`: whoever reads no further is no error.
process.stdout.on('error', () => process.exit());
await program.parseAsync();
// Baileys leaves timers behind that would keep a finished command alive.
process.exit();
