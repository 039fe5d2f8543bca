// Freezes a tree of plain objects and lists, so that no room can change what another relies on.

export function freezeDeeply<T>(tree: T): T {
  if (typeof tree !== 'object' || tree === null || Object.isFrozen(tree)) return tree
  for (const inner of Object.values(tree)) freezeDeeply(inner)
  return Object.freeze(tree)
}
