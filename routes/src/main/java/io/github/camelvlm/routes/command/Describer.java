package io.github.camelvlm.routes.command;

import io.github.camelvlm.VlmConstants;
import io.github.camelvlm.routes.batch.Batches;
import io.github.camelvlm.routes.report.AskedForm;
import io.github.camelvlm.routes.report.CaptionJson;
import io.github.camelvlm.routes.report.Documents;
import io.github.camelvlm.routes.report.OptionNames;
import io.github.camelvlm.routes.start.StartFailure;
import io.github.camelvlm.routes.start.StartListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/**
 * The application with neither routes nor HTTP: the same properties, and one {@code vlm:describe} that is given pictures,
 * as many at once as the engine answers together.
 */
final class Describer implements AutoCloseable {
    /** Of a line while the engine cannot answer: some two minutes. */
    private static final int TRIES = 10;

    private final Main main = new Main();
    private final CaptionJson json = new CaptionJson();
    private final Documents documents = new Documents();
    private final AskedForm form = new AskedForm();
    private Endpoint endpoint;
    private Producer producer;
    private String prompt;
    private ExecutorService threads;
    private Batches batches;

    /**
     * Asks for captions of a form, whatever the properties say of it; to be called before the start. One is given, the
     * others are null.
     */
    void ask(Path schema, String choices, String regex) {
        main.addOverrideProperty("vlm.json-schema", schema == null ? "" : schema.toString());
        main.addOverrideProperty("vlm.choices", Objects.toString(choices, ""));
        main.addOverrideProperty("vlm.regex", Objects.toString(regex, ""));
    }

    /**
     * Loads the model.
     *
     * @param model the model, or null for that of the properties
     * @param prompt the question, or null for that of the properties
     * @param maxTokens the most tokens of a caption, or null for those of the properties
     * @throws Exception if there is no such model, or it cannot be loaded
     */
    void start(String model, String prompt, Integer maxTokens) throws Exception {
        set("vlm.model", model);
        set("vlm.prompt", prompt);
        set("vlm.max-tokens", maxTokens);
        set("vlm.folder", false);
        // Nothing is to be stopped in good order: an interrupt ends the process at once.
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        main.configure().setRoutesCollectorEnabled(false);
        StartListener.addTo(main);
        main.start();
        CamelContext context = main.getCamelContext();
        this.prompt = context.resolvePropertyPlaceholders("{{vlm.prompt}}");
        threads =
                Executors.newFixedThreadPool(Integer.parseInt(context.resolvePropertyPlaceholders("{{vlm.at-once}}")));
        documents.setPerPage(Boolean.parseBoolean(context.resolvePropertyPlaceholders("{{vlm.per-page}}")));
        form.setCamelContext(context);
        form.setEngine(context.resolvePropertyPlaceholders("{{vlm.engine}}"));
        form.setJsonSchema(context.resolvePropertyPlaceholders("{{vlm.json-schema}}"));
        form.setChoices(context.resolvePropertyPlaceholders("{{vlm.choices}}"));
        form.setRegex(context.resolvePropertyPlaceholders("{{vlm.regex}}"));
        form.start();
        endpoint = context.getEndpoint("vlm:describe?maxTokens={{vlm.max-tokens}}");
        producer = endpoint.createProducer();
        producer.start();
    }

    private void set(String name, Object value) {
        if (value != null) {
            main.addOverrideProperty(name, value.toString());
        }
    }

    /** Describes a picture as soon as it is its turn; what goes wrong is told in the description. */
    Future<Description> describe(PictureArgument picture) {
        return threads.submit(() -> {
            try {
                Exchange exchange = exchange(picture);
                documents.begin(exchange.getMessage());
                producer.process(exchange);
                Message answer = exchange.getMessage();
                documents.end(answer);
                boolean isWhole = Documents.failures(answer).isEmpty();
                return new Description(
                        picture.name(), answer.getBody(String.class), json.writeLine(answer), isWhole, null);
            } catch (Exception | Error e) {
                return new Description(picture.name(), null, null, false, OptionNames.in(StartFailure.message(e)));
            }
        });
    }

    /** What answers batches by the same model, as many of their requests at once. */
    Batches batches() throws Exception {
        CamelContext context = main.getCamelContext();
        batches = new Batches();
        batches.setCamelContext(context);
        batches.setAtOnce(Integer.parseInt(context.resolvePropertyPlaceholders("{{vlm.at-once}}")));
        batches.setMaxBody(Long.parseLong(context.resolvePropertyPlaceholders("{{api.max-body}}")));
        batches.setTries(TRIES);
        return batches;
    }

    private Exchange exchange(PictureArgument picture) throws Exception {
        Exchange exchange = endpoint.createExchange();
        Message message = exchange.getMessage();
        Object body = picture.body();
        message.setBody(body);
        message.setHeader(VlmConstants.PROMPT, prompt);
        form.askIn(message);
        message.setHeader(Exchange.FILE_NAME, picture.name());
        if (body instanceof byte[] bytes) {
            message.setHeader(Exchange.FILE_LENGTH, (long) bytes.length);
        } else if (body instanceof Path path && Files.exists(path)) {
            message.setHeader(Exchange.FILE_LENGTH, Files.size(path));
        }
        return exchange;
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.shutdownNow();
        }
        if (batches != null) {
            batches.close();
        }
        main.stop();
    }
}
