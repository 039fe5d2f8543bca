// Limits of memory and processors, read from trees as the kernel shows them.
import { readMachine } from '#logctl/config/machine.js'
import { availableParallelism, totalmem } from 'node:os'
import { expect, test } from 'vitest'
import { tempFolder } from '../temp-folder.js'

const GIB = 2 ** 30
const MEMINFO = { 'proc/meminfo': 'MemTotal:        8388608 kB\nMemFree:         1000000 kB\n' }

const machine = (files: Readonly<Record<string, string>>) =>
  readMachine({ root: tempFolder({ ...MEMINFO, ...files }) })

test('without limits it is the whole machine', () => {
  const cores = availableParallelism()
  expect(machine({})).toEqual({ cores, memoryBytes: 8 * GIB, memoryOrigin: 'total' })
  expect(readMachine({ root: tempFolder() })).toEqual({
    cores,
    memoryBytes: totalmem(),
    memoryOrigin: 'total',
  })
})

test('a container with cgroup v2', () => {
  const files = {
    'proc/self/cgroup': '0::/\n',
    'sys/fs/cgroup/memory.max': '536870912\n',
    'sys/fs/cgroup/cpu.max': '100000 100000\n',
  }
  const memoryOrigin = '/sys/fs/cgroup/memory.max'
  expect(machine(files)).toEqual({ cores: 1, memoryBytes: GIB / 2, memoryOrigin })
})

test('no limit reads as max', () => {
  const files = {
    'proc/self/cgroup': '0::/\n',
    'sys/fs/cgroup/memory.max': 'max\n',
    'sys/fs/cgroup/memory.high': 'max\n',
    'sys/fs/cgroup/cpu.max': 'max 100000\n',
  }
  expect(machine(files)).toEqual({
    cores: availableParallelism(),
    memoryBytes: 8 * GIB,
    memoryOrigin: 'total',
  })
})

test('a service of systemd: the narrowest of its own limits and those above counts', () => {
  const files = {
    'proc/self/cgroup': '0::/system.slice/logctl.service\n',
    'sys/fs/cgroup/system.slice/logctl.service/memory.max': `${4 * GIB}\n`,
    'sys/fs/cgroup/system.slice/logctl.service/memory.high': `${2 * GIB}\n`,
    'sys/fs/cgroup/system.slice/memory.max': `${3 * GIB}\n`,
    'sys/fs/cgroup/system.slice/logctl.service/cpu.max': 'max 100000\n',
    'sys/fs/cgroup/system.slice/cpu.max': '50000 100000\n',
  }
  expect(machine(files)).toEqual({
    cores: 1,
    memoryBytes: 2 * GIB,
    memoryOrigin: '/sys/fs/cgroup/system.slice/logctl.service/memory.high',
  })
})

test('a container that sees the host’s path but only its own group', () => {
  const files = { 'proc/self/cgroup': '0::/docker/abc\n', 'sys/fs/cgroup/memory.max': `${GIB}\n` }
  expect(machine(files).memoryBytes).toBe(GIB)
})

test('cgroup v1, alone and beside v2', () => {
  const files = {
    'proc/self/cgroup': '9:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n0::/\n',
    'sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes': `${GIB}\n`,
    'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    'sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us': '150000\n',
    'sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us': '100000\n',
  }
  const memoryOrigin = '/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes'
  expect(machine(files)).toEqual({ cores: 1, memoryBytes: GIB, memoryOrigin })
})

test('a limit beyond the machine, or none in v1, is no limit', () => {
  const v1 = {
    'proc/self/cgroup': '9:memory:/\n',
    'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712',
  }
  const v1Cpu = {
    'proc/self/cgroup': '4:cpu:/\n',
    'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1',
    'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
  }
  const v2 = { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/memory.max': String(100 * GIB) }
  for (const files of [v1, v1Cpu, v2]) {
    expect(machine(files)).toEqual({
      cores: availableParallelism(),
      memoryBytes: 8 * GIB,
      memoryOrigin: 'total',
    })
  }
})

test.each(['', 'garbage', '0::/../../etc\n', '0:\n::::\n', `0::${'/x'.repeat(500)}\n`])(
  'a /proc/self/cgroup that is strange does no harm: %s',
  (text) => {
    expect(machine({ 'proc/self/cgroup': text, 'sys/fs/cgroup/cpu.max': 'x y\n' }).memoryBytes).toBe(8 * GIB)
  },
)
