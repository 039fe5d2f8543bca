// Labels whose values never end: each value makes a stream of its own, and streams are what an index is made of.

const ENDLESS =
  /^(?:container_?id|id|http_?status|status(?:_?code)?|(?:request|trace|span|user|session|message)_?id|ip|client_ip|remote_addr|path|url|uri|filename_inode|pid|timestamp|time)$/i

export function isEndless(label: string): boolean {
  return ENDLESS.test(label)
}
