// The check that takes long: every sealed file is read and compared with its checksum.
import { verifyFolder } from '../../store/embedded/index.js'
import { bytesText, countOf } from '../../format/amounts.js'
import { type Check, ok, wrong } from './check.js'

const checksums: Check = {
  name: 'checksums',
  applies: ({ data }) => data !== undefined,
  async look({ data = '' }) {
    const { files, bytes, damaged } = await verifyFolder(data)
    const says = `${countOf(files, 'file')}, ${bytesText(bytes)}`
    return damaged.length === 0
      ? ok(`${says}, all as they were written`)
      : wrong(
          `${damaged.length} of ${says} are not as they were written: ${damaged.slice(0, 3).join(', ')}`,
          'look at the disk; restore these days from a backup',
        )
  },
}

export const DEEP_CHECKS: readonly Check[] = [checksums]
