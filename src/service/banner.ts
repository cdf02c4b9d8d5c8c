import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Problem } from '../config-keys.ts';
import { TOOL } from '../kernel/tool.ts';

/** What is wrong with a setting, and the mend. */
export const problemLine = ({ setting, problem, mend }: Problem): string => `${setting} ${problem}: ${mend}`;

/** One line per bad setting. */
export function problemLines(problems: readonly Problem[]): string {
  return problems.map((each) => `${problemLine(each)}\n`).join('');
}

/** What the operator reads when the service is ready. `link`: how the first administrator of a trial joins. */
export function banner(config: Config, url: string, link?: string): string {
  const room = `${url.replace('127.0.0.1', 'localhost')}/console/`;
  const lines =
    config.mode === 'trial'
      ? [
          'Lakana is ready, in TRIAL MODE: nothing here is protected. Not for real reports.',
          `  Two phones, a defender's and an officer's:  ${url}/simulator/`,
          ...(link
            ? [
                `  The officer's room, for its first member:    ${link}`,
                `    (works once; then bring the key in ${join(config.dataDir, 'trial-keys/team.key')})`,
              ]
            : [`  The officer's room:                          ${room}`]),
          `  To go live: docs/operating.md. To check:     ${TOOL} doctor`,
        ]
      : [
          `Lakana is ready (live). Health: ${url}/readyz`,
          `  ${TOOL} doctor says what is missing before real reporters may write.`,
        ];
  return `\n${lines.join('\n')}\n\n`;
}
