/** The guardian, and under it the service (`src/service/process.ts`). */
import { fileURLToPath } from 'node:url';
import { keepCompiled } from './kernel/compiled.ts';
import { guard } from './service/guardian.ts';

keepCompiled();
process.exit(await guard(fileURLToPath(new URL('./service/process.ts', import.meta.url))));
