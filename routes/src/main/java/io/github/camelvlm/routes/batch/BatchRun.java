package io.github.camelvlm.routes.batch;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.openai.OpenAiError;
import io.github.camelvlm.routes.report.OptionNames;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One batch on its way from input to output. Lines are answered together and written in their order, so that how far an
 * output has come says all that a resumption must know. Held at a time are a few lines and not more bytes than allowed.
 */
final class BatchRun {
    /** So many names are remembered; a batch of OpenAI has at most 50 thousand. */
    private static final int MOST_LINES = 1_000_000;

    private static final long LOOK_MILLIS = 500;

    /** @param customId the sender's name for the line; null if it has none */
    private record Pending(Future<AnswerLine> answer, String id, String customId, long bytes) {}

    private final BatchEngine engine;
    private final ExecutorService threads;
    private final int window;
    private final long longestLine;
    private final BatchOutput output;
    private final BatchProgress progress;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final SeenIds seen = new SeenIds();
    private long held;
    private BatchCount count = new BatchCount(0, 0, 0);

    /**
     * @param window the most lines in hand
     * @param longestLine the most bytes of a line, and of all lines in hand
     */
    BatchRun(
            BatchEngine engine,
            ExecutorService threads,
            int window,
            long longestLine,
            BatchOutput output,
            BatchProgress progress) {
        this.engine = engine;
        this.threads = threads;
        this.window = window;
        this.longestLine = longestLine;
        this.output = output;
        this.progress = progress;
    }

    BatchCount answer(BatchInput input) throws IOException, InterruptedException {
        try {
            BatchLine line = input.next();
            while (line != null) {
                engine.requireRunning();
                take(line);
                line = input.next();
            }
            while (!pending.isEmpty()) {
                writeFirst();
            }
            return count;
        } finally {
            pending.forEach(left -> left.answer().cancel(true));
        }
    }

    private void take(BatchLine line) throws IOException, InterruptedException {
        BatchOutput.Earlier earlier = pending.isEmpty() ? output.earlier(line.id()) : BatchOutput.Earlier.NONE;
        long number = count.lines() + pending.size() + 1;
        BatchRequest request = null;
        AnswerLine unread = null;
        try {
            request = line.bytes() == null ? null : BatchRequest.read(line.bytes());
        } catch (Error e) {
            // Such as no memory for its body: others may be smaller.
            unread = BatchEngine.failed(line.id(), null, e);
        }
        String customId = request == null ? null : request.customId();
        boolean isRepeated = customId != null && number <= MOST_LINES && !seen.add(customId);
        if (earlier != BatchOutput.Earlier.NONE) {
            count = count.with(earlier == BatchOutput.Earlier.FAILED, true);
            progress.note(count);
            return;
        }
        if (unread == null && number > MOST_LINES) {
            unread = refused(line, customId, tooMany());
        }
        await(
                line,
                customId,
                unread != null ? CompletableFuture.completedFuture(unread) : answer(line, request, isRepeated));
    }

    private Future<AnswerLine> answer(BatchLine line, BatchRequest request, boolean isRepeated)
            throws IOException, InterruptedException {
        AnswerLine refusal = null;
        if (request == null) {
            refusal = refused(line, null, tooLong(line));
        } else if (request.fault() != null) {
            refusal = AnswerLine.failed(line.id(), request.customId(), OpenAiError.of(request.fault()));
        } else if (isRepeated) {
            refusal = AnswerLine.failed(
                    line.id(),
                    request.customId(),
                    OpenAiError.of(new InvalidRequestException(
                            "custom_id", "is that of an earlier line of this file: give each line its own")));
        }
        if (refusal != null) {
            return CompletableFuture.completedFuture(refusal);
        }
        while (!pending.isEmpty() && (pending.size() >= window || held + line.length() > longestLine)) {
            writeFirst();
        }
        return threads.submit(() -> engine.answer(line.id(), request));
    }

    private void await(BatchLine line, String customId, Future<AnswerLine> answer)
            throws IOException, InterruptedException {
        long bytes = line.bytes() == null || answer.isDone() ? 0 : line.length();
        held += bytes;
        pending.add(new Pending(answer, line.id(), customId, bytes));
        while (!pending.isEmpty()
                && (pending.size() > window || pending.peek().answer().isDone())) {
            writeFirst();
        }
    }

    private void writeFirst() throws IOException, InterruptedException {
        Pending first = pending.peek();
        AnswerLine answer;
        try {
            answer = awaited(first.answer());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException) {
                throw new InterruptedException("The application stops");
            }
            // Without the memory to say so then.
            answer = BatchEngine.failed(first.id(), first.customId(), e.getCause());
        } catch (CancellationException e) {
            // Its thread has ended before its turn came.
            throw new InterruptedException("The application stops");
        }
        output.write(answer.text());
        pending.remove();
        held -= first.bytes();
        count = count.with(answer.isFailure(), false);
        progress.note(count);
    }

    /** A thread pool that the context ends lets go of what had no turn, and tells nothing of it. */
    private AnswerLine awaited(Future<AnswerLine> answer) throws ExecutionException, InterruptedException {
        while (true) {
            try {
                return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (threads.isTerminated() && !answer.isDone()) {
                    throw new InterruptedException("The application stops");
                }
            }
        }
    }

    private static AnswerLine refused(BatchLine line, String customId, String message) {
        return AnswerLine.failed(
                line.id(),
                customId,
                new OpenAiError(
                        413,
                        new OpenAiError.Detail(
                                OptionNames.in(message), "invalid_request_error", null, "request_too_large")));
    }

    private String tooLong(BatchLine line) {
        return String.format(
                Locale.ROOT,
                "The line has %,d bytes, more than the %,d allowed: send fewer or smaller pictures, or raise api.max-body"
                        + " and the heap",
                line.length(),
                longestLine);
    }

    private static String tooMany() {
        return String.format(Locale.ROOT, "The batch has more than %,d lines: split it", MOST_LINES);
    }
}
