// The other Node versions that the program promises to run on, from npm, installed once and kept.
import { existsSync } from 'node:fs'
import { $ } from 'zx'

/** Majors beside the one that runs this script's users' machines (20). */
const MAJORS = [22, 24]
const FOLDER = 'node_modules/.cache/nodes'

/**
 * Where each Node lies. Throws where npm has none for this platform, or cannot fetch it.
 * @returns {Promise<{ major: number, path: string }[]>}
 */
export async function otherNodes() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch))
    throw new Error(`npm has no Node ${MAJORS.join(', ')} for ${process.platform} ${process.arch}`)
  const nodes = MAJORS.map((major) => ({ major, path: `${FOLDER}/node_modules/node${major}/bin/node` }))
  if (!nodes.every((node) => existsSync(node.path))) {
    const specs = MAJORS.map((major) => `node${major}@npm:node-linux-${process.arch}@${major}.x`)
    await $({ stdio: 'pipe', timeout: '120s' })`npm install --prefix ${FOLDER} --no-audit --no-fund ${specs}`
  }
  for (const node of nodes) await $({ stdio: 'pipe' })`${node.path} --version`
  return nodes
}
