package io.github.camelvlm;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.Box;
import io.github.camelvlm.chat.BoxForm;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Comparison;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.exchange.AnnotatedPicture;
import io.github.camelvlm.exchange.AnswerForm;
import io.github.camelvlm.exchange.AnswerHeaders;
import io.github.camelvlm.exchange.AskedForms;
import io.github.camelvlm.exchange.Classification;
import io.github.camelvlm.exchange.ConversationHistory;
import io.github.camelvlm.exchange.Detection;
import io.github.camelvlm.exchange.ExtractedData;
import io.github.camelvlm.exchange.ListedModels;
import io.github.camelvlm.exchange.PageAnswer;
import io.github.camelvlm.exchange.PageResults;
import io.github.camelvlm.exchange.PictureBodies;
import io.github.camelvlm.exchange.PictureUrls;
import io.github.camelvlm.exchange.RequestMapper;
import io.github.camelvlm.exchange.ServedNames;
import io.github.camelvlm.exchange.SystemFingerprint;
import io.github.camelvlm.exchange.TokenOperations;
import io.github.camelvlm.metrics.EngineObserver;
import io.github.camelvlm.observation.ObservedAnswer;
import io.github.camelvlm.openai.BoxReader;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.ChatRequestMapper;
import io.github.camelvlm.openai.ChunkStream;
import io.github.camelvlm.openai.FieldConfidence;
import io.github.camelvlm.openai.FoundBox;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.ResponseMetadata;
import io.github.camelvlm.registry.VlmEngines;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;

/** Sends messages to the engine and writes its answers into them. */
public class VlmProducer extends DefaultProducer {
    private final PictureBodies pictures;
    private PictureUrls urls;
    private RequestMapper requests;
    private Detection detection;
    private Classification classification;
    private TokenOperations tokens;
    private ExtractedData data;
    private EngineObserver observer;
    private List<HealthCheck> ownChecks = List.of();
    private WritableHealthCheckRepository healthChecks;

    public VlmProducer(VlmEndpoint endpoint) {
        super(endpoint);
        pictures = new PictureBodies(
                endpoint.getConfiguration().getMaxImageBytes(),
                endpoint.getConfiguration().getMaxImages());
    }

    @Override
    public VlmEndpoint getEndpoint() {
        return (VlmEndpoint) super.getEndpoint();
    }

    private VlmComponent component() {
        return (VlmComponent) getEndpoint().getComponent();
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        switch (getEndpoint().getOperation()) {
            case describe, extract, classify, detect, chat -> observe(exchange);
            case models ->
                answer(
                        ListedModels.of(
                                getEndpoint().getConfiguration(),
                                message,
                                getEndpoint().engine()),
                        message);
            case tokenize -> answer(tokens.tokenize(message, getEndpoint().engine()), message);
            case detokenize -> answer(tokens.detokenize(message, getEndpoint().engine()), message);
        }
    }

    private void observe(Exchange exchange) throws Exception {
        ObservedAnswer observed = new ObservedAnswer(getEndpoint(), observer);
        AnswerHeaders.remove(exchange.getMessage());
        try {
            switch (getEndpoint().getOperation()) {
                case describe -> describe(exchange, observed);
                case extract -> extract(exchange, observed);
                case classify -> classify(exchange, observed);
                case detect -> detect(exchange, observed);
                default -> chat(exchange, observed);
            }
        } catch (Exception | Error e) {
            observed.failed(e);
            throw e;
        }
    }

    private void describe(Exchange exchange, ObservedAnswer observed) throws InterruptedException {
        Message message = exchange.getMessage();
        ConversationHistory conversation = conversation(exchange);
        String question = conversation.question();
        List<EncodedImage> images = question != null ? List.of() : pictures.read(message.getBody(), exchange);
        String adapter = chosen(null, message, observed);
        ResponseMetadata metadata = metadata(null, adapter);
        boolean isStreamed = requests.isStreamed(null, message);
        conversation.requireRoomFor(images.size());
        if (!images.isEmpty() && requests.isPerPage(message)) {
            Function<EncodedImage, ChatRequest> ask = page -> requests.describe(List.of(page), null, message)
                    .withAdapter(adapter)
                    .withLogprobsIfTold();
            answerPages(images, ask, Completion::text, metadata, exchange, observed);
            return;
        }
        ChatRequest asked = requests.describe(images, question, message).withAdapter(adapter);
        ChatRequest counted = isStreamed ? asked : asked.withLogprobsIfTold();
        List<Generation> generations = begin(conversation.before(counted), 1, message);
        if (isStreamed) {
            stream(new ChunkStream(generations, 1, metadata, false, null), exchange, observed);
        } else {
            Completion completion = await(generations).get(0);
            observed.ended(List.of(completion));
            AnswerHeaders.write(List.of(completion), metadata, message);
            if (asked.sampling().format() instanceof AnswerFormat.Json) {
                tellFields(completion, message);
            }
            conversation.add(asked, completion);
            keep(ChatCompletion.of(List.of(completion.withoutLogprobs()), metadata), exchange);
            message.setBody(completion.text());
        }
    }

