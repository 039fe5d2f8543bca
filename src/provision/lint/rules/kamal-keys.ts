// The keys that Kamal 2 takes in config/deploy.yml; it refuses any other, except x-* at the top.

export const ROOT_KEYS: readonly string[] =
  `service image labels volumes registry servers env asset_path hooks_path hooks_output secrets_path
  error_pages_path require_destination primary_role allow_empty_roles retain_containers minimum_version
  readiness_delay deploy_timeout drain_timeout stop_timeout run_directory ssh builder accessories proxy
  sshkit boot logging output aliases`.split(/\s+/)

export const ROLE_KEYS: readonly string[] =
  `hosts cmd options env labels logging proxy stop_timeout asset_path`.split(/\s+/)

export const PROXY_KEYS: readonly string[] =
  `host hosts app_port ssl ssl_redirect forward_headers response_timeout path_prefix path_prefixes
  strip_path_prefix healthcheck buffering logging run`.split(/\s+/)

export const ACCESSORY_KEYS: readonly string[] =
  `image service host hosts role roles tag tags port cmd env files directories volumes options labels
  network registry proxy`.split(/\s+/)
