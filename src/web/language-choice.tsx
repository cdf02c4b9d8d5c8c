/** The way to the other languages: the other one's name on a button; where there are more, a list of all. */
type Props = {
  languages: readonly { code: string; name: string }[];
  language: string;
  onChoose: (language: string) => void;
  class?: string;
};

export function LanguageChoice({ languages, language, onChoose, class: name = '' }: Props) {
  const others = languages.filter(({ code }) => code !== language);
  const [other] = others;
  if (!other) return null;
  if (others.length === 1)
    return (
      <button type="button" class={name} lang={other.code} onClick={() => onChoose(other.code)}>
        {other.name}
      </button>
    );
  const here = languages.find(({ code }) => code === language)?.name;
  return (
    <select
      class={name}
      aria-label={here}
      value={language}
      onChange={({ currentTarget }) => onChoose(currentTarget.value)}
    >
      {languages.map(({ code, name: own }) => (
        <option key={code} value={code} lang={code}>
          {own}
        </option>
      ))}
    </select>
  );
}
