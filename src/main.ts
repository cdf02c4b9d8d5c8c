/** The guardian, and under it the service (`src/service/process.ts`). */
import { fileURLToPath } from 'node:url';
import { keepCompiled } from './kernel/compiled.ts';
import { guard } from './service/guardian.ts';
import { refusalIn } from './service/own-folder.ts';
import { systemdOf } from './service/systemd.ts';

keepCompiled();
const refusal = refusalIn(process.cwd());
if (refusal) {
  process.stderr.write(refusal);
  process.exit(1);
}
const service = fileURLToPath(new URL('./service/process.ts', import.meta.url));
process.exit(await guard(service, undefined, systemdOf(process.env)));