    /** Makes of the body the list of what was answered about its pages, null where there is no answer. */
    private void answerPages(
            List<EncodedImage> files,
            Function<EncodedImage, ChatRequest> question,
            Function<Completion, Object> result,
            ResponseMetadata metadata,
            Exchange exchange,
            ObservedAnswer observed)
            throws InterruptedException {
        Message message = exchange.getMessage();
        List<PageAnswer> pages = requests.askAboutPages(getEndpoint().engine(), files, question, message);
        List<Completion> completions = pages.stream()
                .map(PageAnswer::completion)
                .filter(Objects::nonNull)
                .toList();
        observed.ended(completions);
        AnswerHeaders.write(completions, metadata, message);
        PageResults results = PageResults.of(pages, result);
        if (!results.failures().isEmpty()) {
            message.setHeader(VlmConstants.PAGE_FAILURES, results.failures());
        }
        keep(ChatCompletion.of(completions, metadata), exchange);
        message.setBody(results.list());
    }

    private static void tellFields(Completion completion, Message message) {
        if (!completion.logprobs().isEmpty()) {
            message.setHeader(VlmConstants.FIELD_CONFIDENCE, FieldConfidence.of(completion.logprobs()));
        }
    }

    private void extract(Exchange exchange, ObservedAnswer observed) throws InterruptedException {
        Message message = exchange.getMessage();
        AnswerForm form = requests.dataForm(message);
        ConversationHistory conversation = conversation(exchange);
        String question = conversation.question();
        List<EncodedImage> images = question != null ? List.of() : pictures.read(message.getBody(), exchange);
        String adapter = chosen(null, message, observed);
        ResponseMetadata metadata = metadata(null, adapter);
        conversation.requireRoomFor(images.size());
        if (!images.isEmpty() && requests.isPerPage(message)) {
            Function<EncodedImage, ChatRequest> ask =
                    page -> requests.extract(List.of(page), null, form, message).withAdapter(adapter);
            Integer maxTokens = getEndpoint().getConfiguration().getMaxTokens();
            answerPages(images, ask, page -> data.of(page, form, maxTokens), metadata, exchange, observed);
            return;
        }
        ChatRequest asked = requests.extract(images, question, form, message).withAdapter(adapter);
        Completion completion =
                await(begin(conversation.before(asked), 1, message)).get(0);
        observed.ended(List.of(completion));
        AnswerHeaders.write(List.of(completion), metadata, message);
        tellFields(completion, message);
        keep(ChatCompletion.of(List.of(completion), metadata), exchange);
        Object extracted = data.of(completion, form, asked.sampling().maxTokens());
        conversation.add(asked, completion);
        message.setBody(extracted);
    }

    private void classify(Exchange exchange, ObservedAnswer observed) throws InterruptedException {
        Message message = exchange.getMessage();
        List<String> choices = classification.choices(message);
        List<EncodedImage> images = pictures.read(message.getBody(), exchange);
        String adapter = chosen(null, message, observed);
        ResponseMetadata metadata = metadata(null, adapter);
        ChatRequest asked = classification.question(images, choices, message).withAdapter(adapter);
        Comparison comparison = getEndpoint().engine().compare(asked, choices, RequestMapper.cancellation(message));
        List<Completion> answers = List.of(comparison.answer());
        observed.ended(answers);
        AnswerHeaders.write(answers, metadata, message);
        message.setHeader(VlmConstants.SCORES, Classification.scores(choices, comparison));
        keep(ChatCompletion.of(answers, metadata), exchange);
        message.setBody(comparison.answer().text());
    }

