/** How a text looks on a phone, as the service makes the messages: with buttons, and where there are none. */
import type { TextPreview } from '../../../contract/texts.ts';
import { useWords } from '../words.ts';

export function Phones({ phones, language }: { phones: TextPreview['phones']; language: string }) {
  const { t } = useWords();
  if (phones.length === 0) return <p class="soft">{t('texts.phone_none')}</p>;
  return (
    <div class="phones">
      {phones.map(({ hasButtons, messages }) => (
        <figure key={String(hasButtons)} class="phone">
          <figcaption>{hasButtons ? t('texts.phone_buttons') : t('texts.phone_plain')}</figcaption>
          <div class="phone-glass" lang={language}>
            {messages.map(({ text, rows }, place) => (
              // A message has no name of its own; they change all together.
              <div key={place}>
                <p class="phone-bubble" dir="auto">
                  {text}
                </p>
                {rows.map((row, n) => (
                  <div class="phone-row" key={n}>
                    {row.map((label) => (
                      <span class="phone-button" key={label}>
                        {label}
                      </span>
                    ))}
                  </div>
                ))}
              </div>
            ))}
          </div>
        </figure>
      ))}
    </div>
  );
}
