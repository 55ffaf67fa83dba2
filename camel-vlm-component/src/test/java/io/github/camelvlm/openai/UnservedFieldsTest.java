package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.InvalidRequestException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnservedFieldsTest {

    private static ChatCompletionRequest read(String field) {
        return ChatCompletionReader.read("{'messages': [], %s}".formatted(field).replace('\'', '"'));
    }

    /** Each with a value that changes the answer, and one that does not; null never does. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "best_of                    | 3                           | 1",
                "use_beam_search            | true                        | false",
                "length_penalty             | 0.5                         | 1.0",
                "early_stopping             | true                        | false",
                "echo                       | true                        | false",
                "watermarking               | true                        | false",
                "truncate_prompt_tokens     | 100                         | null",
                "logits_processors          | ['x']                       | []",
                "logprob_token_ids          | [5]                         | []",
                "vllm_xargs                 | {'a': 1}                    | {}",
                "return_tokens_as_token_ids | true                        | false",
                "return_token_ids           | true                        | false",
                "return_prompt_text         | true                        | false",
                "documents                  | [{'title': 'a', 'text': ''}] | []",
                "chat_template              | '{{ messages }}'            | null",
                "chat_template_kwargs       | {'add_vision_id': true}     | {'enable_thinking': false}",
                "media_io_kwargs            | {'image': {'rgba_background_color': [0, 0, 0]}} | {'video': {'num_frames': 4}}",
                "guided_grammar             | 'x'                         | null",
                "structural_tag             | 'x'                         | null",
                "functions                  | [{'name': 'f'}]             | []",
                "function_call              | {'name': 'f'}               | 'none'",
                "audio                      | {'voice': 'alloy'}          | null",
                "modalities                 | ['text', 'audio']           | ['text']",
                "web_search_options         | {}                          | null",
                "verbosity                  | 'low'                       | 'medium'",
                "guided_whitespace_pattern  | '[ ]'                       | null",
                "response_format            | {'type': 'structural_tag'}  | {'type': 'text'}",
                "use_beam_search            | 'yes'                       | null",
                "length_penalty             | '1'                         | null",
            })
    void refusesByNameWhatWouldChangeTheAnswer(String field, String value, String neutral) {
        assertThatThrownBy(() -> read("'" + field + "': " + value))
                .isInstanceOfSatisfying(InvalidRequestException.class, e -> {
                    assertThat(e.field()).isEqualTo(field);
                    assertThat(e.code()).isEqualTo("unsupported_value");
                })
                .hasMessageStartingWith(field + " ");
        assertThat(read("'" + field + "': " + neutral)).isEqualTo(read("'" + field + "': null"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'store': true",
                "'service_tier': 'flex'",
                "'safety_identifier': 'x'",
                "'prompt_cache_key': 'x'",
                "'prediction': {'type': 'content', 'content': 'x'}",
                "'reasoning_effort': 'low'",
                "'add_special_tokens': true",
                "'spaces_between_special_tokens': false",
                "'priority': 5",
                "'request_id': 'x'",
                "'stream_interval': 4",
                "'cache_salt': 'x'",
                "'guided_decoding_backend': 'xgrammar'",
                "'guided_json': {}",
                "'guided_choice': []",
                "'response_format': null",
                "'what_is_this': [1]"
            })
    void passesOverWhatChangesNothing(String field) {
        assertThat(read(field)).isEqualTo(read("'x': 1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"grammar | 'x'", "structural_tag | 'x'", "whitespace_pattern | '[ ]'", "something_new | 1"})
    void refusesFormsThatItDoesNotKnow(String form, String value) {
        assertThatThrownBy(() -> read("'structured_outputs': {'regex': 'a', '" + form + "': " + value + "}"))
                .isInstanceOfSatisfying(InvalidRequestException.class, e -> {
                    assertThat(e.field()).isEqualTo("structured_outputs." + form);
                    assertThat(e.code()).isEqualTo("unsupported_value");
                });
        assertThat(read("'structured_outputs': {'regex': 'a', '" + form + "': null}"))
                .isEqualTo(read("'structured_outputs': {'regex': 'a'}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"size      | {'longest_edge': 50176}", "do_resize | false"})
    void refusesSettingsOfPicturesThatItDoesNotHave(String setting, String value) {
        assertThatThrownBy(() -> read("'mm_processor_kwargs': {'max_pixels': 50176, '" + setting + "': " + value + "}"))
                .hasMessage("mm_processor_kwargs." + setting + " is not served here: min_pixels and max_pixels are");
        assertThat(read("'mm_processor_kwargs': {'" + setting + "': null}").mmProcessorKwargs())
                .isEqualTo(new MmProcessorKwargs(null, null));
    }
}
