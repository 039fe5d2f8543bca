// Labels name the stream that a record belongs to; here are their canonical form and key, and `service_name`.
import { Dictionary } from './dictionary.js'

export type Labels = Readonly<Record<string, string>>

/**
 * The labels that Loki looks at, in this order, for `service_name`
 * (Loki `limits_config.discover_service_name`, its default list).
 */
const SERVICE_NAME_SOURCES = [
  'service',
  'app',
  'application',
  'application_name',
  'name',
  'app_kubernetes_io_name',
  'container',
  'container_name',
  'k8s_container_name',
  'component',
  'workload',
  'job',
  'k8s_job_name',
] as const

export const UNKNOWN_SERVICE = 'unknown_service'

/** The value Loki would give `service_name` where a sender gave none. */
export function serviceNameOf(labels: Labels): string {
  for (const source of SERVICE_NAME_SOURCES) {
    const value = labels[source]
    if (value !== undefined && value !== '') return value
  }
  return UNKNOWN_SERVICE
}

/** The same labels in the order of their names, without empty values, and with `service_name`. */
export function canonicalLabels(labels: Labels): Labels {
  const names = Object.keys(labels).filter((name) => labels[name] !== '')
  if (!labels['service_name']) names.push('service_name')
  const sorted = new Dictionary<string>()
  for (const name of names.sort()) sorted[name] = labels[name] || serviceNameOf(labels)
  return sorted
}

/** A text that two canonical label sets share exactly when they are equal. */
export function labelsKey(labels: Labels): string {
  return JSON.stringify(labels)
}
