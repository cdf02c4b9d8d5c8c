import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest is begun first, so that no processor waits at the end for one long file. As `slowest.ts` prints them;
 * the others follow by their size, or by how long they took on this machine before.
 */
export const LONGEST: readonly string[] = [
  'end-to-end/console-rooms',
  'end-to-end/main-job',
  'conversation/every-state',
  'end-to-end/console',
  'end-to-end/unexpected-content',
  'end-to-end/whatsapp',
  'end-to-end/bad-network',
  'service/frozen',
  'end-to-end/console-team',
  'service/refused-start',
  'service/signals',
  'end-to-end/cry-for-help',
  'end-to-end/another-phone',
  'end-to-end/trial',
  'channels/whatsapp/whatsapp-channel',
  'commands/whatsapp-service',
  'app/limits',
  'attack/flood',
  'end-to-end/canary-whatsapp',
  'db/embedded',
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
