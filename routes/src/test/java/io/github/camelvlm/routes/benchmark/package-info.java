/**
 * The benchmark: {@code mvn -Pbenchmark -DskipTests verify}. {@link io.github.camelvlm.routes.benchmark.Benchmark} starts a
 * process for each way of holding the weights, {@link io.github.camelvlm.routes.benchmark.Measurement}, which measures the
 * limits of the machine and what {@code vlm:} makes of them.
 */
package io.github.camelvlm.routes.benchmark;
