package io.github.camelvlm.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.github.camelvlm.chat.ContextLengthException;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.torch.DjlSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Turns text into token ids and tokens into bytes, as the model's {@code tokenizer.json} says.
 *
 * <p>Safe for use by many threads: the native tokenizer does not change after it is loaded but for a cache with its own
 * lock, and closing waits for those who encode.
 */
public final class Tokenizer implements AutoCloseable {

    /**
     * The most characters (UTF-16 units) encoded at once: eight for each of the 131,072 tokens of the longest context.
     * It bounds time and memory, and the native library ends the JVM if a run of ten million spaces reaches its regular
     * expressions.
     */
    public static final int MAX_TEXT_LENGTH = 1 << 20;

    private static final byte[] NO_BYTES = {};
    private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

    static {
        DjlSettings.apply();
    }

    private final HuggingFaceTokenizer nativeTokenizer;
    private final Map<String, AddedToken> addedTokens;
    private final boolean[] special;
    private final byte[][] bytesById;
    private final int longestTokenBytes;
    private final AddedTokenSplitter specialTokens;
    private final AddedTokenSplitter otherAddedTokens;
    private final ReadWriteLock closing = new ReentrantReadWriteLock();
    private boolean closed;

    private Tokenizer(HuggingFaceTokenizer nativeTokenizer, TokenizerFile file) {
        this.nativeTokenizer = nativeTokenizer;
        bytesById = file.bytesById();
        addedTokens =
                file.addedTokens().stream().collect(Collectors.toMap(AddedToken::content, token -> token, (a, b) -> b));
        special = new boolean[bytesById.length];
        addedTokens.values().forEach(token -> special[token.id()] = token.special());
        Map<Boolean, List<AddedToken>> bySpecial =
                addedTokens.values().stream().collect(Collectors.partitioningBy(AddedToken::special));
        specialTokens = new AddedTokenSplitter(bySpecial.get(true));
        otherAddedTokens = new AddedTokenSplitter(bySpecial.get(false));
        int longest = 0;
        for (byte[] bytes : bytesById) {
            longest = Math.max(longest, bytes.length);
        }
        longestTokenBytes = longest;
    }

    /**
     * Loads the tokenizer of a model. It holds native memory until it is closed.
     *
     * @param directory the model directory, which holds {@code tokenizer.json}
     * @throws ModelLoadException if the file is missing or broken, or the native library is not to be had here
     */
    public static Tokenizer load(Path directory) {
        TokenizerFile file = TokenizerFile.read(directory);
        // Truncation and padding are on by default, to 512 tokens.
        Map<String, String> options = Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");
        try {
            return new Tokenizer(
                    HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(file.nativeJson()), options), file);
        } catch (IOException | RuntimeException e) {
            throw new ModelLoadException(
                    directory.resolve("tokenizer.json") + " cannot be loaded, use the model's own file: "
                            + e.getMessage(),
                    e);
        } catch (LinkageError e) {
            throw new ModelLoadException(
                    "The native tokenizer library cannot be loaded on this machine; it is made for Linux (x86-64 and"
                            + " ARM, glibc), macOS (ARM) and Windows (x86-64): " + e.getMessage(),
                    e);
        }
    }

    /**
     * Encodes text in which added tokens, the special ones too, are recognized. Nothing is put before or after.
     *
     * @throws ContextLengthException if the text is longer than {@link #MAX_TEXT_LENGTH}
     * @throws EngineUnavailableException if the tokenizer is closed
     */
    public int[] encode(String text) {
        return encode(text, UnaryOperator.identity());
    }

    /**
     * Encodes text in which special tokens are never recognized: they are characters like others. Added tokens that are
     * not special still are, as in transformers.
     *
     * @throws ContextLengthException if the text is longer than {@link #MAX_TEXT_LENGTH}
     * @throws EngineUnavailableException if the tokenizer is closed
     */
    public int[] encodeText(String text) {
        requireEncodable(text);
        IntStream.Builder ids = IntStream.builder();
        encodeText(text, ids);
        return ids.build().toArray();
    }

    /** Recognizes special tokens, then applies {@code mapping} to the text between them, in which none is recognized. */
    int[] encode(String text, UnaryOperator<String> mapping) {
        requireEncodable(mapping.apply(text));
        IntStream.Builder ids = IntStream.builder();
        specialTokens.split(text, piece -> encodeText(mapping.apply(piece), ids), ids::add);
        return ids.build().toArray();
    }

    private static void requireEncodable(String text) {
        if (text.length() > MAX_TEXT_LENGTH) {
            throw tooLong(text.length());
        }
    }

    /** The refusal of {@code length} characters of text. */
    static ContextLengthException tooLong(long length) {
        return new ContextLengthException(String.format(
                Locale.ROOT,
                "hold %,d characters of text, but no context holds more than %,d: shorten them",
                length,
                MAX_TEXT_LENGTH));
    }

    private void encodeText(String text, IntStream.Builder ids) {
        otherAddedTokens.split(text, piece -> encodeNatively(piece, ids), ids::add);
    }

    private void encodeNatively(String text, IntStream.Builder ids) {
        // UTF-8 cannot write half a surrogate pair, and the native library makes three characters of it.
        String wellFormed = LONE_SURROGATE.matcher(text).replaceAll("\uFFFD");
        Lock reading = closing.readLock();
        reading.lock();
        try {
            if (closed) {
                throw new EngineUnavailableException("The model's tokenizer is closed: start its Camel context again");
            }
            // HuggingFaceTokenizer.encode also makes an object per token for its text and place, which is not needed.
            long encoding = TokenizersLibrary.LIB.encode(nativeTokenizer.getHandle(), wellFormed, false);
            try {
                for (long id : TokenizersLibrary.LIB.getTokenIds(encoding)) {
                    ids.add((int) id);
                }
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        } finally {
            reading.unlock();
        }
    }

    /** The id of an added token such as {@code <|image_pad|>}, or empty if this model has none written so. */
    public OptionalInt idOf(String addedToken) {
        AddedToken token = addedTokens.get(addedToken);
        return token == null ? OptionalInt.empty() : OptionalInt.of(token.id());
    }

    /**
     * The bytes that a token stands for, perhaps only a part of a UTF-8 character.
     *
     * @param id any id; one that no token has, as in the padding that models append to the vocabulary, has no bytes
     */
    public byte[] bytesOf(int id) {
        return id >= 0 && id < bytesById.length ? bytesById[id].clone() : NO_BYTES;
    }

    /** A token as the vocabulary writes it; empty for an id that no token has. */
    public String entryOf(int id) {
        return ByteLevelBpe.entryOf(bytesOf(id));
    }

    /** Whether a token steers the model and is left out of answers. */
    public boolean isSpecial(int id) {
        return id >= 0 && id < special.length && special[id];
    }

    /** One more than the highest id of a token. The model may have more, which stand for nothing. */
    public int vocabularySize() {
        return bytesById.length;
    }

    /** The most bytes that one token stands for: n tokens never make more than n times as many bytes. */
    public int longestTokenBytes() {
        return longestTokenBytes;
    }

    /** The contents of the special tokens. */
    List<String> specialTokens() {
        return addedTokens.values().stream()
                .filter(AddedToken::special)
                .map(AddedToken::content)
                .toList();
    }

    @Override
    public void close() {
        Lock writing = closing.writeLock();
        writing.lock();
        try {
            closed = true;
            nativeTokenizer.close();
        } finally {
            writing.unlock();
        }
    }
}