    private void detect(Exchange exchange, ObservedAnswer observed) throws InterruptedException {
        Message message = exchange.getMessage();
        EncodedImage picture = Detection.one(pictures.read(message.getBody(), exchange));
        String adapter = chosen(null, message, observed);
        ModelInfo info = getEndpoint().engine().of(adapter).info();
        ResponseMetadata metadata = metadata(null, adapter);
        List<Completion> answers = new ArrayList<>();
        // One after the other, so that all but the first take over what was computed of the picture.
        for (ChatRequest question : detection.questions(picture, info, message)) {
            answers.addAll(await(begin(question.withAdapter(adapter).withLogprobsIfTold(), 1, message)));
        }
        List<Completion> whole =
                List.of(answers.stream().reduce(Completion::and).orElseThrow());
        observed.ended(whole);
        AnswerHeaders.write(whole, metadata, message);
        keep(ChatCompletion.of(List.of(whole.get(0).withoutLogprobs()), metadata), exchange);
        List<Box> boxes = Detection.boxes(answers, info);
        if (getEndpoint().getConfiguration().isAnnotate()) {
            byte[] drawn =
                    new AnnotatedPicture(getEndpoint().getConfiguration().getMaxImagePixels()).draw(picture, boxes);
            message.setHeader(VlmConstants.BOXES, FoundBox.maps(boxes));
            message.setHeader(Exchange.CONTENT_TYPE, "image/png");
            message.setBody(drawn);
        } else {
            message.setBody(FoundBox.maps(boxes));
        }
    }

    private void chat(Exchange exchange, ObservedAnswer observed) throws InterruptedException {
        Message message = exchange.getMessage();
        ChatCompletionRequest request = requests.read(message);
        String adapter = chosen(request.model(), message, observed);
        ResponseMetadata metadata = metadata(request.model(), adapter);
        int answers = ChatRequestMapper.answers(request);
        observed.answers(answers);
        // All that can be refused is looked at before anything runs.
        boolean isStreamed = requests.isStreamed(request.stream(), message);
        if (isStreamed && request.promptLogprobs() != null) {
            throw new InvalidRequestException(
                    "prompt_logprobs", "are not told with a streamed answer: set stream to false", "unsupported_value");
        }
        ConversationHistory conversation = conversation(exchange);
        conversation.requireRoomFor(request.pictures());
        BoxForm form = request.areBoxesWanted()
                ? BoxReader.form(getEndpoint().engine().of(adapter).info(), "boxes")
                : null;
        List<ChatRequest> prompts = requests.chats(request, message);
        ChatRequest asked = prompts.get(0).withAdapter(adapter);
        ChatRequest whole = conversation.before(asked);
        if (form != null) {
            BoxReader.requireOnePicture(whole);
        }
        List<ChatRequest> wholes = new ArrayList<>(List.of(whole));
        prompts.stream().skip(1).map(prompt -> prompt.withAdapter(adapter)).forEach(wholes::add);
        List<Generation> generations = begin(wholes, answers, message);
        if (isStreamed) {
            stream(
                    new ChunkStream(generations, answers, metadata, request.isUsageIncluded(), form),
                    exchange,
                    observed);
        } else {
            List<Completion> completions = await(generations);
            observed.ended(completions);
            AnswerHeaders.write(completions, answers, metadata, message);
            message.setHeader(VlmConstants.RESPONSE_ID, metadata.id());
            conversation.add(asked, completions.get(0));
            ChatCompletion completion = ChatCompletion.of(completions, metadata, form, answers);
            keep(completion, exchange);
            answer(completion, message);
        }
    }

    private ConversationHistory conversation(Exchange exchange) {
        return new ConversationHistory(getEndpoint().getConfiguration(), urls, exchange);
    }

    private void keep(ChatCompletion answer, Exchange exchange) {
        if (getEndpoint().getConfiguration().isStoreFullResponse()) {
            exchange.setProperty(VlmConstants.RESPONSE, answer);
        }
    }

    private List<Generation> begin(ChatRequest request, int answers, Message message) {
        return getEndpoint().engine().generate(request, answers, RequestMapper.cancellation(message));
    }

    /** The answers to all of these requests, or none. */
    private List<Generation> begin(List<ChatRequest> prompts, int answers, Message message) {
        List<Generation> begun = new ArrayList<>();
        try {
            for (ChatRequest prompt : prompts) {
                begun.addAll(begin(prompt, answers, message));
            }
            return begun;
        } catch (RuntimeException | Error e) {
            begun.forEach(Generation::cancel);
            throw e;
        }
    }

    private static List<Completion> await(List<Generation> generations) throws InterruptedException {
        try {
            List<Completion> completions = new ArrayList<>();
            for (Generation generation : generations) {
                completions.add(generation.await());
            }
            return completions;
        } finally {
            // An interrupted route leaves no generation running that nobody reads.
            generations.forEach(Generation::cancel);
        }
    }

