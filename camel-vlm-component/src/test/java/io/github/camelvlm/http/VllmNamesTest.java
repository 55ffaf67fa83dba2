package io.github.camelvlm.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VllmNamesTest {
    private static String added(String... lines) {
        String scraped = String.join("\n", lines) + "\n";
        assertThat(VllmNames.added(scraped)).startsWith(scraped);
        return VllmNames.added(scraped).substring(scraped.length());
    }

    @Test
    void areAddedToThoseThatBothHave() {
        assertThat(added(
                        "# HELP vlm_prompt_tokens_total Tokens",
                        "# TYPE vlm_prompt_tokens_total counter",
                        "vlm_prompt_tokens_total{model_name=\"m\"} 5.0",
                        "vlm_queue_places 3.0",
                        "jvm_threads 7.0"))
                .isEqualTo("""
                        # HELP vllm:prompt_tokens_total Tokens
                        # TYPE vllm:prompt_tokens_total counter
                        vllm:prompt_tokens_total{model_name="m"} 5.0
                        """);
    }

    @Test
    void tellAFamilyAsOneWithoutTheGreatestOfLate() {
        assertThat(added(
                        "# TYPE vlm_time_to_first_token_seconds histogram",
                        "vlm_time_to_first_token_seconds_bucket{le=\"1.0\"} 1",
                        "vlm_time_to_first_token_seconds_count 1",
                        "vlm_time_to_first_token_seconds_sum 0.5",
                        "# TYPE vlm_time_to_first_token_seconds_max gauge",
                        "vlm_time_to_first_token_seconds_max 0.5"))
                .isEqualTo("""
                        # TYPE vllm:time_to_first_token_seconds histogram
                        vllm:time_to_first_token_seconds_bucket{le="1.0"} 1
                        vllm:time_to_first_token_seconds_count 1
                        vllm:time_to_first_token_seconds_sum 0.5
                        """);
    }

    @Test
    void areToldAsOlderDashboardsAskForThemToo() {
        assertThat(added("vlm_kv_cache_usage_perc 0.25"))
                .isEqualTo("vllm:kv_cache_usage_perc 0.25\nvllm:gpu_cache_usage_perc 0.25\n");
    }
}
