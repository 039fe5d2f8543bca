// Steps of files, folders and links that lie on a machine as they should.
import { Secret } from '../../secret.js'
import type { Change } from '../change.js'
import type { Witness } from '../host.js'
import type { Step } from '../step.js'

export interface WantedFile {
  readonly path: string
  readonly text: string | Secret
  readonly mode: string
  readonly owner: string
}

/** No change where content, mode and owner are right. */
export async function fileChanges(host: Witness, wanted: WantedFile): Promise<readonly Change[]> {
  const found = await host.read(wanted.path)
  const text = wanted.text instanceof Secret ? wanted.text.open() : wanted.text
  const isSettled =
    found?.kind === 'file' &&
    found.text === text &&
    found.mode === wanted.mode &&
    found.owner === wanted.owner
  return isSettled
    ? []
    : [{ kind: 'put', ...wanted, before: found?.kind === 'file' ? found.text : undefined }]
}

export function filesStep(id: string, title: string, files: readonly WantedFile[]): Step {
  return {
    id,
    title,
    async propose(host) {
      const changes: Change[] = []
      for (const file of files) changes.push(...(await fileChanges(host, file)))
      return changes
    },
  }
}

export interface WantedFolder {
  readonly path: string
  readonly mode: string
  readonly owner: string
}

export function foldersStep(id: string, title: string, folders: readonly WantedFolder[]): Step {
  return {
    id,
    title,
    async propose(host) {
      const changes: Change[] = []
      for (const { path, mode, owner } of folders) {
        const found = await host.read(path)
        const isSettled = found?.kind === 'folder' && found.mode === mode && found.owner === owner
        if (!isSettled) changes.push({ kind: 'folder', path, mode, owner })
      }
      return changes
    },
  }
}
