/** Where somebody is signed in, and how to end that. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { api, type Session } from './api.ts';
import { sayTime, useWords } from './words.ts';

export function MySessions() {
  const { words, language } = useWords();
  const [sessions, setSessions] = useState<Session[]>([]);
  const look = useCallback(() => {
    void api.sessions().then((answer) => answer.ok && setSessions(answer.value));
  }, []);
  useEffect(look, [look]);
  const end = async (id: string) => {
    await api.endSession(id);
    look();
  };
  return (
    <section>
      <h1>{words.me}</h1>
      <ul class="rows">
        {sessions.map(({ id, createdAt, lastSeenAt, isThis }) => (
          <li key={id} class="row member">
            <span>
              {sayTime(createdAt, language)} – {sayTime(lastSeenAt, language)}
            </span>
            {isThis ? (
              <span class="soft">{words.thisOne}</span>
            ) : (
              <button type="button" onClick={() => void end(id)}>
                {words.end}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
