package io.github.camelvlm.document;

import io.github.camelvlm.chat.InvalidRequestException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which pages of a document are wanted, such as {@code 1-3,7,last}; in their order, each once. */
public final class PageSelection {
    /** All pages of a document. */
    public static final PageSelection ALL = new PageSelection("pages", "all");

    private static final Pattern RANGE = Pattern.compile("([1-9][0-9]{0,8}|last)(?:-([1-9][0-9]{0,8}|last)?)?");

    private final String field;
    private final String text;

    private PageSelection(String field, String text) {
        this.field = field;
        this.text = text;
    }

    /**
     * Reads a selection: numbers from 1, ranges, which may be open at their end, {@code last}, or {@code all}.
     *
     * @param field what errors call it
     * @throws InvalidRequestException if it is none
     */
    public static PageSelection of(String field, String text) {
        PageSelection selection = new PageSelection(field, text.replaceAll("\\s", ""));
        for (String part : selection.parts()) {
            if (!part.equals("all") && !RANGE.matcher(part).matches()) {
                throw new InvalidRequestException(
                        field, "must be page numbers such as 1-3,7,last, or all, but is \"" + text + "\"");
            }
        }
        return selection;
    }

    private String[] parts() {
        return text.split(",", -1);
    }

    /**
     * The numbers of the pages, from 1.
     *
     * @param count how many the document has
     * @param most how many may be wanted
     * @throws InvalidRequestException if it has none that is named, or more are wanted
     */
    int[] of(int count, int most) {
        Set<Integer> pages = new LinkedHashSet<>();
        for (String part : parts()) {
            Matcher range = RANGE.matcher(part);
            int first = 1;
            int last = count;
            if (range.matches()) {
                first = number(range.group(1), count);
                last = part.indexOf('-') < 0 ? first : range.group(2) == null ? count : number(range.group(2), count);
            }
            if (first > count || last > count || first > last) {
                throw new InvalidRequestException(
                        field, "names " + part + ", but the document has " + count + " pages");
            }
            for (int page = first; page <= last; page++) {
                pages.add(page);
                if (pages.size() > most) {
                    throw new InvalidRequestException(
                            field,
                            "are more than the " + most + " that are taken at once, of " + count
                                    + ": choose some by the option pages, or raise maxPages");
                }
            }
        }
        return pages.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int number(String text, int count) {
        return text.equals("last") ? count : Integer.parseInt(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
