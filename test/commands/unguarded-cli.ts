/** `src/cli.ts` without the look at the folder: an installation of the operator's is played in another one. */
import { createProgram } from '../../src/commands/program.ts';

process.stdout.on('error', () => process.exit());
await createProgram().parseAsync();
process.exit();
