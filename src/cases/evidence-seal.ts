import type { SealHeader } from '../crypto/sealed-frame.ts';

/** What stands inside the seal of a file: it opens only as this file of this case. */
export function evidenceHeader(caseId: string, evidenceId: string): SealHeader {
  return { type: `file/${evidenceId}`, version: 1, caseId, place: 0 };
}
