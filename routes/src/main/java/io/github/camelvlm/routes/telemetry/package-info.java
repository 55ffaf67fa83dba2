/** What the process tells of itself, to Prometheus and by OTLP. */
package io.github.camelvlm.routes.telemetry;
