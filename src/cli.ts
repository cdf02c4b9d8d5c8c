/** The operator's commands: `./lakana …`. */
import { keepCompiled } from './kernel/compiled.ts';
import { commandRefusalIn } from './service/own-folder.ts';

keepCompiled();
const refusal = commandRefusalIn(process.cwd());
if (refusal) {
  process.stderr.write(refusal);
  process.exit(2);
}
const { createProgram } = await import('./commands/program.ts');
// `./lakana case list | head`: a reader that stops early is no error.
process.stdout.on('error', () => process.exit());
await createProgram().parseAsync();
// Baileys leaves timers behind that would keep a finished command alive.
process.exit();
