package io.github.camelvlm.routes.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.VlmConstants;
import io.github.camelvlm.exchange.PageAnswer;
import io.github.camelvlm.exchange.PageLog;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** What is known of the pages of a document, an entry each, in their order. */
public final class PageReport implements PageLog {
    /** Between the texts of two pages, as programs that take the text out of a PDF have it. */
    private static final String NEXT_PAGE = "\n\f";

    private static final String ID = "id";
    private static final String FAILURE = "failure";
    private static final String FINISH_REASON = "finish_reason";
    private static final String STOP = "stop";

    private final List<ObjectNode> pages = new ArrayList<>();
    private final boolean isData;
    private final PageLines lines;
    private String document;

    /** How many pages are wanted. */
    private int all;

    /**
     * @param isData whether pages are asked for JSON
     * @param lines where entries are kept for another run
     */
    public PageReport(boolean isData, PageLines lines) {
        this.isData = isData;
        this.lines = lines;
    }

    /** The report of a message's document; null if it has none, such as one of a picture. */
    static PageReport of(Message message) {
        Exchange exchange = message.getExchange();
        PageReport report = exchange == null ? null : exchange.getProperty(VlmConstants.PAGE_LOG, PageReport.class);
        return report == null || report.pages.isEmpty() ? null : report;
    }

    @Override
    public int begin(String digest, int[] wanted) {
        document = digest;
        pages.clear();
        lines.begin();
        for (int page : wanted) {
            String line = lines.earlier("{\"" + ID + "\":\"" + id(page) + "\",");
            ObjectNode known = line == null ? null : read(line);
            if (known == null) {
                break;
            }
            pages.add(known);
        }
        all = wanted.length;
        lines.note(pages.size(), all);
        return pages.size();
    }

    private String id(int page) {
        return document + "-" + page;
    }

    /** Null for a line that a crash has damaged: its page is asked about again. */
    private static ObjectNode read(String line) {
        try {
            if (PageEntry.READER.readTree(line) instanceof ObjectNode page) {
                page.remove(ID);
                return page;
            }
            return null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    @Override
    public void add(PageAnswer answer) {
        ObjectNode page = PageEntry.of(answer, isData);
        ObjectNode line = page.objectNode().put(ID, id(answer.page()));
        line.setAll(page);
        lines.write(line.toString());
        pages.add(page);
        lines.note(pages.size(), all);
    }

    @Override
    public boolean hasAnswer() {
        return pages.stream().anyMatch(page -> !page.has(FAILURE));
    }

    /** The entries. */
    List<ObjectNode> pages() {
        return List.copyOf(pages);
    }

    /** What was said of the pages; nothing of those that failed. */
    String text() {
        return pages.stream().map(PageReport::text).collect(Collectors.joining(NEXT_PAGE));
    }

    private static String text(JsonNode page) {
        return page.has("data")
                ? page.get("data").toString()
                : page.path("caption").asText();
    }

    /** Why pages failed, a sentence each, which names the page, by their places in the document, from 1. */
    SortedMap<Integer, String> failures() {
        return byPlace(page -> page.path(FAILURE).asText(null));
    }

    /** Why answers ended that the model did not end, by the places of their pages, from 1. */
    SortedMap<Integer, String> cuts() {
        return byPlace(page -> {
            String reason = page.path(FINISH_REASON).asText(STOP);
            return reason.equals(STOP) ? null : reason;
        });
    }

    /** What is told of some of the pages, and null of the others. */
    private SortedMap<Integer, String> byPlace(Function<JsonNode, String> telling) {
        SortedMap<Integer, String> told = new TreeMap<>();
        for (int i = 0; i < pages.size(); i++) {
            String text = telling.apply(pages.get(i));
            if (text != null) {
                told.put(i + 1, text);
            }
        }
        return told;
    }

    /** Why the first page ended that was not whole; {@code stop} if all were. */
    String finishReason() {
        return cuts().values().stream().findFirst().orElse(STOP);
    }

    /** A number of all pages together. */
    long sum(String object, String field) {
        return pages.stream()
                .mapToLong(page -> page.path(object).path(field).asLong())
                .sum();
    }

    /** The pages that failed, by their numbers. */
    int[] failedPages() {
        return pages.stream()
                .filter(page -> page.has(FAILURE))
                .mapToInt(page -> page.get("page").asInt())
                .toArray();
    }
}
