#!/usr/bin/env node
/** The operator's commands: `npx lakana …`. */
import { keepCompiled } from './kernel/compiled.ts';

keepCompiled();
await import('./commands/program.ts');
