package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionAssistantMessageParam;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own client for Java, as anybody uses it. */
class OpenAiClientTest {
    private static RunningService service;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of(
                "api.key", "secret",
                "api.allow-private-addresses", "true",
                "vlm.max-sequences", "1",
                "vlm.queue-length", "0"));
        client = service.openAi("secret");
    }

    @AfterAll
    static void stop() {
        client.close();
        service.close();
    }

    private static ChatCompletionCreateParams.Builder ask(String question, String... pictures) throws Exception {
        List<ChatCompletionContentPart> parts = new ArrayList<>();
        for (String picture : pictures) {
            parts.add(ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                    .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                            .url(picture.contains(":") ? picture : Conversations.dataUrl(picture))
                            .build())
                    .build()));
        }
        parts.add(ChatCompletionContentPart.ofText(
                ChatCompletionContentPartText.builder().text(question).build()));
        return ChatCompletionCreateParams.builder()
                .model("shapes-vl")
                .temperature(0)
                .maxCompletionTokens(64)
                .addUserMessageOfArrayOfContentParts(parts);
    }

    @Test
    void describesAPicture() throws Exception {
        ChatCompletion completion = client.chat()
                .completions()
                .create(ask("Describe this image.", "one-shape.png").build());

        assertThat(completion.choices().get(0).message().content()).contains(Goldens.caption("one-shape.png"));
        assertThat(completion.choices().get(0).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(completion.usage().orElseThrow().completionTokens()).isPositive();
        assertThat(completion.model()).isEqualTo("shapes-vl");
    }

    @Test
    void describesAPictureInPieces() throws Exception {
        ChatCompletionCreateParams params = ask("Describe this image.", "one-shape.png")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        try (StreamResponse<ChatCompletionChunk> response =
                client.chat().completions().createStreaming(params)) {
            List<ChatCompletionChunk> chunks = response.stream().toList();

            assertThat(chunks.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .flatMap(choice -> choice.delta().content().stream())
                            .collect(Collectors.joining()))
                    .isEqualTo(Goldens.caption("one-shape.png"));
            assertThat(chunks.get(chunks.size() - 1).usage().orElseThrow().completionTokens())
                    .isPositive();
        }
    }

    @Test
    void looksAtSeveralPictures() throws Exception {
        ChatCompletion one = client.chat()
                .completions()
                .create(ask("Describe.", "one-shape.png").build());
        ChatCompletion two = client.chat()
                .completions()
                .create(ask("Describe.", "one-shape.png", "one-shape.png").build());

        assertThat(two.usage().orElseThrow().promptTokens())
                .isGreaterThan(one.usage().orElseThrow().promptTokens() + 10);
    }

    @Test
    void takesToolsTheirCallsAndTheirResults() throws Exception {
        long without = client.chat()
                .completions()
                .create(ask("Describe this image.", "one-shape.png").build())
                .usage()
                .orElseThrow()
                .promptTokens();
        ChatCompletion completion = client.chat()
                .completions()
                .create(ask("Describe this image.", "one-shape.png")
                        .addTool(ChatCompletionFunctionTool.builder()
                                .function(FunctionDefinition.builder()
                                        .name("paint")
                                        .parameters(FunctionParameters.builder()
                                                .putAdditionalProperty("type", JsonValue.from("object"))
                                                .build())
                                        .build())
                                .build())
                        .addMessage(ChatCompletionAssistantMessageParam.builder()
                                .addToolCall(ChatCompletionMessageFunctionToolCall.builder()
                                        .id("call_1")
                                        .function(ChatCompletionMessageFunctionToolCall.Function.builder()
                                                .name("paint")
                                                .arguments("{}")
                                                .build())
                                        .build())
                                .build())
                        .addMessage(ChatCompletionToolMessageParam.builder()
                                .toolCallId("call_1")
                                .content("painted")
                                .build())
                        .build());

        // The small model was never taught to call one; it reads them all the same.
        assertThat(completion.choices().get(0).message().toolCalls()).isEmpty();
        assertThat(completion.usage().orElseThrow().promptTokens()).isGreaterThan(without + 100);
    }

    @Test
    void namesAPictureByItsUrl() throws Exception {
        byte[] picture = Files.readAllBytes(Goldens.picture("one-shape.png"));
        HttpServer pictures = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        pictures.createContext("/one-shape.png", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "image/png");
            exchange.sendResponseHeaders(200, picture.length);
            exchange.getResponseBody().write(picture);
            exchange.close();
        });
        pictures.start();
        try {
            String url = "http://localhost:" + pictures.getAddress().getPort() + "/one-shape.png";

            ChatCompletion completion = client.chat()
                    .completions()
                    .create(ask("Describe this image.", url).build());

            assertThat(completion.choices().get(0).message().content()).contains(Goldens.caption("one-shape.png"));
        } finally {
            pictures.stop(0);
        }
    }

    @Test
    void throwsBadRequestForAValueOutOfRange() {
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(ask("Hi").temperature(9).build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class, e -> assertThat(e.param()).contains("temperature"));
    }

    @Test
    void throwsBadRequestForAPictureThatIsNone() {
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(ask("Hi", "data:image/png;base64,AAAA").build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class, e -> assertThat(e.code()).contains("invalid_image"));
    }

    @Test
    void throwsUnauthorizedForAWrongKey() {
        try (OpenAIClientHandle stranger = new OpenAIClientHandle(service.openAi("wrong"))) {
            assertThatThrownBy(() -> stranger.client()
                            .chat()
                            .completions()
                            .create(ask("Hi").build()))
                    .isInstanceOf(UnauthorizedException.class);
        }
    }

    @Test
    void throwsNotFoundForWhatIsNotServed() {
        assertThatThrownBy(() -> client.files().list()).isInstanceOf(NotFoundException.class);
    }

    @Test
    void throwsRateLimitWhenTheQueueIsFull() throws Exception {
        ChatCompletionCreateParams endless = ask("Hi")
                .maxCompletionTokens(3900)
                .putAdditionalBodyProperty("ignore_eos", JsonValue.from(true))
                .build();
        try (StreamResponse<ChatCompletionChunk> running =
                client.chat().completions().createStreaming(endless)) {
            running.stream().findFirst();

            assertThatThrownBy(
                            () -> client.chat().completions().create(ask("Hi").build()))
                    .isInstanceOf(RateLimitException.class);
        }
        Await.until("the place is free again", () -> service.requestsInHand() == 0);
    }

    @Test
    void throwsInternalServerErrorForAnAnswerThatTakesTooLongWithoutAskingAgain() throws Exception {
        try (RunningService hurried = new RunningService(Map.of("api.time-limit", "20"));
                OpenAIClientHandle handle = new OpenAIClientHandle(OpenAIOkHttpClient.builder()
                        .baseUrl("http://localhost:" + hurried.port() + "/v1")
                        .apiKey("none")
                        .build())) {
            assertThatThrownBy(() -> handle.client()
                            .chat()
                            .completions()
                            .create(ask("Hi")
                                    .maxCompletionTokens(3900)
                                    .putAdditionalBodyProperty("ignore_eos", JsonValue.from(true))
                                    .build()))
                    .isInstanceOf(InternalServerException.class)
                    .extracting(e -> ((OpenAIServiceException) e).statusCode())
                    .isEqualTo(504);
            assertThat(hurried.metric("vlm_request_success_total{finished_reason=\"time_limit\""))
                    .isEqualTo(1);
        }
    }

    /** Closes a client, which is no AutoCloseable itself. */
    private record OpenAIClientHandle(OpenAIClient client) implements AutoCloseable {
        @Override
        public void close() {
            client.close();
        }
    }
}
