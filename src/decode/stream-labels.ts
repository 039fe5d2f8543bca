// Canonical label sets, shared: all records of one stream hold the same frozen object, which saves building it
// again and memory. Streams are found label by label in a tree, because joining names and values into one key costs
// twice as much a line. The tree is bounded and holds nothing but what was sent.
import { Dictionary } from '../record/dictionary.js'
import { canonicalLabels, type Labels } from '../record/labels.js'

/** Labels in the order in which they were sent; the same set in another order is another node with equal labels. */
export interface StreamNode {
  readonly parent: StreamNode | undefined
  readonly name: string
  readonly value: string
  /** What follows, by name and value. */
  readonly next: Map<string, Map<string, StreamNode>>
  labels: Labels | undefined
}

const MOST_NODES = 20_000
/** A longer value is not remembered. UTF-16 units. */
const LONGEST_VALUE = 256

let root = newNode(undefined, '', '')
let nodes = 0

/** The node of no labels, where every stream starts. */
export function streamRoot(): StreamNode {
  return root
}

/** One label more. A name must come only once. */
export function withLabel(node: StreamNode, name: string, value: string): StreamNode {
  const byValue = node.next.get(name)
  return byValue?.get(value) ?? addNode(node, name, value)
}

export function hasLabel(node: StreamNode, name: string): boolean {
  for (let at: StreamNode | undefined = node; at?.parent !== undefined; at = at.parent)
    if (at.name === name) return true
  return false
}

/** The stream's labels: sorted, without empty values, with `service_name`, frozen. */
export function labelsOf(node: StreamNode): Labels {
  return (node.labels ??= build(node))
}

/** The shared form of labels that are an object already. */
export function sharedLabels(labels: Labels): Labels {
  let node = streamRoot()
  for (const name of Object.keys(labels)) node = withLabel(node, name, labels[name] as string)
  return labelsOf(node)
}

function build(node: StreamNode): Labels {
  const sent = new Dictionary<string>()
  for (let at = node; at.parent !== undefined; at = at.parent) sent[at.name] = at.value
  return Object.freeze(canonicalLabels(sent))
}

function addNode(parent: StreamNode, name: string, value: string): StreamNode {
  const node = newNode(parent, name, value)
  if (name.length > LONGEST_VALUE || value.length > LONGEST_VALUE) return node
  // Streams that are being built still point into the old tree, which goes when they are done.
  if (++nodes > MOST_NODES) {
    root = newNode(undefined, '', '')
    nodes = 0
  }
  const byValue = parent.next.get(name)
  if (byValue === undefined) parent.next.set(name, new Map([[value, node]]))
  else byValue.set(value, node)
  return node
}

function newNode(parent: StreamNode | undefined, name: string, value: string): StreamNode {
  return { parent, name, value, next: new Map(), labels: undefined }
}
