import { useState } from 'preact/hooks';
import { plain } from './plain.ts';
import { useWords } from './words.ts';

/** Characters; what is longer is folded, so that nobody has to scroll through it to what comes after. */
const SHOWN = 2_000;

/** A text as a person wrote it, and never anything but text. */
export function LongText({ text }: { text: string }) {
  const { t, language } = useWords();
  const [isWhole, setIsWhole] = useState(false);
  const isLong = text.length > SHOWN && !isWhole;
  return (
    <span class="text">
      {plain(isLong ? text.slice(0, SHOWN) : text)}
      {isLong && (
        <>
          {'… '}
          <button type="button" onClick={() => setIsWhole(true)}>
            {t('case.show_whole', { length: text.length.toLocaleString(language) })}
          </button>
        </>
      )}
    </span>
  );
}
