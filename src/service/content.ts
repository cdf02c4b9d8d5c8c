/** Where the project's own files lie, and what its flows and texts are for one installation. */
import { fileURLToPath } from 'node:url';
import { type FlowContent, loadFlows } from '../app/ground/load-flows.ts';
import type { Config } from '../config.ts';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** The project's own flows and texts, and texts that messengers bring, for these languages. */
export function readContent(
  config: Pick<Config, 'languages' | 'defaultLanguage' | 'everyMessenger'>,
): Promise<FlowContent> {
  const locales = [`${PROJECT}/locales`, ...config.everyMessenger.flatMap((each) => each.locales ?? [])];
  return loadFlows({ flows: `${PROJECT}/flows`, locales }, config);
}
