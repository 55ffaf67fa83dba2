package io.github.camelvlm.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Does what Jinja's lexer does at <code>{{-</code>, <code>-}}</code> and the like: takes away the white space up to the
 * text before or after, and the minus. Jinjava leaves the indentation before an expression where a block begins, as every
 * line of Qwen3-VL's chat template has it.
 */
final class WhitespaceControl {
    private static final Pattern END_OF_RAW = Pattern.compile("\\{%[-+]?\\s*endraw\\s*[-+]?%}");

    private final String source;
    private final StringBuilder result = new StringBuilder();
    private boolean stripsWhatFollows;

    private WhitespaceControl(String source) {
        this.source = source;
    }

    /** The same template without white space control. What is not closed stays as it is. */
    static String apply(String source) {
        return new WhitespaceControl(source).apply();
    }

    private String apply() {
        int at = 0;
        for (int tag = nextTag(0); tag >= 0; tag = nextTag(at)) {
            int end = end(tag);
            if (end < 0) {
                break;
            }
            boolean stripsWhatPrecedes = source.charAt(tag + 2) == '-' && end > tag + 4;
            text(source.substring(at, tag), stripsWhatPrecedes);
            String inside = source.substring(stripsWhatPrecedes ? tag + 3 : tag + 2, end - 2);
            stripsWhatFollows = inside.endsWith("-");
            inside = stripsWhatFollows ? inside.substring(0, inside.length() - 1) : inside;
            result.append(source, tag, tag + 2).append(inside).append(source, end - 2, end);
            at = source.charAt(tag + 1) == '%' && inside.strip().equals("raw") ? endOfRaw(end) : end;
        }
        text(source.substring(at), false);
        return result.toString();
    }

    private void text(String text, boolean isStrippedAtItsEnd) {
        String left = stripsWhatFollows ? text.stripLeading() : text;
        result.append(isStrippedAtItsEnd ? left.stripTrailing() : left);
        stripsWhatFollows = false;
    }

    /** Copies what no tag is looked for in, and says where that ends. */
    private int endOfRaw(int start) {
        Matcher end = END_OF_RAW.matcher(source);
        int rawEnd = end.find(start) ? end.start() : source.length();
        text(source.substring(start, rawEnd), false);
        return rawEnd;
    }

    private int nextTag(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** The place after a tag's end, which is not looked for in texts in quotes; -1 if there is none. */
    private int end(int tag) {
        char kind = source.charAt(tag + 1);
        String close = (kind == '{' ? '}' : kind) + "}";
        char quote = 0;
        for (int i = tag + 2; i < source.length() - 1; i++) {
            char c = source.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (kind != '#' && (c == '\'' || c == '"')) {
                quote = c;
            } else if (source.startsWith(close, i)) {
                return i + 2;
            }
        }
        return -1;
    }
}
