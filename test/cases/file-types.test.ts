import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName, fileType } from '../../src/cases/file-types.ts';

const id = '1f3a0000-0000-4000-8000-000000000000';
const fileEnding = (mediaType: unknown, name: unknown, media = 'document'): string =>
  /\.\w+$/.exec(fileName(7, id, { media, mediaType, name }))?.[0] ?? '';

describe('a file that is saved out of a case', () => {
  it('has the ending of what it is said to be, or else that of its name', () => {
    expect(fileEnding('audio/ogg; codecs=opus', undefined)).toBe('.ogg');
    expect(fileEnding('image/jpeg', 'photo.exe')).toBe('.jpg');
    expect(fileEnding('application/octet-stream', 'Rapport.PDF')).toBe('.pdf');
    expect(fileEnding('audio/x-m4a', undefined)).toBe('.m4a');
    expect(fileEnding('image/jpg', undefined)).toBe('.jpg');
    expect(fileEnding('', 'IMG.JPEG')).toBe('.jpg');
    expect(fileEnding(undefined, undefined)).toBe('.bin');
    expect(fileEnding(undefined, undefined, 'voice')).toBe('.ogg');
  });

  it('is what it begins like, if that is another thing than was said', () => {
    const about = {
      media: 'voice',
      mediaType: 'audio/ogg',
      differs: { type: { said: 'audio/ogg', found: 'amr' } },
    };
    expect(fileType(about)).toBe('audio/amr');
    expect(fileName(7, id, about)).toBe('07-voice-1f3a.amr');
    // Damaged, so that nothing is known of it: as it was said to be.
    const unknown = { ...about, differs: { type: { said: 'audio/ogg', found: 'unknown' } } };
    expect(fileName(7, id, unknown)).toBe('07-voice-1f3a.ogg');
  });

  it('has no sign of a stranger in its name, and a type that belongs to its ending', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.constantFrom('../../x', '\u202egpj.exe', 'a/b\\c', 'x\0.pdf'),
      fc.object(),
      fc.constant({ toString: {} }),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (media, mediaType, name) => {
        const about = { media, mediaType, name };
        expect(fileName(7, id, about)).toMatch(/^07-[a-z]{1,12}-1f3a\.[a-z0-9]{3,4}$/);
        expect(fileType(about)).toMatch(/^(image|audio|video|application|text)\/[a-z0-9.-]+$/);
        expect(fileType(about)).not.toMatch(/html|svg|xml$|script/);
      }),
    );
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
