package io.github.camelvlm.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells metrics a second time under vLLM's own names, which hold a colon, so that what was made for vLLM reads them. */
final class VllmNames {
    private static final Pattern LINE = Pattern.compile("(# (?:HELP|TYPE) )?vlm_([a-z0-9_]+)(.*)");

    /** Ours without its prefix, and vLLM's: the present one, and an older one that dashboards still ask for. */
    private static final Map<String, String[]> NAMES = names();

    private VllmNames() {}

    private static Map<String, String[]> names() {
        Map<String, String[]> names = new LinkedHashMap<>();
        for (String same : new String[] {
            "num_requests_running",
            "num_requests_waiting",
            "prompt_tokens_total",
            "generation_tokens_total",
            "prefix_cache_queries_total",
            "prefix_cache_hits_total",
            "mm_cache_queries_total",
            "mm_cache_hits_total",
            "spec_decode_num_drafts_total",
            "spec_decode_num_draft_tokens_total",
            "spec_decode_num_accepted_tokens_total",
            "request_success_total",
            "time_to_first_token_seconds",
            "inter_token_latency_seconds",
            "e2e_request_latency_seconds",
            "request_prompt_tokens",
            "request_generation_tokens"
        }) {
            names.put(same, new String[] {same});
        }
        names.put("kv_cache_usage_perc", new String[] {"kv_cache_usage_perc", "gpu_cache_usage_perc"});
        names.put(
                "request_time_per_output_token_seconds",
                new String[] {"request_time_per_output_token_seconds", "time_per_output_token_seconds"});
        return names;
    }

    /** What Prometheus reads, and behind it those metrics again that vLLM has too. */
    static String added(String scraped) {
        Map<String, StringBuilder> families = new LinkedHashMap<>();
        scraped.lines().forEach(line -> add(line, families));
        StringBuilder all = new StringBuilder(scraped);
        families.values().forEach(all::append);
        return all.toString();
    }

    private static void add(String line, Map<String, StringBuilder> families) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return;
        }
        String head = matcher.group(1) == null ? "" : matcher.group(1);
        String name = matcher.group(2);
        String family = NAMES.containsKey(name) ? name : name.replaceFirst("_(bucket|count|sum|max)$", "");
        // The greatest of late is Micrometer's alone.
        if (!NAMES.containsKey(family) || name.equals(family + "_max")) {
            return;
        }
        for (String theirs : NAMES.get(family)) {
            families.computeIfAbsent(theirs, added -> new StringBuilder())
                    .append(head)
                    .append("vllm:")
                    .append(theirs)
                    .append(name.substring(family.length()))
                    .append(matcher.group(3))
                    .append('\n');
        }
    }
}
