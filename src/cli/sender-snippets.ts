// What senders need to reach a server, for people to copy: the address is real, the key is theirs to fill in.

/** Sections of text under headings. */
export function senderSnippets(url: string): string {
  const base = url.replace(/\/+$/, '')
  return `
curl
  echo '{"source":"web","message":"hello"}' |
    curl -fsS -H "Authorization: Bearer $LOGCTL_KEY" --data-binary @- ${base}/api/v1/logs

Vector
  sinks:
    logctl:
      type: http
      inputs: [your_source]
      uri: ${base}/api/v1/logs
      framing: { method: newline_delimited }
      encoding: { codec: json }
      auth: { strategy: bearer, token: '\${LOGCTL_KEY}' }

Promtail
  clients:
    - url: ${base}/loki/api/v1/push
      bearer_token_file: /etc/promtail/logctl.key
`
}
