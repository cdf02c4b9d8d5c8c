/**
 * The list of a release's parts, as CycloneDX. npm knows them; but of what it leaves out with `--omit=dev` some is production's too
 * (npm 11 leaves out what is reached by a developer's package as well), so it is asked for all, and what is not in the archive goes.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

type Component = { 'bom-ref': string; name: string; version: string; hashes?: unknown };
type Bom = {
  metadata: { component: Record<string, unknown> };
  components: Component[];
  dependencies: { ref: string; dependsOn?: string[] }[];
};

/** `all`: what npm says of everything that is installed. `packages`: paths of those in the archive. Throws if one is not listed. */
export async function partsOf(project: string, packages: readonly string[], all: string): Promise<string> {
  const bom = JSON.parse(all) as Bom;
  const wanted = new Set<string>();
  for (const path of packages) {
    const { name, version } = JSON.parse(await readFile(join(project, path, 'package.json'), 'utf8'));
    wanted.add(`${name}@${version}`);
  }
  const components = bom.components.filter(({ name, version }) => wanted.delete(`${name}@${version}`));
  if (wanted.size > 0) throw new Error(`npm does not list ${[...wanted].join(', ')}`);
  const { name, version } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
  const own = String(bom.metadata.component['bom-ref']);
  const refs = new Set([own, ...components.map((each) => each['bom-ref'])]);
  const dependencies = bom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));
  // npm calls it as the folder is called here.
  const component = { ...bom.metadata.component, name, version, type: 'application' };
  return `${JSON.stringify({ ...bom, metadata: { ...bom.metadata, component }, components, dependencies }, null, 1)}\n`;
}
