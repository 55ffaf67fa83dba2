package io.github.camelvlm.routes.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Takes what is sent by OTLP over HTTP, as a collector does. */
final class OtlpReceiver implements AutoCloseable {
    private final HttpServer server;
    private final Queue<ExportMetricsServiceRequest> metrics = new ConcurrentLinkedQueue<>();
    private final Queue<ExportTraceServiceRequest> traces = new ConcurrentLinkedQueue<>();

    OtlpReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/v1/metrics",
                exchange -> take(exchange, in -> metrics.add(ExportMetricsServiceRequest.parseFrom(in))));
        server.createContext(
                "/v1/traces", exchange -> take(exchange, in -> traces.add(ExportTraceServiceRequest.parseFrom(in))));
        server.start();
    }

    private interface Message {
        void read(InputStream in) throws IOException;
    }

    private static void take(HttpExchange exchange, Message message) throws IOException {
        try (exchange) {
            InputStream body = exchange.getRequestBody();
            message.read(
                    "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                            ? new GZIPInputStream(body)
                            : body);
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    List<String> metricNames() {
        return metrics.stream()
                .flatMap(request -> request.getResourceMetricsList().stream())
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .map(Metric::getName)
                .distinct()
                .toList();
    }

    List<Span> spans() {
        return traces.stream()
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    /** What sent any of it, by its own word. */
    Stream<String> services() {
        Stream<Resource> senders = Stream.concat(
                metrics.stream()
                        .flatMap(request ->
                                request.getResourceMetricsList().stream().map(sent -> sent.getResource())),
                traces.stream()
                        .flatMap(request ->
                                request.getResourceSpansList().stream().map(sent -> sent.getResource())));
        return senders.map(sender -> sender.getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("service.name"))
                .map(KeyValue::getValue)
                .map(value -> value.getStringValue())
                .collect(Collectors.joining()));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
