// Names that say: the value is a secret.

const SECRET =
  /(?:^|_)(?:PASSWORD|PASSWD|PASS|SECRET|TOKEN|MASTER_KEY|API_KEYS?|PRIVATE_KEY|ACCESS_KEY|SECRET_KEY(?:_BASE)?)$/i

/** Names such as `…_FILE` hold a place, not the secret. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name)
}
