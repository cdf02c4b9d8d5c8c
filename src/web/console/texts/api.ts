/** What the room for texts asks of the service. Of its own, so that a member who never opens it loads nothing of it. */
import type { BodyOf, QueryOf } from '../../../contract/console.ts';
import { ask } from '../api.ts';

export const textsApi = {
  languages: () => ask('GET /texts', {}),
  list: (query: QueryOf<'GET /texts/list'>) => ask('GET /texts/list', { query }),
  one: (query: QueryOf<'GET /texts/one'>) => ask('GET /texts/one', { query }),
  preview: (body: BodyOf<'POST /texts/preview'>) => ask('POST /texts/preview', { body }),
  change: (body: BodyOf<'POST /texts/change'>) => ask('POST /texts/change', { body }),
  decide: (body: BodyOf<'POST /texts/decide'>) => ask('POST /texts/decide', { body }),
  review: (body: BodyOf<'POST /texts/review'>) => ask('POST /texts/review', { body }),
  comment: (body: BodyOf<'POST /texts/comment'>) => ask('POST /texts/comment', { body }),
  voiceCount: (language: string) => ask('GET /voices', { query: { language } }),
  voice: (query: QueryOf<'GET /voices/one'>) => ask('GET /voices/one', { query }),
  record: (body: BodyOf<'POST /voices'>) => ask('POST /voices', { body }),
  decideVoice: (body: BodyOf<'POST /voices/decide'>) => ask('POST /voices/decide', { body }),
  withdrawVoice: (body: BodyOf<'POST /voices/withdraw'>) => ask('POST /voices/withdraw', { body }),
};

/** A recording: of what waits (`id`), or of what people hear; undefined: it did not come. */
export async function soundOf(language: string, key: string, id?: string): Promise<Blob | undefined> {
  const query = new URLSearchParams({ language, key, ...(id ? { id } : {}) });
  try {
    const response = await fetch(`/console/api/voices/sound?${query}`);
    return response.ok ? new Blob([await response.arrayBuffer()], { type: 'audio/ogg' }) : undefined;
  } catch {
    return undefined;
  }
}