    private static void stream(ChunkStream chunks, Exchange exchange, ObservedAnswer observed) {
        // Whoever reads the chunks does so within the exchange; nothing runs on for one that has gone.
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                chunks.close();
                observed.streamed(chunks.completions(), done);
            }
        });
        Message message = exchange.getMessage();
        message.setHeader(VlmConstants.RESPONSE_MODEL, chunks.metadata().model());
        message.setHeader(VlmConstants.RESPONSE_ID, chunks.metadata().id());
        message.setBody(chunks);
    }

    private static void answer(JsonBody answer, Message message) {
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setBody(answer);
    }

    /** @throws io.github.camelvlm.chat.ModelNotServedException if the request asks for another model */
    private ResponseMetadata metadata(String model, String adapter) {
        ModelInfo info = getEndpoint().engine().info();
        String name = served(info).require(model);
        return ResponseMetadata.create(
                adapter == null ? name : adapter,
                SystemFingerprint.of(getEndpoint().engine().of(adapter).info()));
    }

    /** What answers: an adapter, or one of several models; null for the model as it is. */
    private String chosen(String model, Message message, ObservedAnswer observed) {
        VlmEngine engine = getEndpoint().engine();
        String chosen = served(engine.info()).chosen(model, requests.adapter(message));
        observed.asked(engine.of(chosen).model());
        return chosen;
    }

    private ServedNames served(ModelInfo info) {
        return ServedNames.of(getEndpoint().getConfiguration(), info);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        urls = PictureUrls.of(getEndpoint().getConfiguration(), component().keptMedia());
        AskedForms forms =
                new AskedForms(getEndpoint().getConfiguration(), getEndpoint().getCamelContext());
        requests = new RequestMapper(getEndpoint().getConfiguration(), urls, forms);
        data = new ExtractedData(getEndpoint().getCamelContext());
        detection = new Detection(getEndpoint().getConfiguration(), requests);
        classification = new Classification(requests);
        tokens = new TokenOperations(getEndpoint().getConfiguration(), requests);
        observer = VlmEngines.of(getEndpoint().getCamelContext()).observer();
        requests.requireValid();
        switch (getEndpoint().getOperation()) {
            case detect -> detection.requireValid();
            case extract -> requests.requireDataForm();
            case classify -> classification.requireValid();
            default -> {}
        }
        requireTimeToStop();
        registerHealthCheck();
        if (!getEndpoint().getConfiguration().isLazyStart()
                && !Interception.isSkipped(getEndpoint())
                && !component().isRouteToStartLater()) {
            requireServed(getEndpoint().engine(), forms.of(null));
            requireKnownAdapters();
        }
    }

    /** A form that answers cannot be held to is one fault of the route, and not one of each message. */
    private static void requireServed(VlmEngine engine, AnswerForm form) {
        if (form != null) {
            engine.requireServed(form.format());
        }
    }

    /** Of servers elsewhere it is not known which they have. */
    private void requireKnownAdapters() {
        VlmConfiguration options = getEndpoint().getConfiguration();
        boolean hasAdapters = options.getAdapters() != null || options.getAdapter() != null;
        if (hasAdapters && !options.getEngine().equals("remote")) {
            ServedNames served = served(getEndpoint().engine().info());
            String chosen = requests.adapter(null);
            if (chosen != null && !served.adapters().contains(chosen)) {
                throw new IllegalArgumentException(
                        "adapter is " + chosen + ", which adapters does not name: add " + chosen + "=DIRECTORY to it");
            }
        }
    }

    private void requireTimeToStop() {
        long timeout = getEndpoint().getConfiguration().getShutdownTimeout();
        if (timeout < 0) {
            throw new IllegalArgumentException("shutdownTimeout must not be negative, but is " + timeout + " ms");
        }
    }

    private void registerHealthCheck() {
        healthChecks = HealthCheckHelper.getHealthCheckRepository(
                getEndpoint().getCamelContext(), "producers", WritableHealthCheckRepository.class);
        if (healthChecks != null) {
            ownChecks = List.of(new VlmHealthCheck(getEndpoint()), new VlmLivenessCheck(getEndpoint()));
            for (HealthCheck check : ownChecks) {
                check.setEnabled(component().isHealthCheckProducerEnabled());
                healthChecks.addHealthCheck(check);
            }
        }
    }

    @Override
    protected void doStop() throws Exception {
        ownChecks.forEach(check -> healthChecks.removeHealthCheck(check));
        ownChecks = List.of();
        if (urls != null) {
            urls.close();
        }
        super.doStop();
    }
}
