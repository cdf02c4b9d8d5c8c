/** What flows and texts are for one installation. */
import { join } from 'node:path';
import { type FlowContent, loadFlows } from '../app/ground/load-flows.ts';
import type { VoiceFolder } from '../app/voices/voice-files.ts';
import type { Config } from '../config.ts';
import { LOCALES, PROJECT } from '../kernel/project.ts';

/** The project's own flows and texts, over them the installation's (`CONTENT_DIR`), and texts that messengers bring. `languages`: default, each that there is a folder for. */
export function readContent(
  config: Pick<Config, 'defaultLanguage' | 'everyMessenger'> &
    Partial<Pick<Config, 'languages' | 'isUnreviewedOffered' | 'unchecked' | 'contentDir'>>,
): Promise<FlowContent> {
  const locales = [LOCALES, ...config.everyMessenger.flatMap((each) => each.locales ?? [])];
  const { contentDir: own } = config;
  return loadFlows({ flows: `${PROJECT}flows`, locales, ...(own ? { own } : {}) }, config);
}

/** Where recordings lie as files, the later over the earlier. */
export const voiceFolders = (own?: string): VoiceFolder[] => [
  { locales: LOCALES, source: 'built in' },
  ...(own ? [{ locales: join(own, 'locales'), source: 'folder' as const }] : []),
];
