/** Signs that steer or hide: control characters, marks of direction, characters without width or picture, tags. */
const HIDDEN =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** A text as it was written, line by line, with nothing hidden in it: what steers or hides is shown as a box. */
export const plain = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(HIDDEN, '\u25a1'))
    .join('\n');
