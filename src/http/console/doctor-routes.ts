/** The route by which the room shows what `doctor` says. */
import type { CheckState } from '../../kernel/vocabulary.ts';
import type { App } from '../zod-provider.ts';
import { serve } from './serve.ts';

/** What an operator reads is English. */
const LANGUAGE = 'en';

/** What is needed of what was found. */
export type DoctorFound = {
  at: Date;
  isForRealReporters: boolean;
  missing: readonly string[];
  checks: readonly {
    name: string;
    state: CheckState;
    detail: string;
    mend?: string;
  }[];
};

export function doctorRoutes(app: App, { doctor }: { doctor: () => Promise<DoctorFound> }): void {
  serve(app, 'GET /doctor', { right: 'see_doctor' }, async () => {
    const { at, isForRealReporters, missing, checks } = await doctor();
    return {
      at: at.toISOString(),
      language: LANGUAGE,
      isForRealReporters,
      missing: [...missing],
      checks: checks.map((check) => ({ ...check, mend: check.mend ?? null })),
    };
  });
}
