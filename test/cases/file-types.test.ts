import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileEnding } from '../../src/cases/file-types.ts';

describe('a file that is saved out of a case', () => {
  it('has the ending of what it is said to be, or else that of its name', () => {
    expect(fileEnding('audio/ogg; codecs=opus', undefined)).toBe('.ogg');
    expect(fileEnding('image/jpeg', 'photo.exe')).toBe('.jpg');
    expect(fileEnding('application/octet-stream', 'Rapport.PDF')).toBe('.pdf');
    expect(fileEnding(undefined, undefined)).toBe('.bin');
  });

  it('never has one that a computer runs or shows with scripts in it, whatever a stranger’s phone says', () => {
    const evil = [
      '.exe',
      '.html',
      '.svg',
      '.js',
      '.lnk',
      '.docm',
      '.apk',
      '.bat',
      '.xml',
      '.mht',
      '.url',
      '.hta',
    ];
    const types = [
      'text/html',
      'image/svg+xml',
      'application/xhtml+xml',
      '__proto__',
      'constructor',
      'toString',
    ];
    const type = fc.oneof(fc.constantFrom(...types), fc.string(), fc.constant(undefined), fc.object());
    const name = fc.oneof(
      fc.tuple(fc.string(), fc.constantFrom(...evil)).map((parts) => parts.join('')),
      fc.string(),
      fc.object(),
    );
    fc.assert(
      fc.property(type, name, (mediaType, called) => {
        const ending = fileEnding(mediaType, called);
        expect(ending).toMatch(/^\.[a-z0-9]{1,5}$/);
        expect(evil).not.toContain(ending);
      }),
    );
  });
});
