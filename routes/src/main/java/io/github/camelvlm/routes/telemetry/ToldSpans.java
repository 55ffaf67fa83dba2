package io.github.camelvlm.routes.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/**
 * Sends spans, and has it told whether they are taken.
 *
 * @param sending sends them
 * @param notice tells
 */
record ToldSpans(SpanExporter sending, CollectorNotice notice) implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = sending.export(spans);
        result.whenComplete(() -> {
            if (result.isSuccess()) {
                notice.taken();
            } else {
                notice.lost(result.getFailureThrowable());
            }
        });
        return result;
    }

    @Override
    public CompletableResultCode flush() {
        return sending.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return sending.shutdown();
    }
}
