/** The route by which the room shows what `doctor` says. */
import type { CheckState } from '../../kernel/vocabulary.ts';
import type { App } from '../zod-provider.ts';
import { serve } from './serve.ts';

/** What is needed of what was found. */
export type DoctorFound = {
  at: Date;
  /** In which language it is said. */
  language: string;
  isForRealReporters: boolean;
  missing: readonly string[];
  checks: readonly {
    name: string;
    state: CheckState;
    detail: string;
    mend?: string;
  }[];
};

export function doctorRoutes(
  app: App,
  { doctor }: { doctor: (language: string) => Promise<DoctorFound> },
): void {
  serve(app, 'GET /doctor', { right: 'see_doctor' }, async (request) => {
    const { at, language, isForRealReporters, missing, checks } = await doctor(request.query.language ?? '');
    return {
      at: at.toISOString(),
      language,
      isForRealReporters,
      missing: [...missing],
      checks: checks.map((check) => ({ ...check, mend: check.mend ?? null })),
    };
  });
}
