/**
 * A text with its placeholders (`{{name}}`) filled in. Once over the text: what people wrote is never looked through for
 * placeholders, and takes linear time (i18next's own patterns do not).
 */
export function filled(text: string, params: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{\{ ?(\w+) ?\}\}/g, (_, name: string) => String(params[name] ?? ''));
}
