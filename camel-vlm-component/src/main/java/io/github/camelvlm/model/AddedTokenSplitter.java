package io.github.camelvlm.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds added tokens in text, from left to right, the longest that fits at each place. Safe for use by many threads. */
final class AddedTokenSplitter {
    private final Map<String, Integer> ids;
    private final Pattern anyToken;

    AddedTokenSplitter(Collection<AddedToken> tokens) {
        ids = tokens.stream().collect(Collectors.toMap(AddedToken::content, AddedToken::id));
        String alternatives = tokens.stream()
                .map(AddedToken::content)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        anyToken = alternatives.isEmpty() ? null : Pattern.compile(alternatives);
    }

    /**
     * Gives out the tokens in {@code text} and the text around them, in order.
     *
     * @param onText takes each text between tokens, never an empty one
     * @param onToken takes the id of each token
     */
    void split(String text, Consumer<String> onText, IntConsumer onToken) {
        int textStart = 0;
        if (anyToken != null) {
            Matcher matcher = anyToken.matcher(text);
            while (matcher.find()) {
                if (matcher.start() > textStart) {
                    onText.accept(text.substring(textStart, matcher.start()));
                }
                onToken.accept(ids.get(matcher.group()));
                textStart = matcher.end();
            }
        }
        if (textStart < text.length()) {
            onText.accept(text.substring(textStart));
        }
    }
}
