// The sections `store`, `batch` and `retention`: where records are kept, in what form, how long.
import { z } from 'zod'
import { choice, count, countOrAuto, duration, flag, secret, size, sizeOrAuto, text, timer } from '../leaf.js'

const MIB = 2 ** 20

const postgresSection = z.strictObject({
  host: text().optional().describe('Host name or address of PostgreSQL.'),
  port: count({ min: 1, max: 65_535 }).optional().describe('Port of PostgreSQL.'),
  user: text().optional().describe('Role to log in as.'),
  password: secret().optional().describe('Password of the role.'),
  dbname: text().optional().describe('Name of the database.'),
  sslmode: choice('disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full')
    .optional()
    .describe('Whether the connection is encrypted and checked, in the words of libpq.'),
})

export const storeSection = z.strictObject({
  kind: choice('embedded').prefault('embedded').describe('The store; embedded is a folder of open files.'),
  data: text('a folder').optional().describe('The data folder; ~/.local/share/logctl where not run by root.'),
  min_free_bytes: size({ min: 0 })
    .prefault('512MiB')
    .describe('With less free space than this on the disk, ingestion is refused until there is more.'),
  segment_bytes: sizeOrAuto({ min: MIB, max: 256 * MIB })
    .prefault('auto')
    .describe('The hot segment is closed at this size; auto is 16MiB, less on a small machine.'),
  segment_age: timer({ min: 1000 }).prefault('5m').describe('The hot segment is closed at this age.'),
  segment_idle: timer({ min: 100 })
    .prefault('10s')
    .describe('The hot segment is closed after this long without input.'),
  row_group_rows: count({ min: 2048, max: 1_000_000 })
    .prefault(16_384)
    .describe('Rows of a Parquet row group; smaller finds rare words faster and takes more disk.'),
  compression_level: count({ min: 1, max: 22 }).prefault(3).describe('zstd level of the Parquet files.'),
  merge: flag().prefault(true).describe('Merge small sealed files in the background.'),
  max_waiting_segments: countOrAuto({ min: 1, max: 1000 })
    .prefault('auto')
    .describe('With more closed segments than this waiting to be sealed, ingestion pauses; auto is 4 or 2.'),
  memory: sizeOrAuto({ min: 32 * MIB })
    .prefault('auto')
    .describe('Memory for sealing and merging; auto is sized to the machine or container.'),
  postgres: postgresSection
    .prefault({})
    .describe('A PostgreSQL server. Read and checked, but no store uses it yet.'),
})

export const batchSection = z.strictObject({
  size: count({ min: 1, max: 1_000_000 }).prefault(1000).describe('Records that a batch holds at most.'),
  flush_interval: timer().prefault('5s').describe('How long a batch waits to be filled.'),
})

export const retentionSection = z.strictObject({
  age: duration().prefault('30d').describe('Days that ended longer ago than this may be pruned.'),
  auto: flag().prefault(false).describe('Let the server prune by itself.'),
})
