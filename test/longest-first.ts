import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest is begun first, so that no processor waits at the end for one long file. As `slowest.ts` prints them;
 * the others follow by their size, or by how long they took on this machine before.
 */
export const LONGEST: readonly string[] = [
  'end-to-end/console-rooms',
  'conversation/every-state',
  'end-to-end/console',
  'end-to-end/main-job',
  'end-to-end/bad-network',
  'app/erasing',
  'end-to-end/whatsapp',
  'end-to-end/unexpected-content',
  'end-to-end/cry-for-help',
  'service/frozen',
  'commands/backup',
  'end-to-end/trial',
  'end-to-end/rights',
  'end-to-end/console-team',
  'app/texts',
  'app/forget',
  'app/alerts/taking',
  'end-to-end/another-phone',
  'commands/whatsapp-service',
  'end-to-end/officer-trouble',
  'db/embedded',
  'service/refused-start',
  'service/signals',
  'channels/whatsapp/whatsapp-channel',
  'app/limits',
  'attack/flood',
  'end-to-end/canary-whatsapp',
  'attack/text',
  'alerts/rota',
  'conversation/walks',
  'app/guessing',
  'attack/patterns',
  'app/deliver-order',
];

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return found < 0 ? LONGEST.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
