/**
 * What Camel's side tells of requests: to the application's meter registries, and in the spans of Camel's tracing. What it
 * knows of Micrometer and of OpenTelemetry is looked for only where they are.
 */
package io.github.camelvlm.observation;
