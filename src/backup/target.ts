/**
 * Where backups lie.
 *
 * Invariants: what has its name is whole: a folder gets a file beside its place and renamed, a bucket an upload that is
 * completed; what an earlier run left half-written is found and taken away; nothing else in the place is touched; a place that
 * does not answer is given up after a time, and holds nothing up.
 */
import { createFolderApart } from './folder-apart.ts';
import type { Target } from './names.ts';
import { createBucket } from './s3.ts';
import type { Place } from './settings.ts';

export function openTarget(place: Place): Target {
  return place.kind === 'folder' ? createFolderApart(place.path, place) : createBucket(place);
}
