// The few styles that output for people uses. Who prints decides whether they become colours: a formatter is
// given a Paint and knows of no terminal.

export type Style = 'dim' | 'bold' | 'red' | 'yellow' | 'green' | 'cyan' | 'magenta'

export type Paint = (style: Style, text: string) => string

/** For pipes, files and NO_COLOR. */
export const plain: Paint = (_style, text) => text
