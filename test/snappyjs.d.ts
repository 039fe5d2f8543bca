// snappyjs brings no types; the tests only compress with it.
declare module 'snappyjs' {
  export function compress(data: Buffer): Buffer
}
