// Reads the files that `config lint` is asked about; one that cannot be read ends it before anything is printed.
import { type FileHandle, open } from 'node:fs/promises'
import path from 'node:path'
import { fail, messageOf } from '../errors.js'
import { type LintedFile, lint } from '../provision/lint/index.js'
import type { World } from './world.js'

/** A larger file is none that a person wrote. */
const MAX_BYTES = 1_048_576

/** Throws USAGE for a file that is missing, too large, no text, or of no known kind. */
export async function lintFiles(
  files: readonly string[],
  kind: string | undefined,
  { cwd }: Pick<World, 'cwd'>,
): Promise<readonly LintedFile[]> {
  const texts: string[] = []
  for (const file of files) texts.push(await readText(path.resolve(cwd, file)))
  return files.map((file, index) => lint({ path: file, text: texts[index] ?? '' }, kind))
}

async function readText(file: string): Promise<string> {
  let handle: FileHandle | undefined
  try {
    handle = await open(file)
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(MAX_BYTES + 1), 0, MAX_BYTES + 1, 0)
    if (bytesRead > MAX_BYTES) fail('USAGE', `${file} has more than ${MAX_BYTES} bytes`)
    const bytes = buffer.subarray(0, bytesRead)
    if (bytes.includes(0)) fail('USAGE', `${file} is no text`)
    return bytes.toString('utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    if (error instanceof Error && 'errno' in error)
      fail('USAGE', `${file} cannot be read: ${messageOf(error)}`, { cause: error })
    throw error
  } finally {
    await handle?.close()
  }
}
