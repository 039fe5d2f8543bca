// Puts the annotated configuration into a folder, and never over one that is there.
import { copyFile, constants } from 'node:fs/promises'
import path from 'node:path'
import { errnoOf, fail, messageOf } from '../errors.js'

/** `root` is the folder of the program. Resolves to the path of the new file. */
export async function initConfig(folder: string, root: string): Promise<string> {
  const file = path.join(folder, 'logctl.yml')
  try {
    await copyFile(path.join(root, 'templates', 'logctl.yml'), file, constants.COPYFILE_EXCL)
    return file
  } catch (error) {
    if (errnoOf(error) === 'EEXIST')
      return fail('CONFIG_INVALID', `${file} exists already`, {
        hints: ['move it away first', 'logctl config check'],
      })
    return fail('CONFIG_INVALID', `${file} could not be written: ${messageOf(error)}`, { cause: error })
  }
}
