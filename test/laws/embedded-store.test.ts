// The embedded store keeps the law of stores in every state that its records can be in.
import { reopeningLaw } from './reopening-law.js'
import { storeLaws } from './store.js'
import {
  openBesideProcess,
  openBesideWriter,
  openHot,
  openMerged,
  openMixed,
  openReopened,
  openSealed,
} from './embedded-states.js'

storeLaws('hot', openHot)
storeLaws('sealed', openSealed)
storeLaws('partly sealed', openMixed)
storeLaws('merged', openMerged)
storeLaws('opened again', openReopened)
storeLaws('read beside the writer', openBesideWriter)
storeLaws('read while another process writes', openBesideProcess)

reopeningLaw('hot', openHot)
reopeningLaw('sealed', openSealed)
reopeningLaw('partly sealed', openMixed)
reopeningLaw('merged', openMerged)
