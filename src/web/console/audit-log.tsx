/** Who looked at what. What is written here nobody takes back; whether it is whole the operator shows (`audit verify`). */
import { useEffect, useState } from 'preact/hooks';
import { type AuditLine, api } from './api.ts';
import { Search } from './search.tsx';
import { sayTime, useWords } from './words.ts';

export function AuditLog() {
  const { words, language } = useWords();
  const [lines, setLines] = useState<AuditLine[]>();
  const [sought, setSought] = useState('');
  useEffect(() => {
    void api.audit().then((answer) => answer.ok && setLines(answer.value));
  }, []);
  const said = sought.trim().toLowerCase();
  const textOf = ({ who, what, reference }: AuditLine): string =>
    [who ?? words.auditNobody, words.audited[what] ?? what, reference ?? ''].join(' ');
  return (
    <section>
      <h1>{words.audit}</h1>
      <p class="soft">{words.auditHow}</p>
      <Search label={words.auditSearch} value={sought} onChange={setSought} />
      <ol class="timeline">
        {lines
          ?.filter((line) => textOf(line).toLowerCase().includes(said))
          .map((line) => (
            <li key={line.seq}>
              <time dateTime={line.at}>{sayTime(line.at, language)}</time> {textOf(line)}
            </li>
          ))}
      </ol>
    </section>
  );
}
