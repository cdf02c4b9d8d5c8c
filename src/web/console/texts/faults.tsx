/** What does not fit: rows that are not the server's own, and texts that the check refuses since the program changed. */
import type { TextLanguages } from '../../../contract/texts.ts';
import { textLink } from '../place.ts';
import { useWords } from '../words.ts';

export function Faults({ found: { faults, unfit, isSetBack, untold } }: { found: TextLanguages }) {
  const { t } = useWords();
  return (
    <>
      {(faults.length > 0 || isSetBack) && (
        <section class="problem" role="alert">
          <h2>{t('texts.faults')}</h2>
          <p>{t('texts.faults_note')}</p>
          {isSetBack && <p>{t('texts.set_back')}</p>}
          <ul>
            {faults.map(({ seq, why, of }) => (
              <li key={`${seq} ${why}`}>
                {t('texts.fault', { number: seq, what: t(`texts.fault_kinds.${why}`) })}{' '}
                {of === null
                  ? t('texts.fault_any')
                  : of.map(({ language, key }) => (
                      <a key={`${language} ${key}`} href={textLink(language, key)}>
                        {language} {key}
                      </a>
                    ))}
              </li>
            ))}
          </ul>
        </section>
      )}
      {untold.length > 0 && (
        <section class="notice" role="status">
          <p>{t('texts.untold')}</p>
          <ul>
            {untold.map(({ language, key }) => (
              <li key={`${language} ${key}`}>
                <a href={textLink(language, key)}>
                  {language} {key}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {unfit.length > 0 && (
        <section class="notice" role="status">
          <p>{t('texts.unfit_now')}</p>
          <ul>
            {unfit.map(({ language, key, line }) => (
              <li key={`${language} ${key}`}>
                <a href={textLink(language, key)}>
                  {language} {key}
                </a>{' '}
                <span class="soft">{line}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
