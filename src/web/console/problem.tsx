/** What went wrong, read aloud by screen readers. Nothing: nothing is shown. */
export function Problem({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <p class="problem" role="alert">
      {text}
    </p>
  );
}
