// Where everything lies in the scanner's linear memory. All tables have a fixed size, so that nothing a sender does
// makes them grow: what does not fit is left to JavaScript, and tables that are half full are emptied between segments.

/** By byte: the byte to hash as part of a word, or 0 where it ends one. */
export const WORD_BYTE: usize = 0x10000
/** By byte: its number in pieces, or 0 where it parts them; and the bit of its kind. */
export const PIECE_BYTE: usize = 0x10100
export const KIND_BIT: usize = 0x10200
/** Hashes of the words from which `levelOfLine` may tell a level: 256 slots, open addressing. */
export const LEVEL_WORDS: usize = 0x10400
/** The names of the levels, 16 bytes each: length, then text. */
export const LEVEL_NAMES: usize = 0x10800

/** One day's sums of the batch at hand: see `tally.ts`. */
export const DAYS: usize = 0x12000
export const DAY_BYTES: usize = 64
export const MAX_DAYS: i32 = 16

/** See `keys.ts`. */
export const KEYS: usize = 0x20000
export const KEY_BYTES: usize = 64
export const MAX_KEYS: i32 = 4096
export const KEY_INDEX: usize = 0x60000
export const KEY_INDEX_MASK: u32 = 0x3fff
export const KEY_TEXT: usize = 0x70000
export const KEY_TEXT_END: usize = 0x170000

/** By day and key: records of the batch at hand, the bits of their types, and flags of the segment. */
export const COLUMN_RECORDS: usize = 0x170000
export const COLUMN_TYPES: usize = 0x1b0000
export const COLUMN_FLAGS: usize = 0x1c0000
export const COLUMN_FLAGS_END: usize = 0x1d0000
/** The columns that the batch at hand has touched. */
export const TOUCHED: usize = 0x1d0000

/** By the hash of an event's form: the number of its shape in the segment. */
export const SHAPES: usize = 0x210000
export const SHAPE_MASK: u32 = 0x3ff

/** See `groups.ts`. */
export const GROUPS: usize = 0x220000
export const GROUP_BYTES: usize = 32
export const MAX_GROUPS: i32 = 0xffff
export const GROUP_INDEX: usize = 0x420000
export const GROUP_INDEX_MASK: u32 = 0x1ffff
export const GROUP_TEXT: usize = 0x4a0000
export const GROUP_TEXT_END: usize = 0x8a0000

/** Hashes of values that the segment has met in a column. */
export const VALUES: usize = 0x8a0000
export const VALUE_MASK: u64 = 0x1fff

/** Counts of the batch at hand, by stream, level, hour and day, and the list of slots in use. */
export const COUNTS: usize = 0x920000
export const COUNT_MASK: u32 = 0xffff
export const COUNT_LIST: usize = 0xa20000

/** Sets of word hashes: a large one for the first day of a segment, small ones for others. */
export const WORDS: usize = 0xa80000
export const FIRST_WORDS: u32 = 0x40000
export const OTHER_WORDS: u32 = 0x10000

/** See `scan.ts`. */
export const LINES: usize = 0x1040000
export const LINE_BYTES: usize = 64
export const MAX_LINES: i32 = 32768
export const TOKENS: usize = 0x1240000
export const TOKEN_BYTES: usize = 16
export const MAX_TOKENS: i32 = 262144

/** A piece of a body, with room behind it for loads that reach beyond its end. */
export const INPUT: usize = 0x1640000
export const INPUT_BYTES: usize = 0x200000
export const OUTPUT: usize = 0x1860000
export const OUTPUT_END: usize = 0x2060000

/** Pieces of a printed line, each with its length; JavaScript writes them. */
export const PIECES: usize = 0x10900
export const START_LENGTH: usize = 14
export const SHAPE_PIECE: usize = PIECES + 16
export const SHAPE_LENGTH: usize = 10
export const LINE_PIECE: usize = PIECES + 32
export const LINE_LENGTH: usize = 10
export const FIELDS_PIECE: usize = PIECES + 48
export const FIELDS_LENGTH: usize = 12

/** By number: whether the batch at hand has a line of that shape. */
export const SHAPES_USED: usize = 0x11200
export const MOST_SHAPES: i32 = 256

/** Words that were met lately, with their day: most words of a line come again soon, and this stays in the cache. */
export const RECENT_WORDS: usize = 0x214000
export const RECENT_MASK: u32 = 0x3ff

/** Words on their way into a set. */
export const PENDING_WORDS: usize = 0x216000
export const MOST_PENDING: i32 = 512

/** Pieces of texts of each day of the segment, a bit for each that there can be. */
export const PIECE_BITS: usize = 0x2060000
export const PIECE_BITS_BYTES: usize = 6912
/** By day and key: the kinds of characters in the texts of the segment. */
export const COLUMN_KINDS: usize = 0x2080000
export const COLUMN_KINDS_END: usize = 0x2090000
