// Lets a few pieces of work run at a time, by their number or by their bytes; the others wait in order.

export type Gate = <Result>(work: () => Promise<Result>) => Promise<Result>

export function gate(width: number): Gate {
  const waiting: (() => void)[] = []
  let running = 0
  const enter = (): Promise<void> | undefined => {
    if (running < width) {
      running += 1
      return undefined
    }
    return new Promise((resolve) => waiting.push(resolve))
  }
  const leave = (): void => {
    const next = waiting.shift()
    // The place passes on without being free in between.
    if (next) next()
    else running -= 1
  }
  return async (work) => {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}

export type ByteGate = <Result>(bytes: number, work: () => Promise<Result>) => Promise<Result>

/** Work over so many bytes together; work over more than that goes alone. */
export function byteGate(widthBytes: number): ByteGate {
  const waiting: { readonly bytes: number; readonly start: () => void }[] = []
  let running = 0
  const hasRoom = (bytes: number): boolean => running === 0 || running + bytes <= widthBytes
  const startNext = (): void => {
    for (let next = waiting[0]; next && hasRoom(next.bytes); next = waiting[0]) {
      waiting.shift()
      running += next.bytes
      next.start()
    }
  }
  return async (bytes, work) => {
    if (waiting.length > 0 || !hasRoom(bytes))
      await new Promise<void>((start) => waiting.push({ bytes, start }))
    else running += bytes
    try {
      return await work()
    } finally {
      running -= bytes
      startNext()
    }
  }
}
