/** The service as a process, with what it needs to be loaded fast. */
import { keepCompiled } from '../kernel/compiled.ts';

keepCompiled();
await import('./run.ts');
