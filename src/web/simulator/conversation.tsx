import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Item } from './api.ts';
import { Icon } from './icons.tsx';
import { Message } from './message.tsx';
import type { Screen } from './screen.ts';
import { useWords } from './words.ts';

/** This many pixels from the end still count as reading the end. */
const NEAR_END = 80;

type Props = {
  screen: Screen;
  address: string;
  empty: string;
  openers: readonly string[];
  onSay: (text: string) => void;
  onPress: (id: string, data: string) => void;
  onEdit: (item: Item) => void;
};

/** The messages of a phone, the newest in sight unless somebody reads further up. */
export function Conversation({ screen, address, empty, openers, onSay, onPress, onEdit }: Props) {
  const words = useWords();
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [hasNewer, setNewer] = useState(false);
  const last = screen.items.at(-1);

  const toEnd = () => {
    isAtEnd.current = true;
    setNewer(false);
    list.current?.scrollTo({ top: list.current.scrollHeight });
  };
  // Whatever changes on the screen may make it longer.
  useLayoutEffect(() => {
    if (isAtEnd.current || last?.from === 'phone') toEnd();
    else setNewer(true);
  }, [last?.id, last?.rows, screen.items.length]);
  useEffect(() => {
    const place = list.current;
    if (!place) return undefined;
    // Pictures that load and a keyboard that opens change the height without a new message.
    const keep = new ResizeObserver(() => {
      if (isAtEnd.current) place.scrollTo({ top: place.scrollHeight });
    });
    keep.observe(place);
    const loaded = () => {
      if (isAtEnd.current) place.scrollTo({ top: place.scrollHeight });
    };
    place.addEventListener('load', loaded, true);
    return () => {
      keep.disconnect();
      place.removeEventListener('load', loaded, true);
    };
  }, []);

  return (
    <div class="conversation">
      <div
        class="messages"
        ref={list}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
        tabIndex={0}
        role="log"
        aria-live="polite"
        aria-busy={!screen.isKnown}
        aria-label={words.messages}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END;
          if (isAtEnd.current) setNewer(false);
        }}
      >
        <ol>
          {screen.wasEmptied && <li class="note">{words.emptied}</li>}
          {screen.isKnown && screen.items.length === 0 && !screen.wasEmptied && (
            <li class="empty">
              <p>{empty}</p>
              {openers.map((text) => (
                <button type="button" class="opener" key={text} onClick={() => onSay(text)}>
                  {text}
                </button>
              ))}
            </li>
          )}
          {screen.items.map((item) => (
            <Message
              key={item.id}
              item={item}
              address={address}
              pressed={screen.pressed[item.id]}
              onPress={onPress}
              onEdit={onEdit}
            />
          ))}
        </ol>
      </div>
      {hasNewer && (
        <button type="button" class="newer" onClick={toEnd}>
          <Icon name="down" />
          {words.newer}
        </button>
      )}
    </div>
  );
}
