/** The service as a process. */
import { keepCompiled } from './kernel/compiled.ts';

keepCompiled();
await import('./service/process.ts');
