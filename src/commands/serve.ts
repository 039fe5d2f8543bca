// `logctl serve`: the long-lived process that takes logs in and answers for them.
import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'

export default class Serve extends BaseCommand {
  static override summary = 'run the server that takes logs in and answers for them'
  static override description = `Says "listening on URL" on stderr, a line for each address, when it is ready. SIGTERM and Ctrl-C finish what is in flight; SIGHUP reads keys, limits and certificates again.
An address that other machines can reach needs a key first: logctl key create NAME. --listen https://HOST:PORT is for TLS.`
  static override examples = [
    { description: 'on this machine only', command: '<%= config.bin %> serve' },
    {
      description: 'for other machines, with metrics for Prometheus',
      command:
        '<%= config.bin %> serve --listen 0.0.0.0:8080 --metrics-listen 127.0.0.1:9598 --data /var/lib/logctl',
    },
    {
      description: 'with TLS, the certificate named by tls.certificate and tls.key',
      command: '<%= config.bin %> serve --listen https://0.0.0.0:8443 --config logctl.yml',
    },
    {
      description: 'on any free port, showing what comes in',
      command: '<%= config.bin %> serve --listen 127.0.0.1:0 --echo',
    },
  ]
  static override flags = {
    listen: Flags.string({
      summary: 'take HTTP here; may repeat; port 0 takes a free one [default: 127.0.0.1:8080]',
      helpValue: 'HOST:PORT',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'grpc-listen': Flags.string({
      summary: 'take gRPC here, from Vector and OTLP; may repeat',
      helpValue: 'HOST:PORT',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'metrics-listen': Flags.string({
      summary: 'answer /metrics here and nothing else; may repeat',
      helpValue: 'HOST:PORT',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'syslog-listen': Flags.string({
      summary: 'take syslog here, UDP and TCP; may repeat',
      helpValue: 'HOST:PORT',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'forward-listen': Flags.string({
      summary: "take Fluent's forward protocol here; may repeat",
      helpValue: 'HOST:PORT',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'log-level': Flags.string({
      summary: "the least level of the server's own log [default: info]",
      options: ['trace', 'debug', 'info', 'warn', 'error', 'fatal'],
    }),
    echo: Flags.boolean({ summary: 'print every accepted record on stdout' }),
  }

  async run(): Promise<undefined> {
    const { flags } = await this.parse(Serve)
    const session = await this.session(flags)
    const { serve } = await import('../cli/serve.js')
    await serve(session, { version: this.config.version, flags })
  }
}
