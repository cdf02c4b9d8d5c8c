/** Reads the files that lines are said with. At once: what is wrong with a setting is said before anything is started. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LakanaError } from '../../kernel/errors.ts';
import { parseYaml } from './load-flows.ts';

/** What a file says, by language: those that have it. Throws `yaml_invalid`, a line that names the file. */
export function readLineFiles(folder: string, file: string): Readonly<Record<string, object>> {
  const languages = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const found = languages.flatMap(({ name }) => {
    const path = join(folder, name, `${file}.yaml`);
    return existsSync(path) ? [[name, contentOf(path, `locales/${name}/${file}.yaml`)] as const] : [];
  });
  return Object.fromEntries(found);
}

function contentOf(path: string, shown: string): object {
  try {
    return parseYaml(readFileSync(path, 'utf8')) as object;
  } catch {
    throw new LakanaError('yaml_invalid', `${shown}: this is not YAML; compare it with the last version`);
  }
}
