import { expect, test } from 'vitest';
import { whatDiffers } from '../../src/cases/file-check.ts';

const head = (...bytes: (number | string)[]) =>
  Buffer.concat(bytes.map((each) => (typeof each === 'string' ? Buffer.from(each) : Buffer.from([each]))));
const differs = (mediaType: string, begins: Uint8Array) =>
  whatDiffers({ mediaType }, { bytes: begins.length, head: begins })?.type?.found;

test.each([
  ['image/jpeg', head(0xff, 0xd8, 0xff)],
  ['image/png', head(0x89, 'PNG')],
  ['image/heic', head(0, 0, 0, 0x18, 'ftypheic')],
  ['audio/ogg; codecs=opus', head('OggS')],
  ['audio/mp4', head(0, 0, 0, 0x18, 'ftypM4A ')],
  ['audio/mpeg', head('ID3')],
  ['audio/aac', head(0xff, 0xf1)],
  ['video/mp4', head(0, 0, 0, 0x18, 'ftypisom')],
  ['application/pdf', head('%PDF-1.7')],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', head('PK', 3, 4)],
  ['text/plain', head('Bonjour')],
  ['application/octet-stream', head('anything')],
  ['', head('MZ')],
])('%s that begins like one is what it says', (mediaType, begins) => {
  expect(differs(mediaType, begins)).toBeUndefined();
});

test.each([
  ['image/jpeg', head('MZ'), 'program'],
  ['audio/ogg', head(0x7f, 'ELF'), 'program'],
  ['application/pdf', head('<!DOCTYPE html>'), 'web page'],
  ['text/plain', head('  <svg onload=x>'), 'web page'],
  ['application/x-unheard-of', head('#!/bin/sh'), 'program'],
  ['application/pdf', head('PK', 3, 4), 'zip'],
  ['image/png', head('nothing known'), 'unknown'],
])('%s that begins like something else is noted as that', (mediaType, begins, found) => {
  expect(differs(mediaType, begins)).toBe(found);
});

test('a size that is not the one that was said is noted, one that no one said is not', () => {
  const came = { bytes: 12, head: head('Bonjour') };
  expect(whatDiffers({ size: 1 }, came)).toEqual({ size: { said: 1, came: 12 } });
  expect(whatDiffers({ size: 12 }, came)).toBeUndefined();
  expect(whatDiffers({}, came)).toBeUndefined();
});
