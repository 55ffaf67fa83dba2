package io.github.camelvlm.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import io.github.camelvlm.chat.TokenLogprob;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How sure a model was of the values in its JSON: the least probability of the tokens that a value is written with. */
public final class FieldConfidence {
    private final byte[] bytes;
    /** Of the token that each byte is of. */
    private final double[] logprobs;

    private FieldConfidence(List<TokenLogprob> tokens) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        tokens.forEach(token -> all.writeBytes(token.bytes()));
        bytes = all.toByteArray();
        logprobs = new double[bytes.length];
        int at = 0;
        for (TokenLogprob token : tokens) {
            for (int i = 0; i < token.bytes().length; i++) {
                logprobs[at++] = token.logprob();
            }
        }
    }

    /**
     * The probabilities of the values, objects and lists apart, in the order in which they stand.
     *
     * @param tokens those of an answer; what follows its JSON, such as the token that ended it, is passed over
     * @return by the value's JSON Pointer, the empty one if the answer is a single value; as many as are whole if the answer
     *     was cut or is no JSON in UTF-8
     */
    public static Map<String, Double> of(List<TokenLogprob> tokens) {
        return new FieldConfidence(tokens).read();
    }

    private Map<String, Double> read() {
        Map<String, Double> fields = new LinkedHashMap<>();
        try (JsonParser json = Json.parser(bytes)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token.isScalarValue()) {
                    long start = json.currentTokenLocation().getByteOffset();
                    if (start < 0) {
                        // Taken for UTF-16 or UTF-32, whose places are not told in bytes.
                        break;
                    }
                    // Where a string ends is known only once it is read.
                    json.getTextLength();
                    JsonPointer place = json.getParsingContext().pathAsPointer();
                    fields.put(place.toString(), least((int) start, (int) end(json, token)));
                }
                if (json.getParsingContext().inRoot()) {
                    // What ended the answer follows.
                    break;
                }
            }
        } catch (IOException e) {
            // A value whose end is not there is of no answer.
            return fields;
        }
        return fields;
    }

    /** The parser stands behind a string's quote, and one byte further than a number that something follows. */
    private long end(JsonParser json, JsonToken token) {
        long end = json.currentLocation().getByteOffset();
        return token.isNumeric() && end > 0 && !isOfNumber(bytes[(int) end - 1]) ? end - 1 : end;
    }

    private static boolean isOfNumber(byte character) {
        return character >= '0' && character <= '9' || "+-.eE".indexOf(character) >= 0;
    }

    private double least(int start, int end) {
        double least = 0;
        for (int i = start; i < end; i++) {
            least = Math.min(least, logprobs[i]);
        }
        return Math.exp(least);
    }
}
