package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.UnusableAnswerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What came of the pages of a document.
 *
 * @param list what was made of each answer, in their order; null where there is none
 * @param failures why there is none, by the place in the list, from 1
 * @param cuts why an answer ended that the model did not end, by the place in the list, from 1
 */
public record PageResults(List<Object> list, Map<Integer, String> failures, Map<Integer, String> cuts) {

    /**
     * Makes results of answers.
     *
     * @param result makes one; where it throws an {@link UnusableAnswerException}, that page has none
     */
    public static PageResults of(List<PageAnswer> pages, Function<Completion, Object> result) {
        List<Object> list = new ArrayList<>();
        Map<Integer, String> failures = new TreeMap<>();
        Map<Integer, String> cuts = new TreeMap<>();
        for (PageAnswer page : pages) {
            Object made = null;
            String failure = page.failure();
            if (page.completion() != null) {
                try {
                    made = result.apply(page.completion());
                } catch (UnusableAnswerException e) {
                    failure = e.getMessage();
                }
            }
            list.add(made);
            if (page.completion() != null && page.completion().finishReason() != FinishReason.STOP) {
                cuts.put(list.size(), page.completion().finishReason().wireName());
            }
            if (failure != null) {
                failures.put(list.size(), failure);
            }
        }
        return new PageResults(list, failures, cuts);
    }
}
