import type { FileKind, Level } from '../../kernel/vocabulary.ts';

/** What a reporter did, whatever the channel; `src/app` makes it of a channel's message or of a timer that ran out. */
export type Input =
  /** `isBeside`: it stood beside a file that cannot be kept. */
  | { kind: 'text'; text: string; edited?: boolean; isBeside?: true }
  /** A button's data as `prompt` put it there: it names the turn, so that a stale one is known. */
  | { kind: 'button'; data: string }
  /** `on`: data of the first option of what it stands on; empty: that is no question; undefined: nobody knows. */
  | { kind: 'reaction'; emoji: string; on?: string }
  /** A file already noted in the case (or draft case) under this id. */
  | {
      kind: 'file';
      evidence: string;
      media: FileKind;
      caption?: string;
      /** Caption or file of an earlier message were changed. */
      edited?: boolean;
      /** This message with these bytes: the file need not be fetched again when only its caption is changed. */
      source?: string;
    }
  /** A file that cannot be kept: by default since it is over the channel's limit, in bytes. */
  | {
      kind: 'file_refused';
      limit: number;
      because?: 'too_big' | 'over_budget' | 'no_room';
      media?: Extract<Input, { kind: 'file' }>['media'];
    }
  /** `edited`: a position that is shared live has moved; nobody did anything. */
  | { kind: 'location'; latitude: number; longitude: number; words?: string; edited?: boolean }
  /** Words on a contact card, in a poll: kept as words, and never a command. */
  | { kind: 'card'; what: 'contact' | 'other'; words: string }
  | { kind: 'unsupported'; what: string }
  /** The person deleted this message on their phone. */
  | { kind: 'deleted'; message: string }
  /**
   * The person gave the reference and the receipt code of this case, or tried to. `isShared`: other chats have it too, and
   * nobody has decided whose they are.
   */
  | { kind: 'came_back'; case: { caseId: string; reference: string; level: Level }; isShared?: boolean }
  | { kind: 'code_refused'; why: 'wrong' | 'too_many' | 'busy' | 'needs_reference' }
  /** `new_phone`: the messenger says that the account is on another phone now. */
  | { kind: 'blocked'; because?: 'new_phone' }
  | { kind: 'unblocked' }
  /** The two minutes to answer the danger question are over. */
  | { kind: 'danger_unanswered' }
  /** 72 hours of silence are over. */
  | { kind: 'silence_over' }
  /** Half an hour without a word in the room of which nothing is kept. */
  | { kind: 'room_over' }
  /** A place of a position that is shared live has waited long enough to be kept. */
  | { kind: 'move_held' }
  /** An officer asked for help as a person (they have been asked "for yourself?"), or /sos from the menu. */
  | { kind: 'sos' };
