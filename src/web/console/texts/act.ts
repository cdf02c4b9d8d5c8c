/** What parts of one text are given: the text as it is, and how something is done about it. */
import type { OneTextShown } from '../../../contract/texts.ts';
import type { textsApi } from './api.ts';

export type Shown = OneTextShown;
/** Does something about the text; afterwards the room is as it is then. */
export type Act = (what: ReturnType<typeof textsApi.change>) => Promise<void>;
