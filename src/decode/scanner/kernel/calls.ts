// What the scanner asks JavaScript where it meets something for the first time.

/** Registers the key in quotes at this place; gives its number, or −1 where JavaScript keeps lines with it. */
export declare function meetKey(at: usize, length: i32): i32
/** Registers the stream and level of a line; gives flags for `GROUP_FLAGS` and, from bit 8, the level. */
export declare function meetGroup(line: i32, group: i32): i32
/** Writes what each line of the group begins with behind `GROUP_TEXT`'s mark; gives the stream's number or −1. */
export declare function openGroup(group: i32): i32
/** Tells a text of a column that was not met before; true when the column's texts need not be told any more. */
export declare function meetText(column: i32, at: usize, length: i32, escaped: bool): bool
/** The level that a line says of itself. */
export declare function levelOf(at: usize, length: i32, escaped: bool): i32
/** The number of a line's shape in the segment, −1 where the line is kept as text. */
export declare function meetShape(line: i32): i32
/** Takes the words of a day out of a set that is full. */
export declare function takeWords(day: i32): void
