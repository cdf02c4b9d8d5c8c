/** Every command of the operator. */
import { Command } from 'commander';
import { TOOL } from '../kernel/tool.ts';
import { addWhatsappCommands } from '../messengers/whatsapp/commands.ts';
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

export function createProgram(): Command {
  const program = new Command(TOOL)
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
  return program;
}
