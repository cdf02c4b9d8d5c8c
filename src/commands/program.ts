/** Every command of the operator. */
import { Command } from 'commander';
import { TOOL } from '../kernel/tool.ts';
import { MESSENGERS } from '../messengers/list.ts';
import { addAlertCommands } from './alert.ts';
import { addAuditCommands } from './audit.ts';
import { addBackupCommands } from './backup.ts';
import { addCaseCommands } from './case.ts';
import { addConsoleCommands } from './console.ts';
import { addDoctorCommand } from './doctor.ts';
import { addFlowsCommands } from './flows.ts';
import { addGoLiveCommand } from './going-live/go-live.ts';
import { addKeysCommands } from './keys.ts';
import { addMechanismCommands } from './mechanism.ts';
import { addOfficerCommands } from './officer.ts';
import { addOfficerContactCommands } from './officer-contact.ts';
import { addRestoreCommand } from './restore.ts';
import { addRetentionCommands } from './retention.ts';
import { addRotaCommands } from './rota.ts';
import { withServer } from './server.ts';
import { addServiceCommands } from './service.ts';
import { addTextsCommands } from './texts.ts';
import { addUpgradeCommand } from './upgrade.ts';
import { addVoicesCommands } from './voices.ts';

/** `messengers`: whose own commands there are too. */
export function createProgram(messengers = MESSENGERS): Command {
  const program = new Command(TOOL)
    .description('A line between human rights defenders and those who protect them')
    .showHelpAfterError('(--help says what there is)')
    .enablePositionalOptions();
  addServiceCommands(program);
  addGoLiveCommand(program);
  addDoctorCommand(program);
  addKeysCommands(program);
  addOfficerContactCommands(addOfficerCommands(program));
  addRotaCommands(program);
  addAlertCommands(program);
  addCaseCommands(program);
  addRetentionCommands(program);
  addConsoleCommands(program);
  addAuditCommands(program);
  addBackupCommands(program);
  addRestoreCommand(program);
  addFlowsCommands(program);
  addVoicesCommands(program);
  addMechanismCommands(program);
  addTextsCommands(program);
  addUpgradeCommand(program);
  for (const messenger of messengers)
    messenger.addCommands?.(program, {
      run: (work) =>
        withServer(({ config: { messengers: on, timeZone }, ...server }) =>
          work({ ...server, timeZone, own: on.find((each) => each.messenger === messenger)?.own }),
        ),
    });
  return program;
}
