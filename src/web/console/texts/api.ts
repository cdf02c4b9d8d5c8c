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
};
