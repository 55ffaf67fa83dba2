package io.github.camelvlm.model;

import io.github.camelvlm.chat.ContextLengthException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A prompt that is being put together, which never becomes longer than its context. For one thread. */
final class PromptBuilder {
    private final int contextLength;
    private final List<PromptPicture> pictures = new ArrayList<>();
    private final List<PromptVisual> visuals = new ArrayList<>();
    private int[] ids;
    private int at;
    /** Of all that there will be, as far as is known. */
    private int length;

    /**
     * @param length the tokens of the rendered template, in which each picture is one
     * @param contextLength the most tokens that a prompt and its answer may have together
     * @throws ContextLengthException if that leaves no room for an answer
     */
    PromptBuilder(int length, int contextLength) {
        this.contextLength = contextLength;
        this.length = length;
        requireFits(length, contextLength);
        ids = new int[length];
    }

    /** Adds a token of text. */
    void add(int id) {
        ids[at++] = id;
    }

    /** The index of the next token. */
    int next() {
        return at;
    }

    /**
     * Adds a picture, or two frames, in the place of one token of the rendered template.
     *
     * @param picture whose first token is {@link #next}
     * @param id what stands for each of its tokens
     * @throws ContextLengthException if the prompt leaves no room for an answer
     */
    void addPicture(PromptPicture picture, int id) {
        length += picture.tokens() - 1;
        requireFits(length, contextLength);
        append(picture, id);
        addVisual(picture, 1, 0);
    }

    /**
     * Adds frames that follow each other without text between them, in the place of one token of the rendered template.
     *
     * @param pairs two frames each, all of one size, at least one; the first token of the first is {@link #next}
     * @param id what stands for each of their tokens
     * @param seconds the time from one pair to the next
     * @throws ContextLengthException if the prompt leaves no room for an answer
     */
    void addPairs(List<PromptPicture> pairs, int id, double seconds) {
        length += pairs.stream().mapToInt(PromptPicture::tokens).sum() - 1;
        requireFits(length, contextLength);
        pairs.forEach(pair -> append(pair, id));
        addVisual(pairs.get(0), pairs.size(), seconds);
    }

    private void append(PromptPicture picture, int id) {
        ids = ids.length < length ? Arrays.copyOf(ids, length) : ids;
        Arrays.fill(ids, at, at + picture.tokens(), id);
        at += picture.tokens();
        pictures.add(picture);
    }

    private void addVisual(PromptPicture first, int steps, double seconds) {
        visuals.add(new PromptVisual(
                first.firstToken(),
                steps,
                first.image().gridHeight(),
                first.image().gridWidth(),
                seconds));
    }

    /** The prompt, with the positions that a family gives its tokens. */
    CompiledPrompt build(VisionInput vision) {
        return new CompiledPrompt(ids, vision.positions(ids.length, visuals), pictures);
    }

    /** @throws ContextLengthException if a prompt of so many tokens leaves no room for an answer */
    static void requireFits(long tokens, int contextLength) {
        if (tokens >= contextLength) {
            throw new ContextLengthException("are too long: the prompt has " + tokens
                    + " tokens or more, and the context holds " + contextLength
                    + " with the answer. Shorten the text, send fewer or smaller pictures (maxPixels) or fewer frames of"
                    + " videos, or raise contextLength");
        }
    }
}
