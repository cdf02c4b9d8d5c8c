/** Bytes of all files the simulated phones may keep in memory together. */
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;

export type StoredFile = { bytes: Uint8Array<ArrayBuffer>; mediaType: string };

/** The voice notes and photos of the simulated phones: in memory, the oldest forgotten first. */
export class FileShelf {
  private readonly files = new Map<string, StoredFile>();
  private total = 0;

  put(ref: string, file: StoredFile): void {
    this.files.set(ref, file);
    this.total += file.bytes.byteLength;
    for (const [oldest, { bytes }] of this.files) {
      if (this.total <= MAX_TOTAL_BYTES) break;
      this.files.delete(oldest);
      this.total -= bytes.byteLength;
    }
  }

  get(ref: string): StoredFile | undefined {
    return this.files.get(ref);
  }
}
