// The names of the formats alone: help shows them without the parsers being loaded.

export const KINDS = [
  'vector',
  'promtail',
  'loki',
  'loki-rules',
  'kamal',
  'kamal-secrets',
  'logrotate',
  'compose',
  'sysctl',
  'nginx',
  'systemd',
] as const

export type Kind = (typeof KINDS)[number]
