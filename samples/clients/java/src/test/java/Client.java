import java.util.List;

/** What a client for Java is tried with: a question and a picture in one message. */
interface Client {
    String describe(String question, boolean isTextFirst);

    /** As {@link #describe}, streamed: the words in the pieces in which they came. */
    List<String> describeInPieces(String question, boolean isTextFirst);

    /** Runs the tool for the calls that the model makes, until it answers in words: gives those. */
    String record(String request, boolean isTextFirst, Shapes shapes);

    /** As {@link #record}, streamed. */
    String recordInPieces(String request, boolean isTextFirst, Shapes shapes);
}
