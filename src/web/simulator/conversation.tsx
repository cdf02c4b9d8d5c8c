import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Item } from '../../channels/simulator/api.ts';
import { Icon } from './icons.tsx';
import { Message } from './message.tsx';
import type { Screen } from './screen.ts';
import { useWords } from './words.ts';

/** This many pixels from the end still count as reading the end. */
const NEAR_END = 80;
/** Pixels kept free above a message whose beginning is shown. */
const HEADROOM = 10;

type Props = {
  screen: Screen;
  address: string;
  empty: string;
  openers: readonly string[];
  onSay: (text: string) => void;
  onPress: (id: string, data: string) => void;
  onEdit: (item: Item) => void;
  onReply: (item: Item) => void;
};

/** The messages of a phone: the newest in sight from its beginning, unless the visitor reads further up. */
export function Conversation({ screen, address, empty, openers, onSay, onPress, onEdit, onReply }: Props) {
  const { t } = useWords();
  const list = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(true);
  const lastTop = useRef(0);
  const [hasNewer, setNewer] = useState(false);
  const [hasMore, setMore] = useState(false);
  const last = screen.items.at(-1);

  const toNewest = () => {
    isFollowing.current = true;
    setNewer(false);
    if (list.current) lastTop.current = showNewest(list.current);
  };
  // Whatever changes on the screen may make it longer.
  useLayoutEffect(() => {
    if (isFollowing.current || last?.from === 'phone') toNewest();
    else setNewer(true);
  }, [last?.id, last?.rows, screen.items.length]);
  useEffect(() => {
    const place = list.current;
    if (!place) return undefined;
    // Pictures that load and a keyboard that opens change the height without a new message.
    const stay = () => {
      if (isFollowing.current && place.clientHeight > 0) lastTop.current = showNewest(place);
    };
    const keep = new ResizeObserver(stay);
    keep.observe(place);
    place.addEventListener('load', stay, true);
    return () => {
      keep.disconnect();
      place.removeEventListener('load', stay, true);
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
        aria-label={t('phone.messages')}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
          if (isAtEnd) isFollowing.current = true;
          else if (scrollTop < lastTop.current) isFollowing.current = false;
          lastTop.current = scrollTop;
          setMore(!isAtEnd);
          if (isAtEnd) setNewer(false);
        }}
      >
        <ol>
          {screen.wasEmptied && <li class="note">{t('phone.emptied')}</li>}
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
              onPress={(id, data) => {
                // The answer comes at the end, wherever the button stands.
                isFollowing.current = true;
                onPress(id, data);
              }}
              onEdit={onEdit}
              onReply={onReply}
            />
          ))}
        </ol>
      </div>
      {hasNewer ? (
        <button type="button" class="newer" onClick={toNewest}>
          <Icon name="down" />
          {t('phone.newer')}
        </button>
      ) : (
        hasMore && (
          <button
            type="button"
            class="newer is-more"
            aria-label={t('phone.to_end')}
            title={t('phone.to_end')}
            onClick={() => list.current?.scrollTo({ top: list.current.scrollHeight })}
          >
            <Icon name="down" />
          </button>
        )
      )}
    </div>
  );
}

/** Scrolls to the end, but never past the beginning of the newest message; resolves to where it stands then. */
function showNewest(list: HTMLElement): number {
  const newest = list.querySelector<HTMLElement>('ol > :last-child');
  const beginning = newest ? newest.offsetTop - HEADROOM : Number.POSITIVE_INFINITY;
  list.scrollTo({ top: Math.min(beginning, list.scrollHeight) });
  return list.scrollTop;
}
