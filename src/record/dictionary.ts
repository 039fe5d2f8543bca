// Objects for names that outsiders choose (labels, fields): nothing is inherited, so that `constructor` or
// `__proto__` is a name like any other, to read and to write.

interface DictionaryConstructor {
  new <T>(): Record<string, T>
}

/**
 * `new Dictionary()` is as fast as a literal; `Object.create(null)` is not, because V8 keeps what it gives as a
 * hash table.
 */
export const Dictionary = function Dictionary() {} as unknown as DictionaryConstructor
;(Dictionary as unknown as { prototype: object }).prototype = Object.freeze(Object.create(null) as object)
